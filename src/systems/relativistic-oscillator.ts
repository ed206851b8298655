import type { System } from "./system.ts";

export const relativisticOscillator: System = {
  name: "relativistic-oscillator",
  title: "Relativistic oscillator",
  description: "A relativistic mass on a linear spring; its speed stays below c however far it is pulled.",
  model: `
m = 1.5;  c = 1;  k = 2
q(0) = 2, p(0) = 0
H = sqrt(m^2 c^4 + p^2 c^2) + k q^2/2
`,
  coordinates: {
    q: "displacement",
    p: "relativistic momentum",
  },
  initialStates: {
    default: { x0: [2, 0], energy: 5.5 },
  },
  region: { kind: "box", ranges: { q: [-2, 2], p: [-3, 3] } },
  invariants: [],
  source: {
    citation: "H. Goldstein, C. Poole, J. Safko, Classical Mechanics, 3rd edition, Addison-Wesley 2002, §7.9",
    isbn: "978-0-201-65702-9",
  },
  tags: ["oscillator", "integrable", "relativity"],
};
