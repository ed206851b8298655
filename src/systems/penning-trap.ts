import type { System } from "./system.ts";

export const penningTrap: System = {
  name: "penning-trap",
  title: "Penning trap",
  description:
    "A charge held by a magnetic field and an electric quadrupole: three superposed circular and axial motions.",
  model: `
m = 1.5;  w_c = 4;  w_z = 1
pairs (x, p_x), (y, p_y), (z, p_z)
x(0) = 0.5, y(0) = 0, z(0) = 0.3, p_x(0) = 0, p_y(0) = 0.6, p_z(0) = 0.1
H = (p_x^2 + p_y^2 + p_z^2)/(2 m) - w_c (x p_y - y p_x)/2 + m (w_c^2/8 - w_z^2/4) (x^2 + y^2) + m w_z^2 z^2/2
invariant L_z = x p_y - y p_x
invariant E_z = p_z^2/(2 m) + m w_z^2 z^2/2
`,
  coordinates: {
    x: "position",
    y: "position",
    z: "position along the magnetic field",
    p_x: "canonical momentum",
    p_y: "canonical momentum",
    p_z: "momentum along the field",
  },
  initialStates: {
    default: { x0: [0.5, 0, 0.3, 0, 0.6, 0.1] },
  },
  region: { kind: "box", ranges: { x: [-1, 1], y: [-1, 1], z: [-1, 1], p_x: [-1, 1], p_y: [-1, 1], p_z: [-1, 1] } },
  invariants: ["L_z", "E_z"],
  source: {
    citation:
      "L. S. Brown, G. Gabrielse, Geonium theory: physics of a single electron or ion in a Penning trap, Reviews of Modern Physics 58 (1986) 233",
    doi: "10.1103/RevModPhys.58.233",
  },
  tags: ["electromagnetic", "integrable", "non-separable"],
};
