import type { System } from "./system.ts";

export const nBody: System = {
  name: "n-body",
  title: "N bodies",
  description:
    "N point masses under mutual gravity in space, as a sum over pairs. The default is four bodies, two close pairs about each other.",
  model: `
G = 1;  m = [1, 0.8, 0.6, 0.5];  N = 4
q: [N, 3], p: [N, 3]
H = sum(p[i]^2/(2 m[i]), i = 1..N) - G sum(m[i] m[j]/|q[i] - q[j]|, i < j)
invariant P_x = sum(p[i,1], i = 1..N), P_y = sum(p[i,2], i = 1..N), P_z = sum(p[i,3], i = 1..N)
invariant L_x = sum(q[i,2] p[i,3] - q[i,3] p[i,2], i = 1..N)
invariant L_y = sum(q[i,3] p[i,1] - q[i,1] p[i,3], i = 1..N)
invariant L_z = sum(q[i,1] p[i,2] - q[i,2] p[i,1], i = 1..N)
`,
  coordinates: {
    q: "positions, a row [x, y, z] for each body",
    p: "momenta, a row for each body",
  },
  initialStates: {
    default: {
      x0: [2.4, 0, 0, 1.4, 0, 0.1, -2.6, 0, 0, -3.6, 0.1, 0, 0, 0.9, 0, 0, -0.3, 0, 0, -0.7, 0.1, 0, 0.1, -0.1],
    },
  },
  region: { kind: "near", state: "default", spread: 0.1 },
  invariants: ["P_x", "P_y", "P_z", "L_x", "L_y", "L_z"],
  source: {
    citation: "E. Hairer, C. Lubich, G. Wanner, Geometric Numerical Integration, 2nd edition, Springer 2006, §I.2.4",
    doi: "10.1007/3-540-30666-8",
  },
  tags: ["gravity", "chaotic", "scalable"],
};
