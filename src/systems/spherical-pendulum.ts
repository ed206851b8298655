import type { System } from "./system.ts";

export const sphericalPendulum: System = {
  name: "spherical-pendulum",
  title: "Spherical pendulum",
  description: "A pendulum free to swing in every direction; the angular momentum about the vertical is conserved.",
  model: `
m = 1.5;  l = 0.8;  g = 9.81
pairs (theta, p_theta), (phi, p_phi)
theta(0) = 1, phi(0) = 0, p_theta(0) = 0, p_phi(0) = 1.2
H = p_theta^2/(2 m l^2) + p_phi^2/(2 m l^2 sin(theta)^2) - m g l cos(theta)
invariant L_z = p_phi
`,
  coordinates: {
    theta: "angle from the downward vertical",
    phi: "azimuth",
    p_theta: "momentum conjugate to theta",
    p_phi: "angular momentum about the vertical",
  },
  initialStates: {
    default: { x0: [1, 0, 0, 1.2] },
  },
  region: { kind: "box", ranges: { theta: [0.5, 2.5], phi: [-3, 3], p_theta: [-2, 2], p_phi: [0.5, 2] } },
  invariants: ["L_z"],
  source: {
    citation: "L. D. Landau, E. M. Lifshitz, Mechanics, 3rd edition, Butterworth-Heinemann 1976, §14, problem 1",
    isbn: "978-0-7506-2896-9",
  },
  tags: ["pendulum", "integrable", "non-separable"],
};
