import type { System } from "./system.ts";

export const stormer: System = {
  name: "stormer",
  title: "Størmer problem",
  description:
    "A charge in the field of a magnetic dipole, in the meridian plane that turns with it: the radiation belts.",
  model: `
pairs (rho, p_rho), (z, p_z)
rho(0) = 1.3, z(0) = 0.1, p_rho(0) = 0.05, p_z(0) = 0.1
r = sqrt(rho^2 + z^2)
H = (p_rho^2 + p_z^2)/2 + (1/rho - rho/r^3)^2/2
`,
  coordinates: {
    rho: "distance from the dipole's axis, in Størmer lengths",
    z: "height above the equator",
    p_rho: "momentum along rho",
    p_z: "momentum along z",
  },
  initialStates: {
    default: { x0: [1.3, 0.1, 0.05, 0.1] },
    thalweg: { x0: [1, 0, 0, 0], energy: 0, note: "a field line on which the particle rests in this frame" },
  },
  region: { kind: "box", ranges: { rho: [0.8, 1.6], z: [-0.3, 0.3], p_rho: [-0.1, 0.1], p_z: [-0.1, 0.1] } },
  invariants: [],
  source: {
    citation: "A. J. Dragt, Trapped orbits in a magnetic dipole field, Reviews of Geophysics 3 (1965) 255",
    doi: "10.1029/RG003i002p00255",
  },
  tags: ["electromagnetic", "chaotic"],
};
