import type { System } from "./system.ts";

export const mullerBrown: System = {
  name: "muller-brown",
  title: "Müller–Brown surface",
  description:
    "A particle on the classic test surface of reaction paths: three minima and two passes made of four Gaussians. The parameters are the published ones, energies divided by 100.",
  model: `
m = 1
A = [-2, -1, -1.7, 0.15];  a = [-1, -1, -6.5, 0.7];  b = [0, 0, 11, 0.6];  c = [-10, -10, -6.5, 0.7]
u = [1, 0, -0.5, -1];  v = [0, 0.5, 1.5, 1]
pairs (x, p_x), (y, p_y)
x(0) = -0.4, y(0) = 1.3, p_x(0) = 0, p_y(0) = 0
H = (p_x^2 + p_y^2)/(2 m) + sum(A[i] exp(a[i] (x - u[i])^2 + b[i] (x - u[i]) (y - v[i]) + c[i] (y - v[i])^2), i = 1..4)
`,
  coordinates: {
    x: "first coordinate of the surface",
    y: "second coordinate of the surface",
    p_x: "momentum along x",
    p_y: "momentum along y",
  },
  initialStates: {
    default: { x0: [-0.4, 1.3, 0, 0] },
    "deepest-minimum": {
      x0: [-0.5582236346330243, 1.4417258418046688, 0, 0],
      energy: -1.46699517209954,
      note: "the energy minimum, −146.7 in the published units",
    },
  },
  region: { kind: "box", ranges: { x: [-1, 0.8], y: [0, 1.6], p_x: [-0.5, 0.5], p_y: [-0.5, 0.5] } },
  invariants: [],
  source: {
    citation:
      "K. Müller, L. D. Brown, Location of saddle points and minimum energy paths by a constrained simplex optimization procedure, Theoretica Chimica Acta 53 (1979) 75",
    doi: "10.1007/BF00547608",
  },
  tags: ["oscillator", "chaotic"],
};
