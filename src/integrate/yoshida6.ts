import type { Integrator } from "./integrator.ts";
import { composition, splitting } from "./splitting.ts";

/** Solution A, w₃ … w₁: the published 15 digits continued to double precision by Newton's method on the order conditions. */
const outer = [0.7845136104775573, 0.23557321335935813, -1.177679984178871];
const centre = 1.3151863206839112;

/** Seven leapfrogs. */
export const yoshida6: Integrator = splitting({
  name: "yoshida6",
  title: "Yoshida's order 6",
  order: 6,
  reversible: true,
  ...composition([...outer, centre, ...outer.toReversed()]),
  source: {
    citation:
      "H. Yoshida, Construction of higher order symplectic integrators, Physics Letters A 150 (1990) 262–268, table 1",
    doi: "10.1016/0375-9601(90)90092-3",
  },
});
