import { spring as system } from "../systems/spring.ts";
import { simulatedData } from "./simulated-data.ts";
import type { Task } from "./task.ts";

const energy = "p^2 + q^2";

export const spring: Task = {
  name: "spring",
  title: "ideal mass-spring",
  truth: energy,
  protocol: { steps: 2000, weightDecay: 1e-4 },
  metrics: {
    // the published code multiplies its time span by 1.09 at every call, once before the first start
    published: {
      name: "H over t ≤ 20·1.09ᵏ⁺², k = 0 … 14, a horizon that grows from start to start",
      energy,
      points: 100,
      horizon: (start) => 20 * 1.09 ** (start + 2),
    },
    trueH: { name: "H over t ≤ 20", energy, points: 100, horizon: () => 20 },
  },
  published: {
    mlp: {
      trainLoss: { value: 3.7134e-2, spread: 1.9143e-3 },
      testLoss: { value: 3.6656e-2, spread: 1.8652e-3 },
      energy: { value: 1.7077e-1, spread: 2.06e-2 },
    },
    hnn: {
      trainLoss: { value: 3.6933e-2, spread: 1.9128e-3 },
      testLoss: { value: 3.5928e-2, spread: 1.8328e-3 },
      energy: { value: 3.8416e-4, spread: 6.53e-5 },
    },
  },
  replayedTrueH: { mlp: 6.6e-2 },
  noiseFloor: 3.818e-2,
  hybrid: {
    description: "the form a p² + b q², coefficients learned from 0.2 and 2",
    prior: "a p^2 + b q^2; a = 0.2 learn; b = 2 learn",
    optimiser: "levenberg-marquardt",
    steps: 100,
  },
  file: "hnn2019/spring.npz",
  canGenerate: true,
  load: (file) => simulatedData(system, file),
};
