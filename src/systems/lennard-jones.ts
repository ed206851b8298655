import type { System } from "./system.ts";

/** Corners of a regular tetrahedron whose edges are the bond length 2^(1/6). */
const tetrahedron = [1, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1].map((x) => (x * 2 ** (1 / 6)) / Math.sqrt(8));

export const lennardJones: System = {
  name: "lennard-jones",
  title: "Lennard-Jones cluster",
  description:
    "Four atoms held by van der Waals forces in reduced units; at rest in a regular tetrahedron all six bonds are at their minimum.",
  model: `
m = 1.5;  eps = 1;  sigma = 1;  N = 4
q: [N, 3], p: [N, 3]
V(s) = 4 eps ((sigma^2/s)^6 - (sigma^2/s)^3)
H = sum(p[i]^2, i = 1..N)/(2 m) + sum(V((q[i] - q[j])^2), i < j)
invariant P_x = sum(p[i,1], i = 1..N), P_y = sum(p[i,2], i = 1..N), P_z = sum(p[i,3], i = 1..N)
invariant L_z = sum(q[i,1] p[i,2] - q[i,2] p[i,1], i = 1..N)
`,
  coordinates: {
    q: "positions, a row [x, y, z] for each atom",
    p: "momenta, a row for each atom",
  },
  initialStates: {
    default: { x0: [...tetrahedron, 0.1, -0.2, 0, 0, 0.1, 0.2, -0.2, 0, -0.1, 0.1, 0.1, -0.1] },
    tetrahedron: { x0: [...tetrahedron, ...tetrahedron.map(() => 0)], energy: -6, note: "the ground state" },
  },
  region: { kind: "near", state: "default", spread: 0.05 },
  invariants: ["P_x", "P_y", "P_z", "L_z"],
  source: {
    citation:
      "J. E. Jones, On the determination of molecular fields II, Proceedings of the Royal Society A 106 (1924) 463",
    doi: "10.1098/rspa.1924.0082",
  },
  tags: ["particles", "chaotic", "scalable"],
};
