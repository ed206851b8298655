import type { System } from "./system.ts";

export const doublePendulum: System = {
  name: "double-pendulum",
  title: "Double pendulum",
  description:
    "Two point masses on light rods, one hung from the other. The kinetic energy couples angles and momenta, so H does not separate.",
  model: `
m1 = 1 kg;  m2 = 0.7 kg;  l1 = 1 m;  l2 = 0.8 m;  g = 9.81 m/s^2
pairs (theta1, p1), (theta2, p2)
theta1 [rad], theta2 [rad], p1 [kg m^2/s], p2 [kg m^2/s]
theta1(0) = 2, theta2(0) = 2.5, p1(0) = 0, p2(0) = 0
T = (m2 l2^2 p1^2 + (m1 + m2) l1^2 p2^2 - 2 m2 l1 l2 p1 p2 cos(theta1 - theta2))/(2 m2 l1^2 l2^2 (m1 + m2 sin(theta1 - theta2)^2))
H = T - (m1 + m2) g l1 cos(theta1) - m2 g l2 cos(theta2)
`,
  coordinates: {
    theta1: "angle of the upper rod from the downward vertical",
    theta2: "angle of the lower rod from the downward vertical",
    p1: "momentum conjugate to theta1",
    p2: "momentum conjugate to theta2",
  },
  initialStates: {
    default: { x0: [2, 2.5, 0, 0] },
    small: { x0: [0.1, 0.15, 0, 0] },
  },
  region: { kind: "box", ranges: { theta1: [-3, 3], theta2: [-3, 3], p1: [-3, 3], p2: [-2, 2] } },
  invariants: [],
  units: "kg, m, s, rad",
  source: {
    citation:
      "T. Shinbrot, C. Grebogi, J. Wisdom, J. A. Yorke, Chaos in a double pendulum, American Journal of Physics 60 (1992) 491",
    doi: "10.1119/1.16860",
  },
  tags: ["pendulum", "chaotic", "non-separable"],
};
