import type { Integrator } from "./integrator.ts";
import { composition, splitting } from "./splitting.ts";

/**
 * w₇ … w₁ of the published solution with w₇ = 0.9148…: its 15 digits continued to double precision by Newton's method
 * on the order conditions.
 */
const outer = [
  0.9148442462297915, 0.25369333656621135, -1.4448522368606052, -0.15824063536805016, 1.9381391376225259,
  -1.9606102329753108, 0.10279984939179644,
];
const centre = 1.7084530707872816;

/** Fifteen leapfrogs. */
export const yoshida8: Integrator = splitting({
  name: "yoshida8",
  title: "Yoshida's order 8",
  order: 8,
  reversible: true,
  ...composition([...outer, centre, ...outer.toReversed()]),
  source: {
    citation:
      "H. Yoshida, Construction of higher order symplectic integrators, Physics Letters A 150 (1990) 262–268, table 2",
    doi: "10.1016/0375-9601(90)90092-3",
  },
});
