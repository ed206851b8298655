import type { System } from "./system.ts";

export const pendulum: System = {
  name: "pendulum",
  title: "Pendulum (HNN task 2)",
  description:
    "The ideal pendulum of the Hamiltonian neural networks paper, in its scaling (m = 1/2, l = 1, g = 6, so that 2 m g l sin²(q/2) = 3(1 − cos q)).",
  model: `
q(0) = 1.5, p(0) = 0
H = p^2 + 3 (1 - cos(q))
`,
  coordinates: {
    q: "angle from the downward vertical",
    p: "angular momentum",
  },
  initialStates: {
    default: { x0: [1.5, 0] },
  },
  region: { kind: "shell", radius: [1.3, 2.3] },
  trainingSet: {
    trajectories: 50,
    points: 45,
    t: [0, 3],
    noise: 0.1,
    split: { test: 0.5, which: "last" },
  },
  invariants: [],
  source: {
    citation: "S. Greydanus, M. Dzamba, J. Yosinski, Hamiltonian Neural Networks, NeurIPS 2019",
    arxiv: "1906.01563",
  },
  tags: ["pendulum", "integrable", "hnn2019"],
};
