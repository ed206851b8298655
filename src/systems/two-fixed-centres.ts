import type { System } from "./system.ts";

export const twoFixedCentres: System = {
  name: "two-fixed-centres",
  title: "Two fixed centres",
  description:
    "A planet under the gravity of two suns nailed at (±c, 0): Euler's problem, integrable in elliptic coordinates.",
  model: `
k1 = 1;  k2 = 0.6;  c = 1
pairs (x, p_x), (y, p_y)
x(0) = 0.3, y(0) = 1.5, p_x(0) = 0.6, p_y(0) = 0.1
r1 = sqrt((x + c)^2 + y^2)
r2 = sqrt((x - c)^2 + y^2)
H = (p_x^2 + p_y^2)/2 - k1/r1 - k2/r2
invariant W = (x p_y - y p_x)^2 - c^2 p_y^2 + 2 c (k1 (x + c)/r1 - k2 (x - c)/r2)
`,
  coordinates: {
    x: "position along the line of the suns",
    y: "position across it",
    p_x: "momentum along x",
    p_y: "momentum along y",
  },
  initialStates: {
    default: { x0: [0.3, 1.5, 0.6, 0.1] },
  },
  region: { kind: "box", ranges: { x: [-1.5, 1.5], y: [0.5, 1.5], p_x: [-0.6, 0.6], p_y: [-0.6, 0.6] } },
  invariants: ["W"],
  source: {
    citation:
      "H. A. Erikson, E. L. Hill, A note on the one-electron states of diatomic molecules, Physical Review 75 (1949) 29",
    doi: "10.1103/PhysRev.75.29",
  },
  tags: ["gravity", "integrable"],
};
