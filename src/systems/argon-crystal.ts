import type { System } from "./system.ts";

/** 66.34e-27 kg over Boltzmann's constant 1.380658e-23 J/K, in K ns²/nm². */
const mass = 66.34e-4 / 1.380658;
const positions = [0, 0, 0.02, 0.39, 0.34, 0.17, 0.36, -0.21, -0.02, -0.4, -0.35, -0.16, -0.31, 0.21];
const velocities = [-30, -20, 50, -90, -70, -60, 90, 40, 80, 90, -40, 100, -80, -60];

export const argonCrystal: System = {
  name: "argon-crystal",
  title: "Frozen argon crystal",
  description:
    "Seven argon atoms in a plane, six around one, near the ground state. Nanometres, nanoseconds, energies in kelvin.",
  model: `
m = 0.004804955318406152;  eps = 119.8;  sigma = 0.341
q: [7, 2], p: [7, 2]
V(s) = 4 eps ((sigma^2/s)^6 - (sigma^2/s)^3)
H = sum(p[i]^2, i = 1..7)/(2 m) + sum(V((q[i] - q[j])^2), i < j)
invariant P_x = sum(p[i,1], i = 1..7), P_y = sum(p[i,2], i = 1..7)
invariant L = sum(q[i,1] p[i,2] - q[i,2] p[i,1], i = 1..7)
`,
  coordinates: {
    q: "positions, a row [x, y] for each atom, in nanometres",
    p: "momenta, a row for each atom",
  },
  initialStates: {
    default: {
      x0: [...positions, ...velocities.map((v) => mass * v)],
      energy: -1260.2066229194388,
      note: "the book gives −1260.2",
    },
  },
  region: { kind: "near", state: "default", spread: 0.005 },
  invariants: ["P_x", "P_y", "L"],
  units: "nm, ns, K (as plain numbers)",
  source: {
    citation: "E. Hairer, C. Lubich, G. Wanner, Geometric Numerical Integration, 2nd edition, Springer 2006, §I.4",
    doi: "10.1007/3-540-30666-8",
  },
  tags: ["particles", "chaotic"],
};
