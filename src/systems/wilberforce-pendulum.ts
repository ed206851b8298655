import type { System } from "./system.ts";

export const wilberforcePendulum: System = {
  name: "wilberforce-pendulum",
  title: "Wilberforce pendulum",
  description:
    "A coil spring with a bob that both bobs and twists; when tuned, the energy passes wholly from one to the other.",
  model: `
m = 0.5;  I = 0.0001;  k = 2.8;  delta = 0.00056;  eps = 0.01
pairs (z, p_z), (theta, p_theta)
z(0) = 0.1, theta(0) = 0, p_z(0) = 0, p_theta(0) = 0
H = p_z^2/(2 m) + p_theta^2/(2 I) + k z^2/2 + delta theta^2/2 + eps z theta/2
`,
  coordinates: {
    z: "vertical displacement",
    theta: "twist of the bob",
    p_z: "vertical momentum",
    p_theta: "angular momentum of the twist",
  },
  initialStates: {
    default: { x0: [0.1, 0, 0, 0], energy: 0.014 },
  },
  region: { kind: "box", ranges: { z: [-0.1, 0.1], theta: [-6, 6], p_z: [-0.1, 0.1], p_theta: [-0.001, 0.001] } },
  invariants: [],
  source: {
    citation:
      "R. E. Berg, T. S. Marshall, Wilberforce pendulum oscillations and normal modes, American Journal of Physics 59 (1991) 32",
    doi: "10.1119/1.16702",
  },
  tags: ["pendulum", "oscillator", "integrable"],
};
