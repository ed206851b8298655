import type { LoadedEngine, Repetition } from "../src/engine/engine.ts";
import { openEngine } from "../src/engine/engines.ts";
import { countParameters, network } from "../src/engine/probe.ts";
import { concat, mean, slice } from "../src/graph/arrange.ts";
import { add, input, mul, neg, square, sub } from "../src/graph/build.ts";
import { gradient } from "../src/graph/gradient.ts";
import { createGraph, type GraphNode } from "../src/graph/graph.ts";
import { scan } from "../src/graph/scan.ts";
import type { Step } from "../src/graph/step.ts";
import { substitute } from "../src/graph/substitute.ts";
import type { Benchmark, Row } from "./benchmark.ts";

const widths = [2, 64, 64, 1];
const batch = 128;
const length = 32;
const dt = 0.1;

/**
 * Training through 32 Runge–Kutta steps of a Hamiltonian network [2, 64, 64, 1] from 128 states, in f32: how long until
 * the first step is done (building the graph, its gradient and the model, loading it, choosing threads), and a step.
 */
export const rollOutTraining: Benchmark = {
  title: "Training through a roll-out: RK4, 32 steps, [2-64-64-1] × 128, f32",
  run: async (tools) => {
    const jax = await tools.peer("jax-roll-out");
    if (!jax) return [];
    const engine = await openEngine({ engine: "onnx" });
    const run = await ready(engine);
    const [first, step, ...theirs] = await tools.compare([
      (count) => timed(count, async () => (await descend(await ready(engine), 1)).close()),
      (count) => timed(count, async () => void (await descend(run, stepsACall))),
      (count) => jax.time("first", count),
      (count) => jax.time("step", stepsACall * count),
      (count) => jax.time("step-remat", stepsACall * count),
    ]);
    await engine.close();
    const [jaxFirst, jaxStep, jaxRemat] = theirs as [number, number, number];
    const rows: Row[] = [
      { work: "until the first step", ours: first!, against: jax.title, theirs: jaxFirst },
      { work: "a step", ours: step!, against: jax.title, theirs: jaxStep, target: 1 / 1.1 },
      { work: "a step", ours: step!, against: "the same, steps computed again", theirs: jaxRemat },
    ].map((row) => (row.work === "a step" ? perStep(row) : row));
    return rows;
  },
};

const stepsACall = 4;

function perStep(row: Row): Row {
  return { ...row, ours: row.ours / stepsACall, theirs: row.theirs / stepsACall };
}

async function timed(count: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < count; k++) await work();
  return (performance.now() - start) * 1e6;
}

async function descend(run: Repetition, count: number): Promise<Repetition> {
  const { failed } = await run.run(count, { rate: new Float64Array(count).fill(1e-3) });
  if (failed !== undefined) throw new Error("the training diverged");
  return run;
}

function ready(engine: LoadedEngine): Promise<Repetition> {
  const wave = (size: number, scale: number) =>
    Float64Array.from({ length: size }, (_, k) => scale * Math.sin(k + k * k));
  return engine.repeat(descent(), {
    precision: "f32",
    batch,
    state: { parameters: wave(countParameters(widths), 0.1) },
    fixed: { x: wave(2 * batch, 1), wanted: wave(2 * length * batch, 1) },
  });
}

function descent(): Step {
  const graph = createGraph();
  const parameters = input(graph, "parameters", [countParameters(widths)]);
  const [x, rate] = [input(graph, "x", ["B", 2]), input(graph, "rate", [])];
  const wanted = input(graph, "wanted", ["B", length, 2]);
  const { collected } = scan(graph, { length, carries: [x], constants: [parameters] }, ({ carries, constants }) => {
    const after = rungeKutta4(carries[0]!, (at) => field(at, constants[0]!));
    return { carries: [after], collected: [after] };
  });
  const loss = mean(square(sub(collected[0]!, wanted)), [0, 1, 2]);
  const [slope] = gradient(loss, [parameters]);
  return { state: [{ leaf: parameters, next: sub(parameters, mul(rate, slope!)) }], loss, perStep: [rate] };
}

/** [∂H/∂p, −∂H/∂q]. */
function field(at: GraphNode, parameters: GraphNode): GraphNode {
  const x = input(at.graph, "state", ["B", 2]);
  const [slopes] = gradient(network(parameters, x, widths, "tanh"), [x]) as [GraphNode];
  const rotated = concat([slice(slopes, 1, 1, 2), neg(slice(slopes, 1, 0, 1))], 1);
  return substitute([rotated], new Map([[x, at]]))[0]!;
}

function rungeKutta4(x: GraphNode, f: (x: GraphNode) => GraphNode): GraphNode {
  const k1 = f(x);
  const k2 = f(add(x, mul(dt / 2, k1)));
  const k3 = f(add(x, mul(dt / 2, k2)));
  const k4 = f(add(x, mul(dt, k3)));
  return add(x, mul(dt / 6, add(add(k1, mul(2, k2)), add(mul(2, k3), k4))));
}
