import type { System } from "./system.ts";

export const bosonicJosephson: System = {
  name: "bosonic-josephson",
  title: "Bosonic Josephson junction",
  description:
    "Two coupled Bose condensates: the population difference and the phase behave as a pendulum whose length shrinks with its momentum.",
  model: `
U = 6
pairs (phi, z)
phi(0) = 0, z(0) = 0.5
H = U z^2/2 - sqrt(1 - z^2) cos(phi)
`,
  coordinates: {
    phi: "phase difference",
    z: "population difference as a fraction",
  },
  initialStates: {
    default: { x0: [0, 0.5] },
  },
  region: { kind: "box", ranges: { phi: [-3, 3], z: [-0.8, 0.8] } },
  invariants: [],
  source: {
    citation:
      "A. Smerzi, S. Fantoni, S. Giovanazzi, S. R. Shenoy, Quantum coherent atomic tunneling between two trapped Bose–Einstein condensates, Physical Review Letters 79 (1997) 4950",
    doi: "10.1103/PhysRevLett.79.4950",
  },
  tags: ["quantum-classical", "integrable", "non-separable"],
};
