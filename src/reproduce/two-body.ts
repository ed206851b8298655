import { twoBody as system } from "../systems/two-body.ts";
import { simulatedData } from "./simulated-data.ts";
import type { Task } from "./task.ts";

const pairs = "pairs (qx1, px1), (qx2, px2), (qy1, py1), (qy2, py2)";
const squares = "(px1^2 + px2^2 + py1^2 + py2^2)";
const distance = "sqrt((qx1 - qx2)^2 + (qy1 - qy2)^2)";
const truth = `${pairs}; H = ${squares}/2 - 1/${distance}`;
const metric = { name: "H over t ≤ 25", energy: truth, points: 500, horizon: () => 25 } as const;

export const twoBody: Task = {
  name: "two-body",
  title: "two bodies",
  truth,
  protocol: { steps: 10_000, batch: 200, weightDecay: 0 },
  metrics: { published: metric, trueH: metric },
  published: {
    mlp: {
      trainLoss: { value: 3.2682e-5, spread: 1.2022e-6 },
      testLoss: { value: 2.9575e-5, spread: 8.89e-7 },
      energy: { value: 6.3276e-2, spread: 3.36e-2 },
    },
    hnn: {
      trainLoss: { value: 2.9959e-6, spread: 6.55e-8 },
      testLoss: { value: 2.8218e-6, spread: 4.202e-8 },
      energy: { value: 3.8751e-5, spread: 5.04e-6 },
    },
  },
  remark:
    "losses: at the constant rate of the protocol those of the HNN swing between 1.6e-6 and 8.3e-6 over the last 2000 steps (seed 1): a last step's loss says no more than that",
  hybrid: {
    description: "kinetic energy and a force along the line between the bodies: V(r) unknown",
    prior: `${pairs}; a = 0.4 learn; H = a ${squares} + V(${distance})`,
    functions: { V: { hidden: [16] } },
    optimiser: "lbfgs",
    steps: 300,
    rows: 10_000,
  },
  file: "hnn2019/2body.npz",
  canGenerate: true,
  load: (file) => simulatedData(system, file),
};
