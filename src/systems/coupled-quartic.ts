import type { System } from "./system.ts";

export const coupledQuartic: System = {
  name: "coupled-quartic",
  title: "Coupled quartic oscillators",
  description:
    "Two quartic oscillators with the homogeneous coupling x² y²: integrable at eps = 0, 1 and 3, chaotic between.",
  model: `
eps = 0.5
pairs (x, p_x), (y, p_y)
x(0) = 0.8, y(0) = 0.3, p_x(0) = 0.2, p_y(0) = 0.7
H = (p_x^2 + p_y^2)/2 + (x^4 + y^4)/4 + eps x^2 y^2/2
`,
  coordinates: {
    x: "first displacement",
    y: "second displacement",
    p_x: "momentum along x",
    p_y: "momentum along y",
  },
  initialStates: {
    default: { x0: [0.8, 0.3, 0.2, 0.7] },
  },
  region: { kind: "box", ranges: { x: [-1, 1], y: [-1, 1], p_x: [-1, 1], p_y: [-1, 1] } },
  invariants: [],
  source: {
    citation:
      "O. Bohigas, S. Tomsovic, D. Ullmo, Manifestations of classical phase space structures in quantum mechanics, Physics Reports 223 (1993) 43",
    doi: "10.1016/0370-1573(93)90109-Q",
  },
  tags: ["oscillator", "chaotic"],
};
