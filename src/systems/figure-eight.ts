import type { System } from "./system.ts";

export const figureEight: System = {
  name: "figure-eight",
  title: "Figure-eight orbit",
  description: "Three equal masses chase one another along a figure eight; written over vectors, one row a body.",
  model: `
q: [3, 2], p: [3, 2]
H = sum(p[i]^2, i = 1..3)/2 - sum(1/|q[i] - q[j]|, i < j)
invariant P_x = sum(p[i,1], i = 1..3), P_y = sum(p[i,2], i = 1..3)
invariant L = sum(q[i,1] p[i,2] - q[i,2] p[i,1], i = 1..3)
`,
  coordinates: {
    q: "positions, a row [x, y] for each body",
    p: "momenta, a row for each body",
  },
  initialStates: {
    default: {
      x0: [
        0.97000436, -0.24308753, -0.97000436, 0.24308753, 0, 0, 0.466203685, 0.43236573, 0.466203685, 0.43236573,
        -0.93240737, -0.86473146,
      ],
      period: 6.32591398,
      energy: -1.287142,
    },
  },
  region: { kind: "near", state: "default", spread: 0.02 },
  invariants: ["P_x", "P_y", "L"],
  source: {
    citation:
      "A. Chenciner, R. Montgomery, A remarkable periodic solution of the three-body problem in the case of equal masses, Annals of Mathematics 152 (2000) 881",
    doi: "10.2307/2661357",
  },
  tags: ["gravity"],
};
