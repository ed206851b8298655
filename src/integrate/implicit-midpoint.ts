import { gauss } from "./gauss.ts";
import type { Integrator } from "./integrator.ts";

export const implicitMidpoint: Integrator = gauss({
  name: "implicit-midpoint",
  title: "Implicit midpoint rule",
  order: 2,
  a: [[1 / 2]],
  b: [1],
  c: [1 / 2],
  source: {
    citation:
      "J. M. Sanz-Serna, Runge–Kutta schemes for Hamiltonian systems, BIT 28 (1988) 877–883; iteration by E. Hairer, R. I. McLachlan, A. Razakarivony, BIT 48 (2008) 231–243",
    doi: "10.1007/BF01954907",
  },
});
