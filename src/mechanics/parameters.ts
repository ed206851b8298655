import { HnncError } from "../errors.ts";
import type { Model, Parameter } from "../model.ts";

/**
 * The model with other defaults.
 *
 * @param values by parameter name, in base units where the model has units; an array for an array parameter, row-major,
 *   or one number for all its entries; those that are `undefined` keep their defaults
 * @throws HnncError `unknown-parameter` or `parameter-shape` (usage)
 */
export function withParameters(model: Model, values: Readonly<Record<string, number | readonly number[]>>): Model {
  const given = new Map(Object.entries(values));
  if (given.size === 0) return model;
  const parameters = model.parameters.map((parameter) => {
    const value = given.get(parameter.name);
    given.delete(parameter.name);
    return value === undefined ? parameter : { ...parameter, value: checked(parameter, value) };
  });
  const [unknown] = given.keys();
  if (unknown !== undefined) throw unknownParameter(unknown, model);
  return { ...model, parameters };
}

function checked({ name, shape }: Parameter, value: number | readonly number[]): number | readonly number[] {
  const size = shape.reduce((product, length) => product * length, 1);
  const wide = typeof value === "number" && shape.length > 0 ? new Array<number>(size).fill(value) : value;
  const entries = typeof wide === "number" ? [wide] : isVector(wide) ? Array.from(wide) : [];
  if (
    (typeof wide === "number") === (shape.length === 0) &&
    entries.length === size &&
    entries.every(Number.isFinite)
  ) {
    return shape.length === 0 ? wide : entries;
  }
  const wanted = shape.length === 0 ? "one finite number" : `${size} finite numbers`;
  throw new HnncError({
    kind: "usage",
    code: "parameter-shape",
    message: `the parameter \`${name}\` needs ${wanted}`,
  });
}

/** Callers without types may give anything. */
function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function unknownParameter(name: string, { parameters }: Model): HnncError {
  return new HnncError({
    kind: "usage",
    code: "unknown-parameter",
    message: `the model has no parameter \`${name}\``,
    notes: [`parameters: ${parameters.map((each) => each.name).join(" ") || "none"}`],
  });
}
