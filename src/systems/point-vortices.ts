import type { System } from "./system.ts";

export const pointVortices: System = {
  name: "point-vortices",
  title: "Point vortices",
  description:
    "Line vortices in an ideal fluid carry one another around. The momenta are the circulations times the y coordinates.",
  model: `
c = [1, 1.5, -0.7, 0.8];  N = 4
q: [N], p: [N]
q(0) = [1, -0.5, 0.2, -1.1], p(0) = [0.3, 1.2, 0.6, -0.6]
H = -sum(c[i] c[j] ln((q[i] - q[j])^2 + (p[i]/c[i] - p[j]/c[j])^2), i < j)/(4 pi)
invariant P_x = sum(c[i] q[i], i = 1..N), P_y = sum(p[i], i = 1..N)
invariant M = sum(c[i] q[i]^2 + p[i]^2/c[i], i = 1..N)
`,
  coordinates: {
    q: "x coordinates",
    p: "circulation times y coordinate",
  },
  initialStates: {
    default: { x0: [1, -0.5, 0.2, -1.1, 0.3, 1.2, 0.6, -0.6] },
  },
  region: { kind: "near", state: "default", spread: 0.1 },
  invariants: ["P_x", "P_y", "M"],
  source: {
    citation:
      "H. Aref, Point vortex dynamics: a classical mathematics playground, Journal of Mathematical Physics 48 (2007) 065401",
    doi: "10.1063/1.2425103",
  },
  tags: ["fluid", "chaotic", "non-separable", "scalable"],
};
