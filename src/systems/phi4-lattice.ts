import type { System } from "./system.ts";

export const phi4Lattice: System = {
  name: "phi4-lattice",
  title: "φ⁴ lattice",
  description: "A ring of double wells joined by springs: the discrete φ⁴ field with its kinks and breathers.",
  model: `
N = 8;  c = 0.5
q: [N], p: [N]
q(0) = [1, 0.9, 0.3, -0.6, -1, -0.8, 0.1, 0.7], p(0) = [0, 0.1, 0, 0, -0.1, 0, 0.2, 0]
ring q
H = sum(p[i]^2/2 + c (q[i+1] - q[i])^2/2 + (q[i]^2 - 1)^2/4, i = 1..N)
`,
  coordinates: {
    q: "field at each site",
    p: "its momentum",
  },
  initialStates: {
    default: { x0: [1, 0.9, 0.3, -0.6, -1, -0.8, 0.1, 0.7, 0, 0.1, 0, 0, -0.1, 0, 0.2, 0] },
    vacuum: { x0: [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], energy: 0, note: "an equilibrium" },
  },
  region: { kind: "box", ranges: { q: [-1.5, 1.5], p: [-0.5, 0.5] } },
  invariants: [],
  source: {
    citation:
      "D. Boyanovsky, C. Destri, H. J. de Vega, Approach to thermalization in the classical φ⁴ theory in 1+1 dimensions, Physical Review D 69 (2004) 045003",
    doi: "10.1103/PhysRevD.69.045003",
  },
  tags: ["lattice", "chaotic", "scalable"],
};
