import type { System } from "./system.ts";

export const rotatingHoop: System = {
  name: "rotating-hoop",
  title: "Bead on a rotating hoop",
  description:
    "A bead slides on a hoop that turns about its vertical diameter; above a critical speed the bottom becomes unstable.",
  model: `
m = 1.5;  R = 1;  g = 1;  w = 1.4
q(0) = 0.3, p(0) = 0
H = p^2/(2 m R^2) - m R^2 w^2 sin(q)^2/2 - m g R cos(q)
`,
  coordinates: {
    q: "angle from the bottom of the hoop",
    p: "angular momentum along the hoop",
  },
  initialStates: {
    default: { x0: [0.3, 0] },
  },
  region: { kind: "box", ranges: { q: [-2, 2], p: [-2, 2] } },
  invariants: [],
  source: {
    citation: "J. E. Marsden, T. S. Ratiu, Introduction to Mechanics and Symmetry, 2nd edition, Springer 1999, §2.8",
    doi: "10.1007/978-0-387-21792-5",
  },
  tags: ["pendulum", "integrable"],
};
