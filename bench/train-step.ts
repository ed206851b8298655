import type { Repetition } from "../src/engine/engine.ts";
import { openEngine } from "../src/engine/engines.ts";
import { countParameters, probe } from "../src/engine/probe.ts";
import { add, div, input, mul, sqrt, square, sub } from "../src/graph/build.ts";
import type { Precision } from "../src/graph/graph.ts";
import type { Step } from "../src/graph/step.ts";
import type { Benchmark, Limit, Row, Tools } from "./benchmark.ts";
import type { Sample } from "./measure.ts";

interface Size {
  readonly hidden: number;
  readonly batch: number;
  /** The least acceptable factor to PyTorch in f32. */
  readonly torch: number;
}

const sizes: readonly Size[] = [
  { hidden: 200, batch: 750, torch: 1.7 },
  { hidden: 64, batch: 128, torch: 6 },
];

/**
 * One training step of a Hamiltonian network [2, h, h, 1] with tanh: the gradient of a loss on the gradient of the
 * energy, and Adam with weight decay. Ours includes the messages to and from the worker, one for 25 steps.
 */
export const trainingStep: Benchmark = {
  title: "A training step of a Hamiltonian network [2, h, h, 1], tanh, Adam",
  run: async (tools) => {
    const rows: (Row | Limit)[] = [];
    for (const size of sizes) rows.push(...(await stepRows(tools, size)));
    return rows;
  },
};

interface Side {
  /** "onnx:f32", "jax:f64", …. */
  readonly name: string;
  readonly sample: Sample;
  readonly close?: () => Promise<void>;
}

const engineSides = [
  ["onnx", "f32"],
  ["onnx", "f64"],
  ["tfjs", "f32"],
] as const satisfies readonly (readonly [string, Precision])[];

const peerTitles = { jax: "JAX, jit", torch: "PyTorch, eager" } as const;

async function stepRows(tools: Tools, size: Size): Promise<(Row | Limit)[]> {
  const sides = [...(await ours(size)), ...(await theirs(tools, size))];
  const times = await tools.compare(sides.map(({ sample }) => rested(sample)));
  for (const side of sides) await side.close?.();
  const time = new Map(sides.map(({ name }, k) => [name, times[k]! / stepsACall]));
  const { hidden, batch, torch } = size;
  const targets: Readonly<Record<string, number>> = { "onnx:f32:jax": 1 / 1.1, "onnx:f32:torch": torch };
  const rows: (Row | Limit)[] = engineSides.flatMap(([name, precision]) =>
    (["jax", "torch"] as const).flatMap((peer): Row[] => {
      const [own, other] = [time.get(`${name}:${precision}`), time.get(`${peer}:${precision}`)];
      if (own === undefined || other === undefined) return [];
      const work = `h = ${hidden}, batch ${batch}, ${name} ${precision}`;
      const target = targets[`${name}:${precision}:${peer}`];
      return [{ work, ours: own, against: peerTitles[peer], theirs: other, target }];
    }),
  );
  const [single, double] = [time.get("onnx:f32"), time.get("onnx:f64")];
  if (single === undefined || double === undefined) return rows;
  const work = `h = ${hidden}, batch ${batch}, onnx f64/f32`;
  return [...rows, { work, ours: double / single, limit: 2.5, unit: "ratio" }];
}

async function theirs(tools: Tools, { hidden, batch }: Size): Promise<Side[]> {
  const sides: Side[] = [];
  for (const name of ["jax", "torch"] as const) {
    const peer = await tools.peer(`${name}-training`);
    if (!peer) continue;
    for (const precision of ["f32", "f64"]) {
      const task = `${name}:${precision}:${hidden}:${batch}`;
      sides.push({ name: `${name}:${precision}`, sample: (count) => peer.time(task, stepsACall * count) });
    }
  }
  return sides;
}

async function ours(size: Size): Promise<Side[]> {
  const sides: Side[] = [];
  for (const [name, precision] of engineSides) {
    try {
      sides.push(await engineSide(name, precision, size));
    } catch (error) {
      console.error(`${name} ${precision} is left out: ${error instanceof Error ? error.message : error}`);
    }
  }
  return sides;
}

async function engineSide(name: string, precision: Precision, { hidden, batch }: Size): Promise<Side> {
  const engine = await openEngine({ engine: name, precision });
  const widths = [2, hidden, hidden, 1];
  const count = countParameters(widths);
  const wave = (length: number, scale: number): Float64Array =>
    Float64Array.from({ length }, (_, k) => scale * Math.sin(k + k * k));
  const run = await engine.repeat(adam(widths, batch), {
    precision,
    batch,
    state: { parameters: wave(count, 0.1), m: new Float64Array(count), v: new Float64Array(count) },
    fixed: { x: wave(2 * batch, 1), rates: wave(2 * batch, 0.5) },
  });
  const { runtime, threads } = run.choice;
  console.error(`h = ${hidden}, ${precision}: ${runtime}, ${threads} thread${threads === 1 ? "" : "s"}`);
  const close = async (): Promise<void> => {
    await run.close();
    await engine.close();
  };
  return { name: `${name}:${precision}`, sample: (calls) => timed(run, calls), close };
}

/** Threads of one side that still wait for work, spinning, would take time from the next: they get this long to end. */
const restTime = 250;

function rested(sample: Sample): Sample {
  return async (repetitions) => {
    await new Promise((resolve) => setTimeout(resolve, restTime));
    return sample(repetitions);
  };
}

const stepsACall = 25;

async function timed(run: Repetition, calls: number): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < calls; k++) {
    const perStep = { rate: new Float64Array(stepsACall).fill(1e-3), correction: new Float64Array(stepsACall).fill(1) };
    const { failed } = await run.run(stepsACall, perStep);
    if (failed !== undefined) throw new Error("the training diverged");
  }
  return (performance.now() - start) * 1e6;
}

/** Adam with weight decay; its bias corrections are given for each step. */
function adam(widths: readonly number[], batch: number): Step {
  const { graph, parameters, gradient, loss } = probe(widths, "tanh", batch);
  const [rate, correction] = [input(graph, "rate", []), input(graph, "correction", [])];
  const [m, v] = [input(graph, "m", parameters.shape), input(graph, "v", parameters.shape)];
  const g = add(gradient, mul(1e-4, parameters));
  const nextM = add(mul(0.9, m), mul(0.1, g));
  const nextV = add(mul(0.999, v), mul(0.001, square(g)));
  const next = sub(parameters, div(mul(rate, nextM), add(mul(correction, sqrt(nextV)), 1e-8)));
  return {
    state: [
      { leaf: parameters, next },
      { leaf: m, next: nextM },
      { leaf: v, next: nextV },
    ],
    loss,
    perStep: [rate, correction],
  };
}
