import { HnncError } from "../errors.ts";
import type { Model, Parameter } from "../model.ts";

/**
 * The model with other defaults.
 *
 * @param values by parameter name, in base units where the model has units; an array for an array parameter
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
  const entries = typeof value === "number" ? [value] : value;
  const fits = shape.length === 0 ? typeof value === "number" : typeof value !== "number" && value.length === size;
  if (fits && entries.every(Number.isFinite)) return value;
  const wanted = shape.length === 0 ? "one finite number" : `${size} finite numbers`;
  throw new HnncError({
    kind: "usage",
    code: "parameter-shape",
    message: `the parameter \`${name}\` needs ${wanted}`,
  });
}

function unknownParameter(name: string, { parameters }: Model): HnncError {
  return new HnncError({
    kind: "usage",
    code: "unknown-parameter",
    message: `the model has no parameter \`${name}\``,
    notes: [`parameters: ${parameters.map((each) => each.name).join(" ") || "none"}`],
  });
}
