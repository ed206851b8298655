import type { System } from "./system.ts";

const masses = [1.00000597682, 0.000954786104043, 0.000285583733151, 0.0000437273164546, 0.0000517759138449, 1 / 1.3e8];

const positions = [
  0, 0, 0, -3.5023653, -3.8169847, -1.5507963, 9.0755314, -3.0458353, -1.6483708, 8.310142, -16.2901086, -7.2521278,
  11.4707666, -25.7294829, -10.8169456, -15.5387357, -25.2225594, -3.1902382,
];

const velocities = [
  0, 0, 0, 0.00565429, -0.0041249, -0.00190589, 0.00168318, 0.00483525, 0.00192462, 0.00354178, 0.00137102, 0.00055029,
  0.0028893, 0.00114527, 0.00039677, 0.00276725, -0.00170702, -0.00136504,
];

export const outerSolarSystem: System = {
  name: "outer-solar-system",
  title: "Outer solar system",
  description:
    "Sun (with the inner planets), Jupiter, Saturn, Uranus, Neptune and Pluto from 5 September 1994; astronomical units, days, solar masses.",
  model: `
G = 0.000295912208286
m = [1.00000597682, 0.000954786104043, 0.000285583733151, 0.0000437273164546, 0.0000517759138449, 7.692307692307693e-9]
q: [6, 3], p: [6, 3]
H = sum(p[i]^2/(2 m[i]), i = 1..6) - G sum(m[i] m[j]/|q[i] - q[j]|, i < j)
invariant P_x = sum(p[i,1], i = 1..6), P_y = sum(p[i,2], i = 1..6), P_z = sum(p[i,3], i = 1..6)
invariant L_x = sum(q[i,2] p[i,3] - q[i,3] p[i,2], i = 1..6)
invariant L_y = sum(q[i,3] p[i,1] - q[i,1] p[i,3], i = 1..6)
invariant L_z = sum(q[i,1] p[i,2] - q[i,2] p[i,1], i = 1..6)
`,
  coordinates: {
    q: "positions relative to the initial sun, a row [x, y, z] for each body, in astronomical units",
    p: "momenta, a row for each body, in solar masses times astronomical units a day",
  },
  initialStates: {
    default: { x0: [...positions, ...velocities.map((v, at) => v * masses[Math.floor(at / 3)]!)] },
  },
  region: { kind: "near", state: "default", spread: 1e-3, relative: true },
  invariants: ["P_x", "P_y", "P_z", "L_x", "L_y", "L_z"],
  units: "solar mass, au, day (as plain numbers)",
  source: {
    citation:
      "E. Hairer, C. Lubich, G. Wanner, Geometric Numerical Integration, 2nd edition, Springer 2006, §I.2.4, table 2.2",
    doi: "10.1007/3-540-30666-8",
  },
  tags: ["gravity"],
};
