import type { System } from "./system.ts";

export const duffing: System = {
  name: "duffing",
  title: "Forced Duffing oscillator",
  description: "A damped double-well oscillator under a periodic force, in the chaotic regime.",
  model: `
a = 1;  b = 1;  c = 0.3;  F = 0.5;  w = 1.2
q(0) = 1, p(0) = 0
H = p^2/2 - a q^2/2 + b q^4/4 - F q cos(w t)
damping p = c
`,
  coordinates: {
    q: "displacement",
    p: "momentum",
  },
  initialStates: {
    default: { x0: [1, 0] },
  },
  region: { kind: "box", ranges: { q: [-1.5, 1.5], p: [-1, 1] } },
  invariants: [],
  source: {
    citation:
      "P. Holmes, A nonlinear oscillator with a strange attractor, Philosophical Transactions of the Royal Society A 292 (1979) 419",
    doi: "10.1098/rsta.1979.0068",
  },
  tags: ["oscillator", "chaotic", "time-dependent", "damped"],
};
