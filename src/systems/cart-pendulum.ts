import type { System } from "./system.ts";

export const cartPendulum: System = {
  name: "cart-pendulum",
  title: "Pendulum on a cart",
  description: "A pendulum hung from a cart that rolls without friction; total horizontal momentum is conserved.",
  model: `
M = 1.2;  m = 0.4;  l = 0.7;  g = 9.81
pairs (x, p_x), (theta, p_theta)
x(0) = 0, theta(0) = 1, p_x(0) = 0.5, p_theta(0) = 0
T = (m l^2 p_x^2 - 2 m l p_x p_theta cos(theta) + (M + m) p_theta^2)/(2 m l^2 (M + m sin(theta)^2))
H = T - m g l cos(theta)
invariant P_x = p_x
`,
  coordinates: {
    x: "position of the cart",
    theta: "angle of the pendulum from the downward vertical",
    p_x: "total horizontal momentum",
    p_theta: "momentum conjugate to theta",
  },
  initialStates: {
    default: { x0: [0, 1, 0.5, 0] },
  },
  region: { kind: "box", ranges: { x: [-1, 1], theta: [-2, 2], p_x: [-1, 1], p_theta: [-1, 1] } },
  invariants: ["P_x"],
  source: {
    citation:
      "A. M. Bloch, N. E. Leonard, J. E. Marsden, Controlled Lagrangians and the stabilization of mechanical systems I, IEEE Transactions on Automatic Control 45 (2000) 2253",
    doi: "10.1109/9.895562",
  },
  tags: ["pendulum", "integrable", "non-separable"],
};
