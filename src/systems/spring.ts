import type { System } from "./system.ts";

export const spring: System = {
  name: "spring",
  title: "Ideal spring (HNN task 1)",
  description:
    "The mass-spring task of the Hamiltonian neural networks paper, in its scaling: orbits are circles run through at angular frequency 2.",
  model: `
q(0) = 1, p(0) = 0
H = p^2 + q^2
`,
  coordinates: {
    q: "displacement",
    p: "momentum",
  },
  initialStates: {
    default: { x0: [1, 0], period: Math.PI, energy: 1 },
  },
  region: { kind: "shell", radius: [0.1, 1] },
  trainingSet: {
    trajectories: 50,
    points: 30,
    t: [0, 3],
    noise: 0.1,
    split: { test: 0.5, which: "last" },
  },
  invariants: [],
  source: {
    citation: "S. Greydanus, M. Dzamba, J. Yosinski, Hamiltonian Neural Networks, NeurIPS 2019",
    arxiv: "1906.01563",
  },
  tags: ["oscillator", "integrable", "hnn2019"],
};
