import type { System } from "./system.ts";

export const morse: System = {
  name: "morse",
  title: "Morse oscillator",
  description: "The stretching of a diatomic bond: harmonic near the minimum, free beyond the dissociation energy D.",
  model: `
m = 2;  D = 3;  a = 0.8;  r_e = 1.5
pairs (r, p)
r(0) = 2.5, p(0) = 0
H = p^2/(2 m) + D (1 - exp(-a (r - r_e)))^2
`,
  coordinates: {
    r: "bond length",
    p: "momentum of the reduced mass",
  },
  initialStates: {
    default: { x0: [2.5, 0] },
  },
  region: { kind: "box", ranges: { r: [1, 3], p: [-2, 2] } },
  invariants: [],
  source: {
    citation:
      "P. M. Morse, Diatomic molecules according to the wave mechanics II. Vibrational levels, Physical Review 34 (1929) 57",
    doi: "10.1103/PhysRev.34.57",
  },
  tags: ["oscillator", "integrable"],
};
