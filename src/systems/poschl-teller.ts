import type { System } from "./system.ts";

export const poschlTeller: System = {
  name: "poschl-teller",
  title: "Pöschl–Teller well",
  description: "A mass in a smooth attractive trough of finite depth.",
  model: `
m = 1.5;  V_0 = 2;  a = 0.7
q(0) = 1, p(0) = 0
H = p^2/(2 m) - V_0/cosh(a q)^2
`,
  coordinates: {
    q: "position",
    p: "momentum",
  },
  initialStates: {
    default: { x0: [1, 0] },
  },
  region: { kind: "box", ranges: { q: [-2, 2], p: [-1.5, 1.5] } },
  invariants: [],
  source: {
    citation:
      "G. Pöschl, E. Teller, Bemerkungen zur Quantenmechanik des anharmonischen Oszillators, Zeitschrift für Physik 83 (1933) 143",
    doi: "10.1007/BF01331132",
  },
  tags: ["oscillator", "integrable"],
};
