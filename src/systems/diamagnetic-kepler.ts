import type { System } from "./system.ts";

export const diamagneticKepler: System = {
  name: "diamagnetic-kepler",
  title: "Hydrogen in a magnetic field",
  description:
    "The electron of a hydrogen atom in a strong magnetic field, in atomic units: the diamagnetic Kepler problem.",
  model: `
l = 0.2;  b = 0.5
pairs (rho, p_rho), (z, p_z)
rho(0) = 1, z(0) = 0.5, p_rho(0) = 0.3, p_z(0) = 0.2
H = (p_rho^2 + p_z^2)/2 + l^2/(2 rho^2) - 1/sqrt(rho^2 + z^2) + b^2 rho^2/8
`,
  coordinates: {
    rho: "distance from the axis of the field",
    z: "position along the field",
    p_rho: "momentum along rho",
    p_z: "momentum along z",
  },
  initialStates: {
    default: { x0: [1, 0.5, 0.3, 0.2] },
  },
  region: { kind: "box", ranges: { rho: [0.5, 1.5], z: [-1, 1], p_rho: [-0.5, 0.5], p_z: [-0.5, 0.5] } },
  invariants: [],
  source: {
    citation:
      "H. Friedrich, D. Wintgen, The hydrogen atom in a uniform magnetic field: an example of chaos, Physics Reports 183 (1989) 37",
    doi: "10.1016/0370-1573(89)90121-X",
  },
  tags: ["electromagnetic", "chaotic"],
};
