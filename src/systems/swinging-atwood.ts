import type { System } from "./system.ts";

export const swingingAtwood: System = {
  name: "swinging-atwood",
  title: "Swinging Atwood machine",
  description:
    "Two masses joined by a thread over pulleys; one moves straight, the other swings. Integrable at a mass ratio of three.",
  model: `
M = 2.5;  m = 1;  g = 9.81
pairs (r, p_r), (theta, p_theta)
r(0) = 1, theta(0) = 1.2, p_r(0) = 0, p_theta(0) = 0
H = p_r^2/(2 (M + m)) + p_theta^2/(2 m r^2) + M g r - m g r cos(theta)
`,
  coordinates: {
    r: "length of the swinging thread",
    theta: "angle of the swinging thread from the downward vertical",
    p_r: "radial momentum of both masses",
    p_theta: "angular momentum of the swinging mass",
  },
  initialStates: {
    default: { x0: [1, 1.2, 0, 0] },
  },
  region: { kind: "box", ranges: { r: [0.5, 1.5], theta: [-1.5, 1.5], p_r: [-1, 1], p_theta: [-1, 1] } },
  invariants: [],
  source: {
    citation:
      "N. B. Tufillaro, T. A. Abbott, D. J. Griffiths, Swinging Atwood's machine, American Journal of Physics 52 (1984) 895",
    doi: "10.1119/1.13791",
  },
  tags: ["pendulum", "chaotic", "non-separable"],
};
