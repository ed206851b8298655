import { extended } from "./extended.ts";
import type { Integrator } from "./integrator.ts";

/** 1/(2 − ∛2) and 1 − 2/(2 − ∛2). */
const [outer, inner] = [1.3512071919596575, -1.7024143839193153];

/** The triple jump over Tao's order 2. */
export const tao4: Integrator = extended({
  name: "tao4",
  title: "Tao's explicit method for any H, order 4",
  order: 4,
  weights: [outer, inner, outer],
  omega: 5,
  source: {
    citation:
      "M. Tao, Explicit symplectic approximation of nonseparable Hamiltonians: algorithm and long time performance, Physical Review E 94 (2016) 043303",
    doi: "10.1103/PhysRevE.94.043303",
  },
});
