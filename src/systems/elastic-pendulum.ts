import type { System } from "./system.ts";

export const elasticPendulum: System = {
  name: "elastic-pendulum",
  title: "Elastic pendulum",
  description:
    "A mass swinging on a spring, in polar coordinates; at a frequency ratio near two to one springing and swinging trade energy.",
  model: `
m = 0.5;  k = 20;  l = 1;  g = 9.81
pairs (r, p_r), (theta, p_theta)
r(0) = 1.3, theta(0) = 0.5, p_r(0) = 0, p_theta(0) = 0
H = p_r^2/(2 m) + p_theta^2/(2 m r^2) + k (r - l)^2/2 - m g r cos(theta)
`,
  coordinates: {
    r: "length of the spring",
    theta: "angle from the downward vertical",
    p_r: "radial momentum",
    p_theta: "angular momentum about the pivot",
  },
  initialStates: {
    default: { x0: [1.3, 0.5, 0, 0] },
  },
  region: { kind: "box", ranges: { r: [0.8, 1.6], theta: [-1.5, 1.5], p_r: [-1, 1], p_theta: [-1, 1] } },
  invariants: [],
  source: {
    citation:
      "E. Breitenberger, R. D. Mueller, The elastic pendulum: a nonlinear paradigm, Journal of Mathematical Physics 22 (1981) 1196",
    doi: "10.1063/1.525030",
  },
  tags: ["pendulum", "chaotic", "non-separable"],
};
