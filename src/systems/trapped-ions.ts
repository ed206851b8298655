import type { System } from "./system.ts";

export const trappedIons: System = {
  name: "trapped-ions",
  title: "Ions in a linear trap",
  description:
    "A string of ions in a harmonic trap that repel by Coulomb forces: the register of an ion-trap quantum computer.",
  model: `
m = 1.5;  w = 1;  k = 1.5;  N = 3
q: [N], p: [N]
q(0) = [-1.2, 0.1, 1], p(0) = [0, 0.3, -0.1]
H = sum(p[i]^2/(2 m) + m w^2 q[i]^2/2, i = 1..N) + k sum(1/|q[i] - q[j]|, i < j)
`,
  coordinates: {
    q: "positions along the trap",
    p: "momenta",
  },
  initialStates: {
    default: { x0: [-1.2, 0.1, 1, 0, 0.3, -0.1] },
    equilibrium: {
      x0: [-Math.cbrt(1.25), 0, Math.cbrt(1.25), 0, 0, 0],
      note: "three ions at rest, ±(5/4)^(1/3) lengths apart",
    },
  },
  region: { kind: "near", state: "default", spread: 0.2 },
  invariants: [],
  source: {
    citation:
      "D. F. V. James, Quantum dynamics of cold trapped ions with application to quantum computation, Applied Physics B 66 (1998) 181",
    doi: "10.1007/s003400050373",
  },
  tags: ["particles", "electromagnetic", "scalable"],
};
