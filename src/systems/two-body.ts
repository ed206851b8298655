import type { System } from "./system.ts";

export const twoBody: System = {
  name: "two-body",
  title: "Two bodies (HNN task 4)",
  description:
    "Two unit masses under mutual gravity in a plane, in the coordinates of the Hamiltonian neural networks paper.",
  model: `
pairs (qx1, px1), (qx2, px2), (qy1, py1), (qy2, py2)
qx1(0) = 1, qx2(0) = -1, qy1(0) = 0, qy2(0) = 0, px1(0) = 0, px2(0) = 0, py1(0) = 0.5, py2(0) = -0.5
H = (px1^2 + px2^2 + py1^2 + py2^2)/2 - 1/sqrt((qx1 - qx2)^2 + (qy1 - qy2)^2)
invariant P_x = px1 + px2, P_y = py1 + py2, L = qx1 py1 - qy1 px1 + qx2 py2 - qy2 px2
`,
  coordinates: {
    qx1: "x of body 1",
    qx2: "x of body 2",
    qy1: "y of body 1",
    qy2: "y of body 2",
    px1: "x-momentum of body 1",
    px2: "x-momentum of body 2",
    py1: "y-momentum of body 1",
    py2: "y-momentum of body 2",
  },
  initialStates: {
    default: { x0: [1, -1, 0, 0, 0, 0, 0.5, -0.5], period: 4 * Math.PI, energy: -0.25, note: "circular" },
  },
  region: { kind: "orbit", bodies: 2, radius: [0.5, 1.5], noise: 0.05 },
  trainingSet: {
    trajectories: 1000,
    points: 50,
    t: [0, 20],
    noise: 0,
    split: { test: 0.2, which: "first" },
  },
  invariants: ["P_x", "P_y", "L"],
  source: {
    citation: "S. Greydanus, M. Dzamba, J. Yosinski, Hamiltonian Neural Networks, NeurIPS 2019",
    arxiv: "1906.01563",
  },
  tags: ["gravity", "integrable", "hnn2019"],
};
