import type { System } from "./system.ts";

export const dampedPendulum: System = {
  name: "damped-pendulum",
  title: "Damped pendulum",
  description: "A pendulum with viscous friction at the pivot.",
  model: `
m = 0.3 kg;  l = 0.5 m;  g = 9.81 m/s^2;  b = 0.02 kg m^2/s
q [rad], p [kg m^2/s]
q(0) = 2, p(0) = 0
H = p^2/(2 m l^2) + m g l (1 - cos(q))
damping p = b
`,
  coordinates: {
    q: "angle from the downward vertical",
    p: "angular momentum about the pivot",
  },
  initialStates: {
    default: { x0: [2, 0] },
  },
  region: { kind: "box", ranges: { q: [-2.5, 2.5], p: [-0.5, 0.5] } },
  invariants: [],
  units: "kg, m, s, rad",
  source: {
    citation: "S. H. Strogatz, Nonlinear Dynamics and Chaos, 2nd edition, Westview Press 2014, §6.7",
    isbn: "978-0-8133-4910-7",
  },
  tags: ["pendulum", "damped"],
};
