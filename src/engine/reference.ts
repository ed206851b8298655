import { evaluateGraph, type Feeds } from "../graph/evaluate.ts";
import { inputsOf } from "../graph/graph.ts";
import { type Step, stepParts } from "../graph/step.ts";
import type { Engine, LoadedEngine, RepeatOptions, RepeatResult, Repetition } from "./engine.ts";
import { batchOf, dimsOf, valueFor } from "./feeds.ts";

const runtime = "the interpreter";

/** The interpreter of graphs in double precision: slow, and right by construction. */
export const reference: Engine = {
  name: "reference",
  description: "interpreter in plain JavaScript, f64: the meaning of a graph, for tests",
  precisions: ["f64"],
  load: async () => loaded,
};

const loaded: LoadedEngine = {
  name: "reference",
  runtime,
  threads: 1,
  precisions: ["f64"],
  compile: async (outputs, { fixed = {} }) => {
    const nodes = Object.values(outputs);
    const leaves = inputsOf(nodes);
    const kept = Object.fromEntries(Object.entries(fixed).map(([name, values]) => [name, Float64Array.from(values)]));
    return {
      run: async (given) => {
        const feeds = { ...given, ...kept };
        const batch = batchOf(leaves, feeds);
        for (const leaf of leaves) valueFor(leaf, feeds, batch);
        const values = evaluateGraph(nodes, feeds, batch);
        return Object.fromEntries(Object.keys(outputs).map((name, k) => [name, values[k]!]));
      },
      close: async () => undefined,
    };
  },
  repeat: async (step, options) => repetition(step, options),
  close: async () => undefined,
};

function repetition(step: Step, { batch = 1, state: first, fixed = {} }: RepeatOptions): Repetition {
  const { state, perStep, loss, healthy } = stepParts(step);
  const leaves = state.map(({ leaf }) => leaf);
  const take = (values: Feeds): Record<string, Float64Array> =>
    Object.fromEntries(leaves.map((leaf) => [leaf.attributes.name, Float64Array.from(valueFor(leaf, values, batch))]));
  let current = take(first);
  const run = async (count: number, given: Feeds = {}): Promise<RepeatResult> => {
    const rows = perStep.map((leaf) => Array.from(valueFor(leaf, given, batch, count)));
    const losses: number[] = [];
    for (let k = 0; k < count; k++) {
      const own = perStep.map(({ attributes: { name }, shape }, which): [string, number[]] => {
        const size = dimsOf(shape, batch).reduce((product, dim) => product * dim, 1);
        return [name, rows[which]!.slice(k * size, (k + 1) * size)];
      });
      const feeds = { ...fixed, ...current, ...Object.fromEntries(own) };
      const [value, fine, ...next] = evaluateGraph([loss, healthy, ...state.map((each) => each.next)], feeds, batch);
      losses.push(value!.values[0]!);
      if (fine!.values[0] !== 1) return { losses: Float64Array.from(losses), failed: k };
      current = Object.fromEntries(leaves.map(({ attributes: { name } }, at) => [name, next[at]!.values]));
    }
    return { losses: Float64Array.from(losses), failed: undefined };
  };
  return {
    choice: { engine: "reference", runtime, threads: 1 },
    stepTime: 0,
    run,
    state: async () => take(current),
    setState: async (values) => {
      current = take(values);
    },
    close: async () => undefined,
  };
}
