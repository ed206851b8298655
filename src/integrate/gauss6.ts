import { gauss } from "./gauss.ts";
import type { Integrator } from "./integrator.ts";

const w = Math.sqrt(15);

export const gauss6: Integrator = gauss({
  name: "gauss6",
  title: "Gauss–Legendre order 6",
  order: 6,
  a: [
    [5 / 36, 2 / 9 - w / 15, 5 / 36 - w / 30],
    [5 / 36 + w / 24, 2 / 9, 5 / 36 - w / 24],
    [5 / 36 + w / 30, 2 / 9 + w / 15, 5 / 36],
  ],
  b: [5 / 18, 4 / 9, 5 / 18],
  c: [1 / 2 - w / 10, 1 / 2, 1 / 2 + w / 10],
  source: {
    citation:
      "J. C. Butcher, Implicit Runge–Kutta processes, Mathematics of Computation 18 (1964) 50–64; iteration by E. Hairer, R. I. McLachlan, A. Razakarivony, BIT 48 (2008) 231–243",
    doi: "10.1090/S0025-5718-1964-0159424-9",
  },
});
