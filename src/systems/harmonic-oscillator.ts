import type { System } from "./system.ts";

export const harmonicOscillator: System = {
  name: "harmonic-oscillator",
  title: "Harmonic oscillator",
  description: "A mass on a linear spring. Every orbit is an ellipse with the same period.",
  model: `
m = 2;  k = 3
q(0) = 1, p(0) = 0
H = p^2/(2 m) + k q^2/2
`,
  coordinates: {
    q: "displacement from equilibrium",
    p: "momentum",
  },
  initialStates: {
    default: { x0: [1, 0], period: 2 * Math.PI * Math.sqrt(2 / 3), energy: 1.5 },
  },
  region: { kind: "box", ranges: { q: [-2, 2], p: [-3, 3] } },
  invariants: [],
  source: {
    citation: "L. D. Landau, E. M. Lifshitz, Mechanics, 3rd edition, Butterworth-Heinemann 1976, §21",
    isbn: "978-0-7506-2896-9",
  },
  tags: ["oscillator", "integrable"],
};
