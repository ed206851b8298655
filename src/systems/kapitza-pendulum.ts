import type { System } from "./system.ts";

export const kapitzaPendulum: System = {
  name: "kapitza-pendulum",
  title: "Kapitza pendulum",
  description: "A pendulum whose pivot shakes up and down so fast that it can stand on its head.",
  model: `
m = 1.5;  l = 1;  g = 1;  a = 0.1;  w = 20
q(0) = 3, p(0) = 0
H = p^2/(2 m l^2) - m l (g - a w^2 cos(w t)) cos(q)
`,
  coordinates: {
    q: "angle from the downward vertical",
    p: "angular momentum in the frame of the pivot",
  },
  initialStates: {
    default: { x0: [3, 0] },
  },
  region: { kind: "box", ranges: { q: [-3.1, 3.1], p: [-1, 1] } },
  invariants: [],
  source: {
    citation: "L. D. Landau, E. M. Lifshitz, Mechanics, 3rd edition, Butterworth-Heinemann 1976, §30",
    isbn: "978-0-7506-2896-9",
  },
  tags: ["pendulum", "time-dependent"],
};
