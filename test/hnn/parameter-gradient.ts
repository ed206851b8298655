import { expect } from "vitest";
import { evaluateGraph, type Feeds } from "../../src/graph/evaluate.ts";
import { gradient } from "../../src/graph/gradient.ts";
import type { GraphNode, NodeOf } from "../../src/graph/graph.ts";

/** Central differences in f64: step² · third derivative + 1e-16/step, both about 1e-10. */
const step = 1e-5;
export const differenceTolerance = 1e-8;

/** Compares every entry of ∂output/∂leaf with a central difference. */
export function expectGradient(output: GraphNode, leaf: NodeOf<"input">, feeds: Feeds, batch: number): void {
  const { name } = leaf.attributes;
  const values = Float64Array.from(feeds[name]!);
  const found = evaluateGraph(gradient(output, [leaf]), feeds, batch)[0]!.values;
  values.forEach((value, entry) => {
    const at = (moved: number) =>
      evaluateGraph([output], { ...feeds, [name]: values.with(entry, moved) }, batch)[0]!.values[0]!;
    const difference = (at(value + step) - at(value - step)) / (2 * step);
    const error = Math.abs(found[entry]! - difference) / (1 + Math.abs(difference));
    expect(error, `∂/∂${name}[${entry}]: ${found[entry]} and ${difference}`).toBeLessThan(differenceTolerance);
  });
}

/** Reproducible numbers of both signs, of order one. */
export function wave(count: number, start: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => Math.sin(start + 1.7 * k));
}
