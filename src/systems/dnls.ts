import type { System } from "./system.ts";

export const dnls: System = {
  name: "dnls",
  title: "Discrete nonlinear Schrödinger equation",
  description:
    "A ring of coupled anharmonic modes ψ = (q + i p)/√2: tight-binding light or atoms, with self-trapped states. The norm is conserved.",
  model: `
N = 6;  c = 0.8;  gamma = 1.5
q: [N], p: [N]
q(0) = [1, 0.4, 0, 0, -0.2, 0.3], p(0) = [0, 0.5, 0.2, -0.1, 0, 0]
ring q, p
H = sum(-c (q[i] q[i+1] + p[i] p[i+1]) - gamma (q[i]^2 + p[i]^2)^2/8, i = 1..N)
invariant norm_2 = sum(q[i]^2 + p[i]^2, i = 1..N)/2
`,
  coordinates: {
    q: "√2 times the real part of the amplitude",
    p: "√2 times the imaginary part",
  },
  initialStates: {
    default: { x0: [1, 0.4, 0, 0, -0.2, 0.3, 0, 0.5, 0.2, -0.1, 0, 0] },
  },
  region: { kind: "box", ranges: { q: [-1, 1], p: [-1, 1] } },
  invariants: ["norm_2"],
  source: {
    citation:
      "J. C. Eilbeck, M. Johansson, The discrete nonlinear Schrödinger equation – 20 years on, in Localization and Energy Transfer in Nonlinear Systems, World Scientific 2003",
    arxiv: "nlin/0211049",
  },
  tags: ["lattice", "quantum-classical", "non-separable", "chaotic", "scalable"],
};
