import type { System } from "./system.ts";

export const anisotropicOscillator: System = {
  name: "anisotropic-oscillator",
  title: "Anisotropic oscillator",
  description: "A mass in a plane between two springs of different stiffness; the orbit is a Lissajous figure.",
  model: `
m = 1.5;  w_x = 1;  w_y = 1.6180339887498949
pairs (x, p_x), (y, p_y)
x(0) = 1, y(0) = 0.5, p_x(0) = 0, p_y(0) = 1
H = (p_x^2 + p_y^2)/(2 m) + m (w_x^2 x^2 + w_y^2 y^2)/2
invariant E_x = p_x^2/(2 m) + m w_x^2 x^2/2
`,
  coordinates: {
    x: "displacement along the first axis",
    y: "displacement along the second axis",
    p_x: "momentum along x",
    p_y: "momentum along y",
  },
  initialStates: {
    default: { x0: [1, 0.5, 0, 1] },
  },
  region: { kind: "box", ranges: { x: [-1, 1], y: [-1, 1], p_x: [-2, 2], p_y: [-2, 2] } },
  invariants: ["E_x"],
  source: {
    citation: "L. D. Landau, E. M. Lifshitz, Mechanics, 3rd edition, Butterworth-Heinemann 1976, §23",
    isbn: "978-0-7506-2896-9",
  },
  tags: ["oscillator", "integrable"],
};
