import { HnncError } from "../errors.ts";
import type { Model, Parameter, Variable } from "../model.ts";

/** Where a named scalar or array starts in a flat vector. */
export interface Slot {
  readonly name: string;
  readonly offset: number;
  readonly shape: readonly number[];
  /** Number of entries: 1 for a scalar. */
  readonly size: number;
}

/** Where every name of a model stands in the state and in the parameter vector. */
export interface Layout {
  /** 2n: the length of the state `[q1 … qn, p1 … pn]`. */
  readonly dimension: number;
  /** n. */
  readonly degreesOfFreedom: number;
  /** Coordinates, then momenta; the momentum of the coordinate at offset k stands at n + k. */
  readonly state: ReadonlyMap<string, Slot>;
  readonly parameters: ReadonlyMap<string, Slot>;
  /** The length of the parameter vector. */
  readonly parameterCount: number;
}

/** Lays out a model's state and parameters. Arrays are row-major. */
export function layoutOf(model: Model): Layout {
  const state = place([...model.coordinates, ...model.momenta]);
  const parameters = place(model.parameters);
  const dimension = total(state);
  return {
    dimension,
    degreesOfFreedom: dimension / 2,
    state,
    parameters,
    parameterCount: total(parameters),
  };
}

function place(variables: readonly (Variable | Parameter)[]): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  let offset = 0;
  for (const { name, shape } of variables) {
    const size = shape.reduce((product, length) => product * length, 1);
    slots.set(name, { name, offset, shape, size });
    offset += size;
  }
  return slots;
}

function total(slots: ReadonlyMap<string, Slot>): number {
  let size = 0;
  for (const slot of slots.values()) size += slot.size;
  return size;
}

/** The entries of a slot as the language names them: `q`, or `q[1]`, `q[2]`, … row-major. */
export function entryNames({ name, shape, size }: Slot): string[] {
  if (shape.length === 0) return [name];
  return Array.from({ length: size }, (_, flat) => {
    const at: number[] = [];
    for (let rest = flat, k = shape.length - 1; k >= 0; k--) {
      at.unshift((rest % shape[k]!) + 1);
      rest = Math.floor(rest / shape[k]!);
    }
    return `${name}[${at.join(",")}]`;
  });
}

/** The defaults of all parameters, flat; `NaN` stands where the caller must give a value. */
export function parameterDefaults(model: Model): Float64Array {
  return Float64Array.from(
    model.parameters.flatMap(({ value, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      if (value === undefined) return new Array<number>(size).fill(Number.NaN);
      return typeof value === "number" ? new Array<number>(size).fill(value) : [...value];
    }),
  );
}

/** Refuses a model that cannot be evaluated: it still holds an unknown function. */
export function requireBound(model: Model): void {
  const [unknown] = model.unknownFunctions;
  if (!unknown) return;
  const { name, arity } = unknown;
  throw new HnncError({
    kind: "formula",
    code: "unknown-function",
    message: `\`${name}\` is an unknown function of ${arity} ${arity === 1 ? "argument" : "arguments"}: there is nothing to evaluate yet`,
    notes: [`unknown functions: ${model.unknownFunctions.map((each) => each.name).join(" ")}`],
    hint: `give it a body, such as \`${name}(${argumentNames(arity)}) = …\`, or \`${name} = 1\` if a product was meant`,
  });
}

function argumentNames(arity: number): string {
  return arity === 1 ? "u" : Array.from({ length: arity }, (_, k) => `u${k + 1}`).join(", ");
}
