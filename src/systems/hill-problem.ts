import type { System } from "./system.ts";

export const hillProblem: System = {
  name: "hill-problem",
  title: "Hill's lunar problem",
  description:
    "The restricted three-body problem seen from the moon's neighbourhood: the limit of a small planet about a distant sun.",
  model: `
pairs (x, p_x), (y, p_y)
x(0) = 0.3, y(0) = 0, p_x(0) = 0, p_y(0) = 2
H = (p_x^2 + p_y^2)/2 + y p_x - x p_y - 1/sqrt(x^2 + y^2) - x^2 + y^2/2
`,
  coordinates: {
    x: "position along the line away from the sun",
    y: "position along the orbit",
    p_x: "momentum: x' − y",
    p_y: "momentum: y' + x",
  },
  initialStates: {
    default: { x0: [0.3, 0, 0, 2] },
  },
  region: { kind: "box", ranges: { x: [0.2, 0.5], y: [0.2, 0.5], p_x: [-1, 1], p_y: [-1, 1] } },
  invariants: [],
  source: {
    citation: "G. W. Hill, Researches in the lunar theory, American Journal of Mathematics 1 (1878) 5",
    doi: "10.2307/2369430",
  },
  tags: ["gravity", "chaotic", "non-separable"],
};
