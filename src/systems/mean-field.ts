import type { System } from "./system.ts";

export const meanField: System = {
  name: "mean-field",
  title: "Hamiltonian mean-field model",
  description:
    "Rotors that all attract one another equally: the smallest model of long-range forces and their slow relaxation.",
  model: `
N = 8
q: [N], p: [N]
q(0) = [0, 0.4, -0.7, 1.5, 2.2, -1.1, -2.6, 0.9], p(0) = [0.6, -0.2, 0.3, -0.5, 0.1, 0.4, -0.3, -0.4]
H = sum(p[i]^2, i = 1..N)/2 + sum(1 - cos(q[i] - q[j]), i < j)/N
invariant P = sum(p[i], i = 1..N)
`,
  coordinates: {
    q: "angles",
    p: "angular momenta",
  },
  initialStates: {
    default: { x0: [0, 0.4, -0.7, 1.5, 2.2, -1.1, -2.6, 0.9, 0.6, -0.2, 0.3, -0.5, 0.1, 0.4, -0.3, -0.4] },
  },
  region: { kind: "box", ranges: { q: [-3, 3], p: [-1, 1] } },
  invariants: ["P"],
  source: {
    citation:
      "M. Antoni, S. Ruffo, Clustering and relaxation in Hamiltonian long-range dynamics, Physical Review E 52 (1995) 2361",
    doi: "10.1103/PhysRevE.52.2361",
  },
  tags: ["particles", "lattice", "chaotic", "scalable"],
};
