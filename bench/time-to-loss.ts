import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Dataset } from "../src/data/dataset.ts";
import { readDataset } from "../src/data/read.ts";
import { openEngine } from "../src/engine/engines.ts";
import { models } from "../src/hnn/models.ts";
import { openEvaluation } from "../src/train/evaluate-loss.ts";
import { losses } from "../src/train/losses.ts";
import type { TrainOptions } from "../src/train/options.ts";
import { train } from "../src/train/train.ts";
import type { Benchmark, Row } from "./benchmark.ts";

const folder = fileURLToPath(new URL("../../shared/data/hnn2019/", import.meta.url));

/** The published test losses of the Hamiltonian network (arXiv:1906.01563, Table 1). */
const tasks = [
  { name: "spring", file: "spring.npz", goal: 3.5928e-2 },
  { name: "pendulum", file: "pend.npz", goal: 3.5586e-2 },
] as const;

interface Way {
  readonly title: string;
  readonly hidden: readonly number[];
  readonly options: TrainOptions;
  /** The least acceptable factor to the reference procedure. */
  readonly target?: number;
}

const ways: readonly Way[] = [
  { title: "L-BFGS, [2, 16, 1], f64", hidden: [16], options: { optimiser: "lbfgs", steps: 300 }, target: 10 },
  { title: "L-BFGS, [2, 32, 32, 1], f64", hidden: [32, 32], options: { optimiser: "lbfgs", steps: 300 }, target: 10 },
  { title: "Adam, [2, 200, 200, 1], f32", hidden: [200, 200], options: { optimiser: "adam", weightDecay: 1e-4 } },
];

/**
 * From rows in memory to the published test loss, or to the end where it is not reached: the paper's procedure in
 * PyTorch, and ours, which begins with loading and testing an engine. Test losses are looked at with the clock stopped.
 */
export const timeToLoss: Benchmark = {
  title: "Time to the published test loss, against the paper's procedure",
  async run(tools) {
    if (!existsSync(folder)) {
      console.error(`${folder} is not there: nothing is trained`);
      return [];
    }
    const peer = await tools.peer("reference-training");
    const rows: Row[] = [];
    for (const { name, file, goal } of tasks) {
      const data = await readDataset(folder + file);
      const theirs = peer ? await peer.time(`${goal}:${folder}${file}`, 1) : Number.NaN;
      for (const way of ways) {
        const ours = await timeTo(data, goal, way);
        rows.push({ work: `${name}: ${way.title}`, ours, against: "PyTorch, Adam", theirs, target: way.target });
      }
    }
    return rows;
  },
};

/** Nanoseconds until the first checkpoint that reaches the goal: the median of three seeds. */
async function timeTo(data: Dataset, goal: number, { title, hidden, options }: Way): Promise<number> {
  const times: number[] = [];
  for (const seed of [0, 1, 2]) {
    const kept: { readonly step: number; readonly time: number; readonly parameters: Float64Array }[] = [];
    const model = models.hnn.create({ dimension: 2, hidden });
    const start = performance.now();
    const onCheckpoint: TrainOptions["onCheckpoint"] = ({ step, state }) => {
      kept.push({ step, time: performance.now() - start, parameters: state.parameters! });
    };
    const { testLoss } = await train(model, data, { ...options, seed, onCheckpoint });
    const engine = await openEngine({ precision: "f64" });
    const samples = losses.derivatives.samples(data, "test");
    const parts = { model, loss: losses.derivatives, samples };
    const evaluation = await openEvaluation(engine, parts, "f64");
    let reached = kept.at(-1)!;
    let loss = testLoss;
    for (const each of kept) {
      const found = await evaluation.of(each.parameters);
      if (found > goal) continue;
      [reached, loss] = [each, found];
      break;
    }
    await engine.close();
    console.error(`${title}, seed ${seed}: test loss ${loss.toExponential(4)} after ${reached.step} steps`);
    times.push(reached.time * 1e6);
  }
  return times.sort((a, b) => a - b)[1]!;
}
