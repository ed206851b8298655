import type { Integrator } from "./integrator.ts";
import { composition, splitting } from "./splitting.ts";

/** Half a drift, a kick, half a drift: one force a step. */
export const leapfrog: Integrator = splitting({
  name: "leapfrog",
  title: "Leapfrog (Störmer–Verlet)",
  order: 2,
  reversible: true,
  ...composition([1]),
  source: {
    citation:
      "L. Verlet, Computer “experiments” on classical fluids. I. Thermodynamical properties of Lennard-Jones molecules, Physical Review 159 (1967) 98–103",
    doi: "10.1103/PhysRev.159.98",
  },
});
