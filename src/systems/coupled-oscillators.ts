import type { System } from "./system.ts";

export const coupledOscillators: System = {
  name: "coupled-oscillators",
  title: "Two coupled oscillators",
  description: "Two equal masses, each on its own spring and joined by a third; energy wanders between them.",
  model: `
m = 2;  k = 1;  k_c = 0.2
pairs (q1, p1), (q2, p2)
q1(0) = 1, q2(0) = 0, p1(0) = 0, p2(0) = 0
H = (p1^2 + p2^2)/(2 m) + k (q1^2 + q2^2)/2 + k_c (q2 - q1)^2/2
invariant E_sum = (p1 + p2)^2/(4 m) + k (q1 + q2)^2/4
`,
  coordinates: {
    q1: "displacement of the first mass",
    q2: "displacement of the second mass",
    p1: "momentum of the first mass",
    p2: "momentum of the second mass",
  },
  initialStates: {
    default: { x0: [1, 0, 0, 0], energy: 0.6 },
    "in-phase": { x0: [1, 1, 0, 0], energy: 1 },
  },
  region: { kind: "box", ranges: { q1: [-1, 1], q2: [-1, 1], p1: [-2, 2], p2: [-2, 2] } },
  invariants: ["E_sum"],
  source: {
    citation: "L. D. Landau, E. M. Lifshitz, Mechanics, 3rd edition, Butterworth-Heinemann 1976, §23",
    isbn: "978-0-7506-2896-9",
  },
  tags: ["oscillator", "integrable"],
};
