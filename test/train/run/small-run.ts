import type { ModelDescription } from "../../../src/hnn/description.ts";
import type { TrainOptions } from "../../../src/train/options.ts";
import { pendulumRuns, withTestRuns } from "../pendulum-data.ts";

const starts = [
  [1, 0],
  [0.2, 1.1],
  [-0.7, 0.4],
] as const;

const description: ModelDescription = { family: "hnn", coordinates: ["q"], momenta: ["p"], hidden: [4] };
const options: TrainOptions = { engine: "reference", precision: "f64", batch: 4, rate: 0.01, seed: 3 };

/** A run of tiny steps: 0.2 ms each or so. */
export const smallRun = {
  description,
  options,
  dataset: withTestRuns(pendulumRuns(starts, { points: 6, dt: 0.3 }), 1),
} as const;
