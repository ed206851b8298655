import type { System } from "./system.ts";

const length = 32;
const mode = Array.from(
  { length },
  (_, at) => Math.sqrt(2 / (length + 1)) * Math.sin((Math.PI * (at + 1)) / (length + 1)),
);

export const fputBeta: System = {
  name: "fput-beta",
  title: "FPUT chain, beta",
  description: "Fermi, Pasta, Ulam and Tsingou's chain with cubic forces and fixed ends.",
  model: `
N = 32;  beta = 0.3
q: [N], p: [N]
boundary q = 0
V(r) = r^2/2 + beta r^4/4
H = sum(p[i]^2, i = 1..N)/2 + sum(V(q[i+1] - q[i]), i = 0..N)
`,
  coordinates: {
    q: "displacements",
    p: "momenta",
  },
  initialStates: {
    default: { x0: [...mode.map((a) => 4 * a), ...mode.map(() => 0)], note: "the lowest mode at amplitude 4" },
  },
  region: { kind: "box", ranges: { q: [-0.5, 0.5], p: [-0.5, 0.5] } },
  invariants: [],
  source: {
    citation:
      "E. Fermi, J. Pasta, S. Ulam, M. Tsingou, Studies of the nonlinear problems, Los Alamos report LA-1940, 1955",
    doi: "10.2172/4376203",
  },
  tags: ["lattice", "chaotic", "scalable"],
};
