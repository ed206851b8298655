import type { LoadedEngine, Repetition } from "../src/engine/engine.ts";
import { openEngine } from "../src/engine/engines.ts";
import { sum } from "../src/graph/arrange.ts";
import { add, input, mul, sin, square } from "../src/graph/build.ts";
import { createGraph, type GraphNode } from "../src/graph/graph.ts";
import { substitute } from "../src/graph/substitute.ts";
import { models } from "../src/hnn/models.ts";
import type { Benchmark, Limit } from "./benchmark.ts";
import type { Sample } from "./measure.ts";

const dimensions = [2, 8, 32, 128, 512, 1024];
const hidden = [64, 64];
const batch = 128;
const stepsACall = 50;
/** A reverse pass is about as much work as the pass forward, with two passes over memory more. */
const mostTimes = 4;

/**
 * The field of an energy network [d, 64, 64, 1], that is its gradient with respect to d inputs, against the energy
 * alone. One reverse pass gives all of it: a small factor, whatever d is, where d passes forward would give a factor of d.
 */
export const gradientDimension: Benchmark = {
  title: "The field of an energy network against the energy alone, for d inputs, batch 128 (onnx, f32)",
  async run(tools) {
    const engine = await openEngine({ engine: "onnx", precision: "f32" });
    const rows: Limit[] = [];
    try {
      for (const dimension of dimensions) {
        const sides = [await repeated(engine, dimension, "energy"), await repeated(engine, dimension, "field")];
        const [energy, field] = (await tools.compare(sides.map(sampleOf))) as [number, number];
        for (const side of sides) await side.close();
        const work = `d = ${dimension}: field/energy (${(energy / 1e3 / stepsACall).toPrecision(3)} µs)`;
        rows.push({ work, ours: field / energy, limit: mostTimes, unit: "ratio" });
      }
    } finally {
      await engine.close();
    }
    return rows;
  },
};

/** Computes one of them again and again within one call, at states that a number moves which the step before gave. */
function repeated(engine: LoadedEngine, dimension: number, what: "energy" | "field"): Promise<Repetition> {
  const model = models.hnn.create({ dimension, hidden });
  const graph = createGraph();
  const parameters = input(graph, "parameters", [model.parameters.count]);
  const [x, moved] = [input(graph, "x", ["B", dimension]), input(graph, "moved", [])];
  const node = model[what]!({ parameters, x });
  const [value] = substitute([node], new Map<GraphNode, GraphNode>([[x, add(x, moved)]])) as [GraphNode];
  const loss = sum(square(value), [0, 1]);
  return engine.repeat(
    { state: [{ leaf: moved, next: mul(1e-3, sin(loss)) }], loss, perStep: [] },
    {
      precision: "f32",
      batch,
      state: { moved: [0] },
      fixed: {
        parameters: model.parameters.initial(0),
        x: Float64Array.from({ length: batch * dimension }, (_, k) => Math.sin(k + k * k)),
      },
      // one thread, so that both sides have the same
      choice: { engine: engine.name, runtime: engine.runtime, threads: 1 },
    },
  );
}

function sampleOf(run: Repetition): Sample {
  return async (repetitions) => {
    const start = performance.now();
    for (let k = 0; k < repetitions; k++) await run.run(stepsACall);
    return (performance.now() - start) * 1e6;
  };
}
