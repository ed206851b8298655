import type { System } from "./system.ts";

export const paulTrap: System = {
  name: "paul-trap",
  title: "Paul trap",
  description:
    "An ion in the oscillating quadrupole field of a linear Paul trap: two Mathieu equations of opposite sign.",
  model: `
m = 1.5;  w = 2;  a = 0.01;  b = 0.3
pairs (x, p_x), (y, p_y)
x(0) = 1, y(0) = 0.5, p_x(0) = 0, p_y(0) = 0
H = (p_x^2 + p_y^2)/(2 m) + m w^2 ((a - 2 b cos(w t)) x^2 + (a + 2 b cos(w t)) y^2)/8
`,
  coordinates: {
    x: "position between the first pair of rods",
    y: "position between the second pair",
    p_x: "momentum along x",
    p_y: "momentum along y",
  },
  initialStates: {
    default: { x0: [1, 0.5, 0, 0] },
  },
  region: { kind: "box", ranges: { x: [-1, 1], y: [-1, 1], p_x: [-1, 1], p_y: [-1, 1] } },
  invariants: [],
  source: {
    citation:
      "W. Paul, Electromagnetic traps for charged and neutral particles, Reviews of Modern Physics 62 (1990) 531",
    doi: "10.1103/RevModPhys.62.531",
  },
  tags: ["electromagnetic", "time-dependent"],
};
