import type { System } from "./system.ts";

export const sineGordon: System = {
  name: "sine-gordon",
  title: "Sine-Gordon lattice",
  description:
    "A ring of pendulums joined by torsion springs (the Frenkel–Kontorova model): the discrete sine-Gordon field.",
  model: `
N = 8;  c = 1.5
q: [N], p: [N]
q(0) = [0, 0.2, 0.8, 1.9, 2.6, 1.7, 0.6, 0.1], p(0) = [0, 0, 0.2, 0.3, 0, -0.3, -0.2, 0]
ring q
H = sum(p[i]^2/2 + c (q[i+1] - q[i])^2/2 + 1 - cos(q[i]), i = 1..N)
`,
  coordinates: {
    q: "angle at each site",
    p: "its momentum",
  },
  initialStates: {
    default: { x0: [0, 0.2, 0.8, 1.9, 2.6, 1.7, 0.6, 0.1, 0, 0, 0.2, 0.3, 0, -0.3, -0.2, 0] },
  },
  region: { kind: "box", ranges: { q: [-3, 3], p: [-1, 1] } },
  invariants: [],
  source: {
    citation:
      "O. M. Braun, Y. S. Kivshar, Nonlinear dynamics of the Frenkel–Kontorova model, Physics Reports 306 (1998) 1",
    doi: "10.1016/S0370-1573(98)00029-5",
  },
  tags: ["lattice", "chaotic", "scalable"],
};
