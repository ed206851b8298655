import type { System } from "./system.ts";

export const restrictedThreeBody: System = {
  name: "restricted-three-body",
  title: "Restricted three-body problem",
  description:
    "A satellite near Earth and Moon in the frame that turns with them. The Coriolis terms mix positions and momenta, so H does not separate; H is the Jacobi constant.",
  model: `
mu = 0.012277471
pairs (x, p_x), (y, p_y)
x(0) = 0.994, y(0) = 0, p_x(0) = 0, p_y(0) = -1.0075851063790825
r1 = sqrt((x + mu)^2 + y^2)
r2 = sqrt((x - 1 + mu)^2 + y^2)
H = (p_x^2 + p_y^2)/2 + y p_x - x p_y - (1 - mu)/r1 - mu/r2
`,
  coordinates: {
    x: "position along the line from Earth to Moon",
    y: "position across it",
    p_x: "momentum, velocity plus rotation: x' − y",
    p_y: "momentum, velocity plus rotation: y' + x",
  },
  initialStates: {
    default: { x0: [0.994, 0, 0, -1.0075851063790826], period: 17.065216560157964, note: "the Arenstorf orbit" },
    "lagrange-point-4": {
      x0: [0.5 - 0.012277471, Math.sqrt(3) / 2, -Math.sqrt(3) / 2, 0.5 - 0.012277471],
      note: "an equilibrium",
    },
  },
  region: { kind: "box", ranges: { x: [0.3, 0.7], y: [0.3, 0.8], p_x: [-1, 1], p_y: [-1, 1] } },
  invariants: [],
  source: {
    citation:
      "E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, 2nd edition, Springer 1993, chapter II, equations (0.1)",
    doi: "10.1007/978-3-540-78862-1",
  },
  tags: ["gravity", "chaotic", "non-separable"],
};
