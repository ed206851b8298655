import type { Integrator } from "./integrator.ts";
import { splitting } from "./splitting.ts";

/** A kick with the old q, then a drift with the new p. */
export const symplecticEuler: Integrator = splitting({
  name: "symplectic-euler",
  title: "Symplectic Euler",
  order: 1,
  reversible: false,
  drift: [0, 1],
  kick: [1],
  source: {
    citation:
      "R. de Vogelaere, Methods of integration which preserve the contact transformation property of the Hamilton equations, University of Notre Dame Report 4, 1956; E. Hairer, C. Lubich, G. Wanner, Geometric Numerical Integration, 2nd edition, Springer 2006, I.1.2",
    doi: "10.1007/3-540-30666-8",
  },
});
