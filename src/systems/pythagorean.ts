import type { System } from "./system.ts";

export const pythagorean: System = {
  name: "pythagorean",
  title: "Pythagorean three-body problem",
  description:
    "Burrau's problem: masses 3, 4 and 5 start at rest at the corners of the right triangle with those sides, and end with one thrown out.",
  model: `
G = 1;  m = [3, 4, 5]
q: [3, 2], p: [3, 2]
H = sum(p[i]^2/(2 m[i]), i = 1..3) - G sum(m[i] m[j]/|q[i] - q[j]|, i < j)
invariant P_x = sum(p[i,1], i = 1..3), P_y = sum(p[i,2], i = 1..3)
invariant L = sum(q[i,1] p[i,2] - q[i,2] p[i,1], i = 1..3)
`,
  coordinates: {
    q: "positions, a row [x, y] for each body",
    p: "momenta, a row for each body",
  },
  initialStates: {
    default: { x0: [1, 3, -2, -1, 1, -1, 0, 0, 0, 0, 0, 0], energy: -769 / 60 },
  },
  region: { kind: "near", state: "default", spread: 0.3 },
  invariants: ["P_x", "P_y", "L"],
  source: {
    citation:
      "V. Szebehely, C. F. Peters, Complete solution of a general problem of three bodies, Astronomical Journal 72 (1967) 876",
    doi: "10.1086/110355",
  },
  tags: ["gravity", "chaotic"],
};
