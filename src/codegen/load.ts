import { jsParts } from "./js.ts";
import { dataLiteral } from "./names.ts";
import { parametersOf } from "./source.ts";
import type { EmitOptions, Quantity, Source } from "./target.ts";

/**
 * Parameters by name (an array row-major, or one number for all its entries), or all of them as one flat vector in the
 * order of `meta.parameters`. Those left out or `undefined` keep their defaults. In base units where the model has units.
 */
export type ParameterValues = Readonly<Record<string, number | readonly number[]>> | Float64Array;

/** A state `[q1 … qn, p1 … pn]`; arrays stand row-major. */
export type State = ArrayLike<number>;

/**
 * The functions of an emitted JS module, with its contract. They throw an `Error` for a parameter that is unknown, of
 * another shape, or missing without a default. For speed the lengths of `x` and `out` are the caller's affair: both are
 * 2n. `out` may be `x`, but no other view of its memory. A state that is not finite gives NaN or infinities, no error.
 *
 * @example
 * const { field } = compile("p^2/(2 m) - cos(q); m = 1");
 * const rate = new Float64Array(2);
 * field([0, 1], rate, { m: 2 }); // rate is [0.5, -0]
 */
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
 *
 * @param options.portable the bits of strict WebAssembly
 */
export function loadKernel<Q extends Quantity>(
  source: Source,
  quantity: Q,
  options: Pick<EmitOptions, "portable"> = {},
): Kernels[Q] {
  const { definitions, functions } = jsParts(source, options, [quantity]);
  const text = [
    '"use strict";',
    `const meta = { parameters: ${dataLiteral(parametersOf(source.model))} };`,
    ...definitions,
    ...functions,
    `return ${quantity};`,
  ].join("\n");
  return new Function(text)() as Kernels[Q];
}

const portableKernels = new WeakMap<Source, Map<Quantity, Kernels[Quantity]>>();

/** `loadKernel` with the bits of strict WebAssembly, made once a model. */
export function portableKernel<Q extends Quantity>(source: Source, quantity: Q): Kernels[Q] {
  const known = portableKernels.get(source) ?? new Map<Quantity, Kernels[Quantity]>();
  portableKernels.set(source, known);
  const kernel = known.get(quantity) ?? loadKernel(source, quantity, { portable: true });
  known.set(quantity, kernel);
  return kernel as Kernels[Q];
}

/** All three functions. */
export function loadKernels(source: Source): Kernels {
  return {
    hamiltonian: loadKernel(source, "hamiltonian"),
    gradient: loadKernel(source, "gradient"),
    field: loadKernel(source, "field"),
  };
}
