import type { System } from "./system.ts";

const half = Math.sqrt(3) / 2;
/** The speed of three unit masses on a common circle of radius 1: 3^(-1/4). */
const speed = 1 / Math.sqrt(Math.sqrt(3));

export const threeBody: System = {
  name: "three-body",
  title: "Three bodies (HNN task 5)",
  description:
    "Three unit masses under mutual gravity in a plane, in the coordinates of the Hamiltonian neural networks paper.",
  model: `
pairs (qx1, px1), (qx2, px2), (qx3, px3), (qy1, py1), (qy2, py2), (qy3, py3)
T = (px1^2 + px2^2 + px3^2 + py1^2 + py2^2 + py3^2)/2
V12 = 1/sqrt((qx1 - qx2)^2 + (qy1 - qy2)^2)
V13 = 1/sqrt((qx1 - qx3)^2 + (qy1 - qy3)^2)
V23 = 1/sqrt((qx2 - qx3)^2 + (qy2 - qy3)^2)
H = T - V12 - V13 - V23
invariant P_x = px1 + px2 + px3, P_y = py1 + py2 + py3
invariant L = qx1 py1 - qy1 px1 + qx2 py2 - qy2 px2 + qx3 py3 - qy3 px3
`,
  coordinates: {
    qx1: "x of body 1",
    qx2: "x of body 2",
    qx3: "x of body 3",
    qy1: "y of body 1",
    qy2: "y of body 2",
    qy3: "y of body 3",
    px1: "x-momentum of body 1",
    px2: "x-momentum of body 2",
    px3: "x-momentum of body 3",
    py1: "y-momentum of body 1",
    py2: "y-momentum of body 2",
    py3: "y-momentum of body 3",
  },
  initialStates: {
    default: {
      x0: [1, -0.5, -0.5, 0, half, -half, 0, -half * speed, half * speed, speed, -speed / 2, -speed / 2],
      period: (2 * Math.PI) / speed,
      energy: -Math.sqrt(3) / 2,
      note: "the equilateral circular orbit of Lagrange",
    },
    "figure-eight": {
      x0: [
        0.97000436, -0.97000436, 0, -0.24308753, 0.24308753, 0, 0.466203685, 0.466203685, -0.93240737, 0.43236573,
        0.43236573, -0.86473146,
      ],
      period: 6.32591398,
      energy: -1.287142,
      note: "doi 10.2307/2661357",
    },
  },
  region: { kind: "orbit", bodies: 3, radius: [0.9, 1.2], noise: 0.2 },
  trainingSet: {
    trajectories: 5000,
    points: 20,
    t: [0, 5],
    noise: 0,
    split: { test: 0.2, which: "first" },
  },
  invariants: ["P_x", "P_y", "L"],
  source: {
    citation: "S. Greydanus, M. Dzamba, J. Yosinski, Hamiltonian Neural Networks, NeurIPS 2019",
    arxiv: "1906.01563",
  },
  tags: ["gravity", "chaotic", "hnn2019"],
};
