import type { System } from "./system.ts";

export const rigidBody: System = {
  name: "rigid-body",
  title: "Free rigid body",
  description:
    "A torque-free asymmetric body in Andoyer variables: rotation about the middle axis is unstable, the tennis-racket effect.",
  model: `
A = 1;  B = 1.7;  C = 2.4
pairs (l, L), (g, G)
l(0) = 1.5, g(0) = 0, L(0) = 0.3, G(0) = 2
H = (sin(l)^2/A + cos(l)^2/B) (G^2 - L^2)/2 + L^2/(2 C)
invariant G_0 = G
`,
  coordinates: {
    l: "angle of the body's first axis in its equator",
    g: "angle of the body's equator in the invariable plane",
    L: "angular momentum along the body's third axis",
    G: "total angular momentum",
  },
  initialStates: {
    default: { x0: [1.5, 0, 0.3, 2] },
  },
  region: { kind: "box", ranges: { l: [-3, 3], g: [-3, 3], L: [-1, 1], G: [1.5, 2.5] } },
  invariants: ["G_0"],
  source: {
    citation: "M. Lara, Short-axis-mode rotation of a free rigid body by perturbation series, 2013",
    arxiv: "1308.0677",
  },
  tags: ["rigid-body", "integrable", "non-separable"],
};
