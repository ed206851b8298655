import type { System } from "./system.ts";

export const caldirolaKanai: System = {
  name: "caldirola-kanai",
  title: "Caldirola–Kanai oscillator",
  description: "A damped oscillator written as a time-dependent Hamiltonian: the mass grows as exp(gamma t).",
  model: `
m = 2;  w = 1.5;  gamma = 0.1
q(0) = 1, p(0) = 0
H = exp(-gamma t) p^2/(2 m) + exp(gamma t) m w^2 q^2/2
invariant K = exp(-gamma t) p^2/(2 m) + exp(gamma t) m w^2 q^2/2 + gamma q p/2
`,
  coordinates: {
    q: "displacement",
    p: "canonical momentum, exp(gamma t) times the kinetic one",
  },
  initialStates: {
    default: { x0: [1, 0], energy: 2.25 },
  },
  region: { kind: "box", ranges: { q: [-1, 1], p: [-2, 2] } },
  invariants: ["K"],
  source: {
    citation: "E. Kanai, On the quantization of the dissipative systems, Progress of Theoretical Physics 3 (1948) 440",
    doi: "10.1143/ptp/3.4.440",
  },
  tags: ["oscillator", "time-dependent"],
};
