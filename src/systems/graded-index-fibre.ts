import type { System } from "./system.ts";

export const gradedIndexFibre: System = {
  name: "graded-index-fibre",
  title: "Ray in a graded-index fibre",
  description:
    "A light ray in a medium whose refractive index falls with the square of the distance from the axis; the fibre's axis takes the place of time.",
  model: `
n_0 = 1.5;  a = 0.3
pairs (x, p_x), (y, p_y)
x(0) = 0.5, y(0) = 0, p_x(0) = 0.1, p_y(0) = 0.3
H = -sqrt(n_0^2 (1 - a^2 (x^2 + y^2)) - p_x^2 - p_y^2)
invariant L = x p_y - y p_x
`,
  coordinates: {
    x: "position across the fibre",
    y: "position across the fibre",
    p_x: "index times direction cosine along x",
    p_y: "index times direction cosine along y",
  },
  initialStates: {
    default: { x0: [0.5, 0, 0.1, 0.3] },
  },
  region: { kind: "box", ranges: { x: [-1, 1], y: [-1, 1], p_x: [-0.4, 0.4], p_y: [-0.4, 0.4] } },
  invariants: ["L"],
  source: {
    citation: "A. Torre, Linear Ray and Wave Optics in Phase Space, Elsevier 2005, chapter 1",
    isbn: "978-0-444-51799-9",
  },
  tags: ["optics", "integrable", "non-separable"],
};
