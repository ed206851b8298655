import { gauss } from "./gauss.ts";
import type { Integrator } from "./integrator.ts";

const w = Math.sqrt(3) / 6;

export const gauss4: Integrator = gauss({
  name: "gauss4",
  title: "Gauss–Legendre order 4",
  order: 4,
  a: [
    [1 / 4, 1 / 4 - w],
    [1 / 4 + w, 1 / 4],
  ],
  b: [1 / 2, 1 / 2],
  c: [1 / 2 - w, 1 / 2 + w],
  source: {
    citation:
      "J. C. Butcher, Implicit Runge–Kutta processes, Mathematics of Computation 18 (1964) 50–64; iteration by E. Hairer, R. I. McLachlan, A. Razakarivony, BIT 48 (2008) 231–243",
    doi: "10.1090/S0025-5718-1964-0159424-9",
  },
});
