import { pendulum as system } from "../systems/pendulum.ts";
import { simulatedData } from "./simulated-data.ts";
import type { Task } from "./task.ts";

const span = { points: 100, horizon: () => 20 } as const;
const truth = "p^2 + 3 (1 - cos(q))";

export const pendulum: Task = {
  name: "pendulum",
  title: "ideal pendulum",
  truth,
  protocol: { steps: 2000, weightDecay: 1e-4 },
  metrics: {
    published: { name: "q² + p² over t ≤ 20, which is not H", energy: "p^2 + q^2", ...span },
    trueH: { name: "H over t ≤ 20", energy: truth, ...span },
  },
  published: {
    mlp: {
      trainLoss: { value: 3.2606e-2, spread: 1.7434e-3 },
      testLoss: { value: 3.5273e-2, spread: 1.797e-3 },
      energy: { value: 4.1519e-2, spread: 9.62e-3 },
    },
    hnn: {
      trainLoss: { value: 3.2787e-2, spread: 1.7567e-3 },
      testLoss: { value: 3.5586e-2, spread: 1.8178e-3 },
      energy: { value: 2.4852e-2, spread: 5.42e-3 },
    },
  },
  replayedTrueH: { mlp: 2.82e-2, hnn: 5.05e-4 },
  noiseFloor: 3.556e-2,
  hybrid: {
    description: "kinetic energy a p² and a potential that depends on the height of the bob alone: V(cos q) unknown",
    prior: "a p^2 + V(cos(q)); a = 0.5 learn",
    functions: { V: { hidden: [16], activation: "softplus" } },
    optimiser: "lbfgs",
    steps: 500,
    weightDecay: 1e-4,
  },
  file: "hnn2019/pend.npz",
  canGenerate: true,
  load: (file) => simulatedData(system, file),
};
