import type { System } from "./system.ts";

export const ruijsenaarsSchneider: System = {
  name: "ruijsenaars-schneider",
  title: "Ruijsenaars–Schneider particles",
  description:
    "The relativistic Calogero–Moser model: the momentum dependence is hyperbolic and multiplied by a product over the other particles.",
  model: `
g = 0.8;  N = 3
q: [N], p: [N]
q(0) = [-1.5, 0.1, 1.4], p(0) = [0.5, 0, -0.6]
H = sum(cosh(p[i]) prod(sqrt(1 + g^2/(q[i] - q[j])^2), j != i), i = 1..N)
invariant P = sum(sinh(p[i]) prod(sqrt(1 + g^2/(q[i] - q[j])^2), j != i), i = 1..N)
`,
  coordinates: {
    q: "positions on the line",
    p: "rapidities",
  },
  initialStates: {
    default: { x0: [-1.5, 0.1, 1.4, 0.5, 0, -0.6] },
  },
  region: { kind: "near", state: "default", spread: 0.3 },
  invariants: ["P"],
  source: {
    citation:
      "S. N. M. Ruijsenaars, H. Schneider, A new class of integrable systems and its relation to solitons, Annals of Physics 170 (1986) 370",
    doi: "10.1016/0003-4916(86)90097-7",
  },
  tags: ["particles", "relativity", "integrable", "non-separable", "scalable"],
};
