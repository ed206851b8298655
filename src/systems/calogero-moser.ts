import type { System } from "./system.ts";

export const calogeroMoser: System = {
  name: "calogero-moser",
  title: "Calogero–Moser particles",
  description:
    "Particles on a line that repel as the inverse square of the distance: completely integrable, scattering only exchanges momenta.",
  model: `
g = 1.2;  N = 4
q: [N], p: [N]
q(0) = [-2, -0.7, 0.6, 2.1], p(0) = [1, 0.4, -0.3, -0.8]
H = sum(p[i]^2, i = 1..N)/2 + g^2 sum(1/(q[i] - q[j])^2, i < j)
invariant P = sum(p[i], i = 1..N)
invariant I_3 = sum(p[i]^3, i = 1..N)/3 + g^2 sum((p[i] + p[j])/(q[i] - q[j])^2, i < j)
`,
  coordinates: {
    q: "positions on the line",
    p: "momenta",
  },
  initialStates: {
    default: { x0: [-2, -0.7, 0.6, 2.1, 1, 0.4, -0.3, -0.8] },
  },
  region: { kind: "near", state: "default", spread: 0.3 },
  invariants: ["P", "I_3"],
  source: {
    citation:
      "J. Moser, Three integrable Hamiltonian systems connected with isospectral deformations, Advances in Mathematics 16 (1975) 197",
    doi: "10.1016/0001-8708(75)90151-6",
  },
  tags: ["particles", "integrable", "scalable"],
};
