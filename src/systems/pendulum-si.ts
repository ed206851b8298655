import type { System } from "./system.ts";

export const pendulumSi: System = {
  name: "pendulum-si",
  title: "Pendulum in SI units",
  description: "A point mass on a light rigid rod, with units.",
  model: `
m = 0.3 kg;  l = 0.5 m;  g = 9.81 m/s^2
q [rad], p [kg m^2/s]
q(0) = 1, p(0) = 0
H = p^2/(2 m l^2) + m g l (1 - cos(q))
`,
  coordinates: {
    q: "angle from the downward vertical",
    p: "angular momentum about the pivot",
  },
  initialStates: {
    default: { x0: [1, 0] },
  },
  region: { kind: "box", ranges: { q: [-2, 2], p: [-0.5, 0.5] } },
  invariants: [],
  units: "kg, m, s, rad",
  source: {
    citation: "L. D. Landau, E. M. Lifshitz, Mechanics, 3rd edition, Butterworth-Heinemann 1976, §11",
    isbn: "978-0-7506-2896-9",
  },
  tags: ["pendulum", "integrable"],
};
