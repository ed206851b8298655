import type { System } from "./system.ts";

export const logarithmicPotential: System = {
  name: "logarithmic-potential",
  title: "Logarithmic galactic potential",
  description: "A star in a flattened galaxy with a flat rotation curve: box and loop orbits.",
  model: `
v0 = 1;  R_c = 0.14;  s = 0.9
pairs (x, p_x), (y, p_y)
x(0) = 0.5, y(0) = 0, p_x(0) = 0.1, p_y(0) = 0.6
H = (p_x^2 + p_y^2)/2 + v0^2 ln(R_c^2 + x^2 + y^2/s^2)/2
`,
  coordinates: {
    x: "position along the long axis",
    y: "position along the short axis",
    p_x: "momentum along x",
    p_y: "momentum along y",
  },
  initialStates: {
    default: { x0: [0.5, 0, 0.1, 0.6] },
  },
  region: { kind: "box", ranges: { x: [-1, 1], y: [-1, 1], p_x: [-1, 1], p_y: [-1, 1] } },
  invariants: [],
  source: {
    citation: "J. Binney, S. Tremaine, Galactic Dynamics, 2nd edition, Princeton University Press 2008, §3.3.1",
    isbn: "978-0-691-13027-9",
  },
  tags: ["gravity", "chaotic"],
};
