import { parametersOf } from "../codegen/source.ts";
import { stateNames } from "../data/dataset.ts";
import { evaluate, type Values } from "../expr/evaluate.ts";
import type { Expr } from "../expr/expr.ts";
import { parse } from "../parser/parse.ts";
import { parseEventFormula } from "../simulation/event-formula.ts";
import type { Subject } from "./subject.ts";

/**
 * A formula as a function of state and time: in the words of the model, or of the columns alone where there is none.
 *
 * @throws HnncError kind `formula`, with the place
 */
export function sectionFunction(subject: Subject, formula: string): (state: Float64Array, t: number) => number {
  const { dataset, model } = subject;
  const names = stateNames(dataset);
  const expression: Expr = model
    ? parseEventFormula(model.model, formula)
    : parse(formula, { symbols: symbolsOf(names) });
  const constants: Record<string, number | readonly number[]> = {};
  for (const [name, value] of Object.entries(model ? parametersOf(model.model) : {})) {
    if (value !== null) constants[name] = value;
  }
  const arrays = arraysOf(names);
  return (state, t) => {
    const values: Record<string, Values[string]> = { ...constants, t };
    for (const [name, places] of arrays) {
      values[name] =
        places.length === 1 && names[places[0]!] === name ? state[places[0]!]! : places.map((at) => state[at]!);
    }
    return evaluate(expression, values);
  };
}

/** Entries `q[1]`, `q[2]` belong to the array `q`. */
function arraysOf(names: readonly string[]): Map<string, number[]> {
  const arrays = new Map<string, number[]>();
  for (const [at, name] of names.entries()) {
    const base = name.replace(/\[.*$/, "");
    const places = arrays.get(base);
    if (places) places.push(at);
    else arrays.set(base, [at]);
  }
  return arrays;
}

function symbolsOf(names: readonly string[]): Record<string, { shape?: readonly number[] }> {
  const symbols: Record<string, { shape?: readonly number[] }> = { t: {} };
  for (const [base, places] of arraysOf(names)) {
    const last = /\[([\d,]+)\]$/.exec(names[places.at(-1)!]!);
    symbols[base] = last ? { shape: last[1]!.split(",").map(Number) } : {};
  }
  return symbols;
}
