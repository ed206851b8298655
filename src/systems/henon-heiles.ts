import type { System } from "./system.ts";

export const henonHeiles: System = {
  name: "henon-heiles",
  title: "Hénon–Heiles",
  description:
    "A star in the meridian plane of a galaxy, the standard model of the passage from order to chaos. Bound below H = 1/6.",
  model: `
lambda = 1
pairs (x, p_x), (y, p_y)
x(0) = 0, y(0) = 0.1, p_x(0) = 0.45, p_y(0) = 0.1
H = (p_x^2 + p_y^2)/2 + (x^2 + y^2)/2 + lambda (x^2 y - y^3/3)
`,
  coordinates: {
    x: "first coordinate in the plane",
    y: "second coordinate in the plane",
    p_x: "momentum along x",
    p_y: "momentum along y",
  },
  initialStates: {
    default: { x0: [0, 0.1, 0.45, 0.1] },
    saddle: { x0: [0, 1, 0, 0], energy: 1 / 6, note: "the escape energy" },
  },
  region: { kind: "box", ranges: { x: [-0.3, 0.3], y: [-0.3, 0.3], p_x: [-0.3, 0.3], p_y: [-0.3, 0.3] } },
  invariants: [],
  source: {
    citation:
      "M. Hénon, C. Heiles, The applicability of the third integral of motion: some numerical experiments, Astronomical Journal 69 (1964) 73",
    doi: "10.1086/109234",
  },
  tags: ["chaotic", "gravity"],
};
