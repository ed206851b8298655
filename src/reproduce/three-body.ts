import { threeBody as system } from "../systems/three-body.ts";
import { simulatedData } from "./simulated-data.ts";
import type { Task } from "./task.ts";

const distances = [
  "sqrt((qx1 - qx2)^2 + (qy1 - qy2)^2)",
  "sqrt((qx1 - qx3)^2 + (qy1 - qy3)^2)",
  "sqrt((qx2 - qx3)^2 + (qy2 - qy3)^2)",
] as const;
const squares = "(px1^2 + px2^2 + px3^2 + py1^2 + py2^2 + py3^2)";
const pairs = "pairs (qx1, px1), (qx2, px2), (qx3, px3), (qy1, py1), (qy2, py2), (qy3, py3)";
const truth = `${pairs}; H = ${squares}/2 - ${distances.map((r) => `1/${r}`).join(" - ")}`;
const metric = { name: "H over t ≤ 3", energy: truth, points: 500, horizon: () => 3 } as const;

export const threeBody: Task = {
  name: "three-body",
  title: "three bodies",
  truth,
  protocol: { steps: 10_000, batch: 600, weightDecay: 1e-4 },
  metrics: { published: metric, trueH: metric },
  published: {
    mlp: {
      trainLoss: { value: 9.5573e-2, spread: 6.561e-2 },
      testLoss: { value: 3.8e-1, spread: 4.1612e-1 },
      energy: { value: 1.0906e2, spread: 7.74e1 },
    },
    hnn: {
      trainLoss: { value: 8.0346e-2, spread: 2.147e-2 },
      testLoss: { value: 4.8809e-1, spread: 4.7745e-1 },
      energy: { value: 4.1926e-2, spread: 3.39e-2 },
    },
  },
  hybrid: {
    description: "kinetic energy and forces along the lines between the bodies: V(log r) unknown, one for all pairs",
    prior: `${pairs}; a = 0.4 learn; H = a ${squares} + ${distances.map((r) => `V(log(${r}))`).join(" + ")}`,
    functions: { V: { hidden: [16] } },
    optimiser: "lbfgs",
    steps: 300,
    rows: 10_000,
  },
  file: "hnn2019/3body.npz",
  canGenerate: true,
  load: (file) => simulatedData(system, file),
};
