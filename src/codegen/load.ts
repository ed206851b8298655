import { jsParts } from "./js.ts";
import { metaLiteral } from "./names.ts";
import type { Quantity, Source } from "./target.ts";

/** Parameters by name, or the flat vector in the layout's order. Those left out keep their defaults. */
export type ParameterValues = Readonly<Record<string, number | readonly number[]>> | Float64Array;

/** A state `[q1 … qn, p1 … pn]`. */
export type State = ArrayLike<number>;

/** The functions of an emitted JS module, with its contract. */
export interface Kernels {
  /** H(x). */
  hamiltonian(x: State, params?: ParameterValues, t?: number): number;
  /** ∂H/∂x, written into `out` (a new array by default) and returned. */
  gradient(x: State, out?: Float64Array, params?: ParameterValues, t?: number): Float64Array;
  /** ẋ, written into `out` (a new array by default) and returned. */
  field(x: State, out?: Float64Array, params?: ParameterValues, t?: number): Float64Array;
}

/**
 * Runs one function of the JS target in this process. The text that is evaluated holds generated identifiers and
 * checked literals only (`names.ts`); a page whose content-security policy forbids `new Function` uses the wasm target
 * or an emitted file.
 */
export function loadKernel<Q extends Quantity>(source: Source, quantity: Q): Kernels[Q] {
  const { definitions, functions } = jsParts(source, {}, [quantity]);
  const text = [
    '"use strict";',
    `const meta = ${metaLiteral(source.meta)};`,
    ...definitions,
    ...functions,
    `return ${quantity};`,
  ].join("\n");
  return new Function(text)() as Kernels[Q];
}

/** All three functions. */
export function loadKernels(source: Source): Kernels {
  return {
    hamiltonian: loadKernel(source, "hamiltonian"),
    gradient: loadKernel(source, "gradient"),
    field: loadKernel(source, "field"),
  };
}
