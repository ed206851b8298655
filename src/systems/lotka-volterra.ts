import type { System } from "./system.ts";

export const lotkaVolterra: System = {
  name: "lotka-volterra",
  title: "Lotka–Volterra",
  description:
    "Prey and predators in logarithmic variables, in which the model is Hamiltonian and the populations circle for ever.",
  model: `
a = 1;  b = 0.6;  c = 1.2;  d = 0.5
q(0) = 0.5, p(0) = 0
H = a p - b exp(p) + c q - d exp(q)
`,
  coordinates: {
    q: "logarithm of the number of prey: q' = a − b exp(p)",
    p: "logarithm of the number of predators: p' = d exp(q) − c",
  },
  initialStates: {
    default: { x0: [0.5, 0] },
    equilibrium: { x0: [Math.log(1.2 / 0.5), Math.log(1 / 0.6)], note: "both populations constant" },
  },
  region: { kind: "box", ranges: { q: [-1, 2], p: [-1, 2] } },
  invariants: [],
  source: {
    citation: "E. Hairer, C. Lubich, G. Wanner, Geometric Numerical Integration, 2nd edition, Springer 2006, §I.1.1",
    doi: "10.1007/3-540-30666-8",
  },
  tags: ["biology", "integrable"],
};
