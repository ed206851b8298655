import type { System } from "./system.ts";

export const pleiades: System = {
  name: "pleiades",
  title: "Pleiades problem",
  description:
    "Seven stars of masses one to seven in a plane with several close encounters: a standard test of adaptive integrators.",
  model: `
m = [1, 2, 3, 4, 5, 6, 7]
q: [7, 2], p: [7, 2]
H = sum(p[i]^2/(2 m[i]), i = 1..7) - sum(m[i] m[j]/|q[i] - q[j]|, i < j)
invariant P_x = sum(p[i,1], i = 1..7), P_y = sum(p[i,2], i = 1..7)
invariant L = sum(q[i,1] p[i,2] - q[i,2] p[i,1], i = 1..7)
`,
  coordinates: {
    q: "positions, a row [x, y] for each star",
    p: "momenta, a row for each star",
  },
  initialStates: {
    default: { x0: [3, 3, 3, -3, -1, 2, -3, 0, 2, 0, -2, -4, 2, 4, 0, 0, 0, 0, 0, 0, 0, -5, 0, 5, 10.5, 0, -10.5, 0] },
  },
  region: { kind: "near", state: "default", spread: 0.2 },
  invariants: ["P_x", "P_y", "L"],
  source: {
    citation:
      "E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, 2nd edition, Springer 1993, §II.10",
    doi: "10.1007/978-3-540-78862-1",
  },
  tags: ["gravity", "chaotic"],
};
