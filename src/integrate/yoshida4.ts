import type { Integrator } from "./integrator.ts";
import { composition, splitting } from "./splitting.ts";

/** 1/(2 − ∛2) and 1 − 2/(2 − ∛2). */
const [outer, inner] = [1.3512071919596575, -1.7024143839193153];

/** Three leapfrogs, the middle one backwards. */
export const yoshida4: Integrator = splitting({
  name: "yoshida4",
  title: "Yoshida's (Forest–Ruth) order 4",
  order: 4,
  reversible: true,
  ...composition([outer, inner, outer]),
  source: {
    citation: "H. Yoshida, Construction of higher order symplectic integrators, Physics Letters A 150 (1990) 262–268",
    doi: "10.1016/0375-9601(90)90092-3",
  },
});
