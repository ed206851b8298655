import { embedded } from "./embedded.ts";
import type { Integrator } from "./integrator.ts";

const b = [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84];

export const dormandPrince5: Integrator = embedded({
  name: "dormand-prince5",
  title: "Dormand–Prince 5(4)",
  order: 5,
  a: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  ],
  b,
  c: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1],
  estimates: [[71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]],
  errorOrder: 4,
  beta: 0.04,
  // Shampine's interpolant in the form of Hairer, Nørsett and Wanner's DOPRI5.
  dense: {
    order: 4,
    a: [],
    c: [],
    d: [
      [
        -12715105075 / 11282082432,
        0,
        87487479700 / 32700410799,
        -10690763975 / 1880347072,
        701980252875 / 199316789632,
        -1453857185 / 822651844,
        69997945 / 29380423,
      ],
    ],
  },
  source: {
    citation:
      "J. R. Dormand, P. J. Prince, A family of embedded Runge–Kutta formulae, Journal of Computational and Applied Mathematics 6 (1980) 19–26",
    doi: "10.1016/0771-050X(80)90013-3",
  },
});
