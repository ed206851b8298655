import type { System } from "./system.ts";

export const schwarzschild: System = {
  name: "schwarzschild",
  title: "Orbit about a black hole",
  description:
    "A free test particle in the equatorial plane of a Schwarzschild black hole; time is the particle's proper time and H is −1/2 on its world line.",
  model: `
M = 1;  E = 0.97
pairs (r, p_r), (phi, p_phi)
r(0) = 10, phi(0) = 0, p_r(0) = 0.3, p_phi(0) = 4
f = 1 - 2 M/r
H = (f p_r^2 + p_phi^2/r^2 - E^2/f)/2
invariant L = p_phi
`,
  coordinates: {
    r: "areal radius, in units of length where G = c = 1",
    phi: "azimuth",
    p_r: "radial momentum",
    p_phi: "angular momentum a unit mass",
  },
  initialStates: {
    default: { x0: [10, 0, 0.3, 4] },
  },
  region: { kind: "box", ranges: { r: [6, 15], phi: [-3, 3], p_r: [-0.3, 0.3], p_phi: [3, 5] } },
  invariants: ["L"],
  source: {
    citation: "J. Levin, G. Perez-Giz, A periodic table for black hole orbits, Physical Review D 77 (2008) 103005",
    doi: "10.1103/PhysRevD.77.103005",
  },
  tags: ["gravity", "relativity", "integrable", "non-separable"],
};
