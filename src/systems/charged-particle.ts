import type { System } from "./system.ts";

export const chargedParticle: System = {
  name: "charged-particle",
  title: "Charged particle in a magnetic field",
  description:
    "A charge in uniform magnetic and electric fields along z; the vector potential couples positions and momenta.",
  model: `
m = 1.5;  c = 0.8;  B = 2;  E = 0.1
pairs (x, p_x), (y, p_y), (z, p_z)
x(0) = 1, y(0) = 0, z(0) = 0, p_x(0) = 0, p_y(0) = 0.5, p_z(0) = 0.2
v_x = (p_x + c B y/2)/m
v_y = (p_y - c B x/2)/m
H = m (v_x^2 + v_y^2)/2 + p_z^2/(2 m) - c E z
invariant L_z = x p_y - y p_x
`,
  coordinates: {
    x: "position",
    y: "position",
    z: "position along the fields",
    p_x: "canonical momentum, m x' − c B y/2",
    p_y: "canonical momentum, m y' + c B x/2",
    p_z: "momentum along the fields",
  },
  initialStates: {
    default: { x0: [1, 0, 0, 0, 0.5, 0.2] },
  },
  region: { kind: "box", ranges: { x: [-1, 1], y: [-1, 1], z: [-1, 1], p_x: [-1, 1], p_y: [-1, 1], p_z: [-1, 1] } },
  invariants: ["L_z"],
  source: {
    citation:
      "L. D. Landau, E. M. Lifshitz, The Classical Theory of Fields, 4th edition, Butterworth-Heinemann 1975, §21–22",
    isbn: "978-0-7506-2768-9",
  },
  tags: ["electromagnetic", "integrable", "non-separable"],
};
