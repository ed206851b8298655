import type { Repetition } from "../src/engine/engine.ts";
import { openEngine } from "../src/engine/engines.ts";
import { countParameters, probe } from "../src/engine/probe.ts";
import { add, div, input, mul, sqrt, square, sub } from "../src/graph/build.ts";
import type { Precision } from "../src/graph/graph.ts";
import type { Step } from "../src/graph/step.ts";
import type { Benchmark, Limit, Row, Tools } from "./benchmark.ts";
import type { Sample } from "./measure.ts";

/** A network and a batch that one step is timed with. */
export interface StepSize {
  /** Entries of a state. */
  readonly dimension: number;
  readonly hidden: number;
  readonly batch: number;
  /** The least acceptable factors to JAX and PyTorch in f32, and the largest of f64 to f32, where there are targets. */
  readonly targets?: { readonly jax: number; readonly torch: number; readonly double: number } | undefined;
}

const sizes: readonly StepSize[] = [
  { dimension: 2, hidden: 200, batch: 750, targets: { jax: 1 / 1.1, torch: 1.7, double: 2.5 } },
  { dimension: 2, hidden: 64, batch: 128, targets: { jax: 1 / 1.1, torch: 6, double: 2.5 } },
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

/** Both sides of each engine and precision at one size. */
export async function stepRows(tools: Tools, size: StepSize): Promise<(Row | Limit)[]> {
  const sides = [...(await ours(size)), ...(await theirs(tools, size))];
  const times = await tools.compare(sides.map(({ sample }) => rested(sample)));
  for (const side of sides) await side.close?.();
  const time = new Map(sides.map(({ name }, k) => [name, times[k]! / stepsACall]));
  const { dimension, hidden, batch, targets } = size;
  const at = `d = ${dimension}, h = ${hidden}, batch ${batch}`;
  const rows: (Row | Limit)[] = engineSides.flatMap(([name, precision]) =>
    (["jax", "torch"] as const).flatMap((peer): Row[] => {
      const [own, other] = [time.get(`${name}:${precision}`), time.get(`${peer}:${precision}`)];
      if (own === undefined || other === undefined) return [];
      const target = name === "onnx" && precision === "f32" ? targets?.[peer] : undefined;
      return [{ work: `${at}, ${name} ${precision}`, ours: own, against: peerTitles[peer], theirs: other, target }];
    }),
  );
  const [single, double] = [time.get("onnx:f32"), time.get("onnx:f64")];
  if (single === undefined || double === undefined || !targets) return rows;
  return [...rows, { work: `${at}, onnx f64/f32`, ours: double / single, limit: targets.double, unit: "ratio" }];
}

async function theirs(tools: Tools, { dimension, hidden, batch }: StepSize): Promise<Side[]> {
  const sides: Side[] = [];
  for (const name of ["jax", "torch"] as const) {
    const peer = await tools.peer(`${name}-training`);
    if (!peer) continue;
    for (const precision of ["f32", "f64"]) {
      const task = `${name}:${precision}:${dimension}:${hidden}:${batch}`;
      sides.push({ name: `${name}:${precision}`, sample: (count) => peer.time(task, stepsACall * count) });
    }
  }
  return sides;
}

async function ours(size: StepSize): Promise<Side[]> {
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

async function engineSide(name: string, precision: Precision, { dimension, hidden, batch }: StepSize): Promise<Side> {
  const engine = await openEngine({ engine: name, precision });
  const widths = [dimension, hidden, hidden, 1];
  const count = countParameters(widths);
  const wave = (length: number, scale: number): Float64Array =>
    Float64Array.from({ length }, (_, k) => scale * Math.sin(k + k * k));
  const run = await engine.repeat(adam(widths, batch), {
    precision,
    batch,
    state: { parameters: wave(count, 0.1), m: new Float64Array(count), v: new Float64Array(count) },
    fixed: { x: wave(dimension * batch, 1), rates: wave(dimension * batch, 0.5) },
  });
  const { runtime, threads } = run.choice;
  console.error(
    `d = ${dimension}, h = ${hidden}, batch ${batch}, ${precision}: ${runtime}, ${threads} thread${threads === 1 ? "" : "s"}`,
  );
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
