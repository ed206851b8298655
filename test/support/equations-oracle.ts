import { affine, affineValue, type Binder, type Index } from "../../src/expr/affine.ts";
import { evaluate, type UnknownFunctionValue, type Values } from "../../src/expr/evaluate.ts";
import { networkFunction } from "../../src/expr/evaluate-network.ts";
import { bindIndex } from "../../src/expr/reduce.ts";
import { type Layout, layoutOf } from "../../src/mechanics/layout.ts";
import type { Assignment, Model } from "../../src/model.ts";
import { randomNumbers } from "./random-numbers.ts";

/** H, its gradient and the field of a model by the interpreter and central differences alone: the other road. */
export interface Reference {
  readonly hamiltonian: number;
  readonly gradient: readonly number[];
  readonly field: readonly number[];
}

/** What the names of a model stand for at a state. */
export function valuesAt(model: Model, x: ArrayLike<number>, time: number): Values {
  const { state } = layoutOf(model);
  const values: Record<string, number | number[] | UnknownFunctionValue> = { t: time };
  for (const { name, shape, offset, size } of state.values()) {
    values[name] = shape.length === 0 ? x[offset]! : Array.from({ length: size }, (_, k) => x[offset + k]!);
  }
  for (const { name, value } of model.parameters) values[name] = value as number | number[];
  for (const [name, network] of model.networks ?? []) values[name] = networkFunction(network);
  return values;
}

/** @param step of the central differences; their error is about step² plus 1e-16/step */
export function reference(model: Model, x: readonly number[], time = 0, step = 1e-5): Reference {
  const energy = (at: readonly number[]) => evaluate(model.hamiltonian, valuesAt(model, at, time));
  const gradient = x.map((value, k) => {
    const moved = (to: number) => energy(x.map((old, j) => (j === k ? to : old)));
    return (
      (8 * (moved(value + step) - moved(value - step)) - (moved(value + 2 * step) - moved(value - 2 * step))) /
      (12 * step)
    );
  });
  const n = x.length / 2;
  const layout = layoutOf(model);
  const friction = ports(model.damping, model, layout, x, time);
  const push = ports(model.forces, model, layout, x, time);
  const forces = gradient.slice(0, n).map((slope, k) => -slope - friction[n + k]! * gradient[n + k]! + push[n + k]!);
  return { hamiltonian: energy(x), gradient, field: [...gradient.slice(n), ...forces] };
}

function ports(
  assignments: readonly Assignment[],
  model: Model,
  { state, dimension }: Layout,
  x: readonly number[],
  time: number,
): number[] {
  const out: number[] = new Array(dimension).fill(0);
  for (const { target, at, over, value } of assignments) {
    const { offset, shape } = state.get(target)!;
    forEach(over, (indices) => {
      let bound = value;
      for (const [index, number] of indices) bound = bindIndex(bound, index, affine(number));
      const flat = at.reduce((sum, each, k) => sum * shape[k]! + affineValue(each, indices) - 1, 0);
      out[offset + flat]! += evaluate(bound, valuesAt(model, x, time));
    });
  }
  return out;
}

function forEach(over: readonly Binder[], visit: (indices: ReadonlyMap<Index, number>) => void): void {
  const indices = new Map<Index, number>();
  const run = (level: number): void => {
    const binder = over[level];
    if (!binder) {
      visit(indices);
      return;
    }
    const skipped = binder.except.map((each) => affineValue(each, indices));
    for (let k = affineValue(binder.lo, indices); k <= affineValue(binder.hi, indices); k++) {
      if (skipped.includes(k)) continue;
      indices.set(binder.index, k);
      run(level + 1);
    }
  };
  run(0);
}

/** States with entries in (0.2, 0.9), where all the example models are defined. */
export function randomStates(model: Model, count: number, seed = 5): number[][] {
  const next = randomNumbers(seed);
  const { dimension } = layoutOf(model);
  return Array.from({ length: count }, () => Array.from({ length: dimension }, () => 0.2 + 0.7 * next()));
}
