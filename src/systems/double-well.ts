import type { System } from "./system.ts";

export const doubleWell: System = {
  name: "double-well",
  title: "Double well",
  description:
    "A mass in a quartic potential with two valleys; a separatrix parts motion in one valley from motion over both.",
  model: `
m = 1.5;  a = 1;  b = 1
q(0) = 0.5, p(0) = 0
H = p^2/(2 m) - a q^2/2 + b q^4/4
`,
  coordinates: {
    q: "displacement from the top between the valleys",
    p: "momentum",
  },
  initialStates: {
    default: { x0: [0.5, 0], energy: -0.109375 },
    "over-the-top": { x0: [1.6, 0] },
  },
  region: { kind: "box", ranges: { q: [-1.8, 1.8], p: [-1.5, 1.5] } },
  invariants: [],
  source: {
    citation: "S. H. Strogatz, Nonlinear Dynamics and Chaos, 2nd edition, Westview Press 2014, §6.5",
    isbn: "978-0-8133-4910-7",
  },
  tags: ["oscillator", "integrable"],
};
