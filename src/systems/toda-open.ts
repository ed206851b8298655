import type { System } from "./system.ts";

export const todaOpen: System = {
  name: "toda-open",
  title: "Toda lattice (open chain)",
  description: "The Toda chain with free ends: the particles scatter and fly apart, exchanging momenta.",
  model: `
N = 5
q: [N], p: [N]
q(0) = [0, 0.5, 0.2, -0.3, 0.1], p(0) = [1, 0.3, 0, -0.4, -0.9]
H = sum(p[i]^2, i = 1..N)/2 + sum(exp(q[i] - q[i+1]), i = 1..N-1)
invariant P = sum(p[i], i = 1..N)
invariant I_3 = sum(p[i]^3, i = 1..N)/3 + sum((p[i] + p[i+1]) exp(q[i] - q[i+1]), i = 1..N-1)
`,
  coordinates: {
    q: "positions",
    p: "momenta",
  },
  initialStates: {
    default: { x0: [0, 0.5, 0.2, -0.3, 0.1, 1, 0.3, 0, -0.4, -0.9] },
  },
  region: { kind: "box", ranges: { q: [-1, 1], p: [-1, 1] } },
  invariants: ["P", "I_3"],
  source: {
    citation: "H. Flaschka, The Toda lattice II. Existence of integrals, Physical Review B 9 (1974) 1924",
    doi: "10.1103/PhysRevB.9.1924",
  },
  tags: ["lattice", "integrable", "scalable"],
};
