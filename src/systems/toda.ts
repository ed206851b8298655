import type { System } from "./system.ts";

export const toda: System = {
  name: "toda",
  title: "Toda lattice (ring)",
  description:
    "Particles on a ring joined by exponential springs: the first lattice known to carry true solitons, completely integrable.",
  model: `
N = 6
q: [N], p: [N]
q(0) = [0.3, -0.2, 0.5, 0, -0.4, 0.1], p(0) = [0.5, 0, -0.5, 0.2, 0.1, -0.3]
ring q, p
H = sum(p[i]^2/2 + exp(q[i] - q[i+1]), i = 1..N)
invariant P = sum(p[i], i = 1..N)
invariant I_3 = sum(p[i]^3/3 + (p[i] + p[i+1]) exp(q[i] - q[i+1]), i = 1..N)
`,
  coordinates: {
    q: "displacements",
    p: "momenta",
  },
  initialStates: {
    default: { x0: [0.3, -0.2, 0.5, 0, -0.4, 0.1, 0.5, 0, -0.5, 0.2, 0.1, -0.3] },
  },
  region: { kind: "box", ranges: { q: [-1, 1], p: [-1, 1] } },
  invariants: ["P", "I_3"],
  source: {
    citation:
      "M. Toda, Vibration of a chain with nonlinear interaction, Journal of the Physical Society of Japan 22 (1967) 431; invariants: M. Hénon, Integrals of the Toda lattice, Physical Review B 9 (1974) 1921, doi 10.1103/PhysRevB.9.1921",
    doi: "10.1143/JPSJ.22.431",
  },
  tags: ["lattice", "integrable", "scalable"],
};
