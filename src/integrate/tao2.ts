import { extended } from "./extended.ts";
import type { Integrator } from "./integrator.ts";

export const tao2: Integrator = extended({
  name: "tao2",
  title: "Tao's explicit method for any H, order 2",
  order: 2,
  weights: [1],
  omega: 5,
  source: {
    citation:
      "M. Tao, Explicit symplectic approximation of nonseparable Hamiltonians: algorithm and long time performance, Physical Review E 94 (2016) 043303",
    doi: "10.1103/PhysRevE.94.043303",
  },
});
