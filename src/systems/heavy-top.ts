import type { System } from "./system.ts";

export const heavyTop: System = {
  name: "heavy-top",
  title: "Heavy symmetric top",
  description:
    "Lagrange's top in Euler angles: precession and nutation of a spinning top. Both angular momenta are conserved.",
  model: `
I_1 = 1.2;  I_3 = 0.5;  m = 0.8;  g = 9.81;  l = 0.3
pairs (theta, p_theta), (phi, p_phi), (psi, p_psi)
theta(0) = 0.6, phi(0) = 0, psi(0) = 0, p_theta(0) = 0, p_phi(0) = 3, p_psi(0) = 4
H = p_theta^2/(2 I_1) + (p_phi - p_psi cos(theta))^2/(2 I_1 sin(theta)^2) + p_psi^2/(2 I_3) + m g l cos(theta)
invariant L_z = p_phi, L_3 = p_psi
`,
  coordinates: {
    theta: "inclination of the axis from the upward vertical",
    phi: "precession angle",
    psi: "spin angle",
    p_theta: "momentum conjugate to theta",
    p_phi: "angular momentum about the vertical",
    p_psi: "angular momentum about the top's axis",
  },
  initialStates: {
    default: { x0: [0.6, 0, 0, 0, 3, 4] },
  },
  region: {
    kind: "box",
    ranges: { theta: [0.4, 2], phi: [-3, 3], psi: [-3, 3], p_theta: [-1, 1], p_phi: [1, 4], p_psi: [1, 4] },
  },
  invariants: ["L_z", "L_3"],
  source: {
    citation: "H. Goldstein, C. Poole, J. Safko, Classical Mechanics, 3rd edition, Addison-Wesley 2002, §5.7",
    isbn: "978-0-201-65702-9",
  },
  tags: ["rigid-body", "integrable", "non-separable"],
};
