import type { System } from "./system.ts";

export const drivenPendulum: System = {
  name: "driven-pendulum",
  title: "Driven pendulum",
  description: "A damped pendulum under a periodic torque, in the chaotic regime.",
  model: `
A = 1.5;  w = 0.6666666666666666;  b = 0.5
q(0) = 0.2, p(0) = 0
H = p^2/2 - cos(q) - A q cos(w t)
damping p = b
`,
  coordinates: {
    q: "angle from the downward vertical",
    p: "angular momentum",
  },
  initialStates: {
    default: { x0: [0.2, 0] },
  },
  region: { kind: "box", ranges: { q: [-3, 3], p: [-2, 2] } },
  invariants: [],
  source: {
    citation:
      "G. L. Baker, J. P. Gollub, Chaotic Dynamics: An Introduction, 2nd edition, Cambridge University Press 1996, chapter 3",
    isbn: "978-0-521-47685-0",
  },
  tags: ["pendulum", "chaotic", "time-dependent", "damped"],
};
