import type { System } from "./system.ts";

export const quarticOscillator: System = {
  name: "quartic-oscillator",
  title: "Quartic oscillator",
  description: "A mass in a purely quartic well: the period falls as one over the amplitude.",
  model: `
m = 1.5;  c = 2
q(0) = 1, p(0) = 0
H = p^2/(2 m) + c q^4/4
`,
  coordinates: {
    q: "displacement",
    p: "momentum",
  },
  initialStates: {
    default: { x0: [1, 0], energy: 0.5 },
  },
  region: { kind: "box", ranges: { q: [-1.5, 1.5], p: [-2, 2] } },
  invariants: [],
  source: {
    citation: "L. D. Landau, E. M. Lifshitz, Mechanics, 3rd edition, Butterworth-Heinemann 1976, §11, problem 2",
    isbn: "978-0-7506-2896-9",
  },
  tags: ["oscillator", "integrable"],
};
