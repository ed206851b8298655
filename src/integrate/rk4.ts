import type { Integrator } from "./integrator.ts";
import { rungeKutta } from "./runge-kutta.ts";

/** The classical method of Runge and Kutta. Energy drifts: for long runs of a Hamiltonian take a symplectic method. */
export const rk4: Integrator = rungeKutta({
  name: "rk4",
  title: "Classical Runge–Kutta order 4",
  order: 4,
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  c: [0, 1 / 2, 1 / 2, 1],
  source: {
    citation:
      "W. Kutta, Beitrag zur näherungsweisen Integration totaler Differentialgleichungen, Zeitschrift für Mathematik und Physik 46 (1901) 435–453; E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, 2nd edition, Springer 1993, II.1",
    doi: "10.1007/978-3-540-78862-1",
  },
});
