import { parseColumns } from "../data/columns.ts";
import { asTrajectory, type Dataset, makeDataset } from "../data/dataset.ts";
import { splitAtGaps } from "../data/gaps.ts";
import { readDataset } from "../data/read.ts";
import { HnncError } from "../errors.ts";
import type { Task, TaskData } from "./task.ts";

const energy = "2.4 (1 - cos(q)) + p^2";
const metric = { name: "2.4 (1 − cos q) + p² along the test segment, beside the measured one", energy } as const;

export const realPendulum: Task = {
  name: "real-pendulum",
  title: "measured pendulum (Schmidt, Lipson, Science 324 (2009) 81)",
  truth: energy,
  protocol: { steps: 2000, weightDecay: 1e-5 },
  metrics: { published: metric, trueH: metric },
  published: {
    mlp: {
      trainLoss: { value: 2.7455e-3, spread: 2.0735e-4 },
      testLoss: { value: 2.1864e-3, spread: 3.3296e-4 },
      energy: { value: 3.8564e-1, spread: 6.92e-2 },
    },
    hnn: {
      trainLoss: { value: 9.2376e-3, spread: 5.0263e-4 },
      testLoss: { value: 5.9584e-3, spread: 6.1798e-4 },
      energy: { value: 1.4477e-2, spread: 4.65e-3 },
    },
  },
  remark:
    "losses: the publication's targets are forward differences, half a step of 1/6 s late: to fit them well is to invent friction, and the hybrid, fitted to midpoints, does not",
  hybrid: {
    description: "a pendulum with friction, three unknown coefficients, fitted to midpoints of the measured rows",
    prior: "a p^2/2 - k cos(q); a = 0.5 learn; k = 0.5 learn; damping p = b; b = 0 learn",
    loss: "midpoint",
    optimiser: "levenberg-marquardt",
    steps: 100,
  },
  file: "measured/real_pend_h_1.txt",
  canGenerate: false,
  load: async (file) => {
    if (file !== undefined) return measuredData(await readDataset(file, { columns: parseColumns("t=2,q=3,p=4") }));
    throw new HnncError({
      kind: "io",
      code: "no-data",
      message: "the measured pendulum has no licence that would let hnnc hold it",
      hint: "name a folder that holds measured/real_pend_h_1.txt: --data FOLDER",
    });
  },
};

/** The part that trains in the publication's code, of all differences of rows. */
const trainingShare = 0.8;

/**
 * The publication's samples: forward differences of neighbouring rows, across gaps too, of which those from 80 % on test
 * but for what rounding leaves at the end; and beside them the rows as trajectories that end at gaps.
 */
export function measuredData(rows: Dataset): TaskData {
  const { times, states } = asTrajectory(rows);
  const count = rows.rows - 1;
  const first = Math.floor(count * trainingShare);
  const last = first + Math.floor(count * (1 - trainingShare));
  const derivatives = Float64Array.from({ length: 2 * count }, (_, at) => {
    const row = at >> 1;
    return (states[at + 2]! - states[at]!) / (times[row + 1]! - times[row]!);
  });
  const names = { coordinates: rows.coordinates, momenta: rows.momenta };
  const samples = { ...names, states: states.slice(0, 2 * count), derivatives, times: times.slice(0, count) };
  return {
    dataset: makeDataset({ ...samples, test: new Uint8Array(count).fill(1, first, last) }),
    trajectories: splitAtGaps(makeDataset({ ...rows, test: new Uint8Array(rows.rows).fill(1, first) })).dataset,
    starts: [states.slice(2 * first, 2 * first + 2)],
    measured: {
      times: times.slice(first, last).map((t) => t - times[first]!),
      states: states.slice(2 * first, 2 * last),
    },
    origin: "measured",
  };
}
