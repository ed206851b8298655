import type { System } from "./system.ts";

export const kepler: System = {
  name: "kepler",
  title: "Kepler problem",
  description: "A planet about a fixed sun. Energy, angular momentum and the Laplace–Runge–Lenz vector are conserved.",
  model: `
m = 1;  k = 1
pairs (x, p_x), (y, p_y)
x(0) = 0.4, y(0) = 0, p_x(0) = 0, p_y(0) = 2
r = sqrt(x^2 + y^2)
h = x p_y - y p_x
H = (p_x^2 + p_y^2)/(2 m) - k/r
invariant L = h, A_x = p_y h - m k x/r, A_y = -p_x h - m k y/r
`,
  coordinates: {
    x: "position along the major axis",
    y: "position across it",
    p_x: "momentum along x",
    p_y: "momentum along y",
  },
  initialStates: {
    default: {
      x0: [0.4, 0, 0, 2],
      period: 2 * Math.PI,
      energy: -0.5,
      note: "eccentricity 0.6, semi-major axis 1, at the pericentre",
    },
    circular: { x0: [1, 0, 0, 1], period: 2 * Math.PI, energy: -0.5 },
    eccentric: { x0: [0.1, 0, 0, Math.sqrt(19)], period: 2 * Math.PI, energy: -0.5, note: "eccentricity 0.9" },
  },
  region: { kind: "box", ranges: { x: [0.5, 1.5], y: [0.5, 1.5], p_x: [-0.5, 0.5], p_y: [-0.5, 0.5] } },
  invariants: ["L", "A_x", "A_y"],
  source: {
    citation: "E. Hairer, C. Lubich, G. Wanner, Geometric Numerical Integration, 2nd edition, Springer 2006, §I.2.1",
    doi: "10.1007/3-540-30666-8",
  },
  tags: ["gravity", "integrable"],
};
