import type { Compiled } from "../compile.ts";
import { planSimulation } from "../simulate.ts";
import type { SimulateOptions, SimulationReport } from "../simulation/options.ts";

/** Integrates for the events alone: rows are let go as they come. A start that diverges ends early and is no error. */
export async function simulationOf(model: Compiled, options: SimulateOptions): Promise<SimulationReport> {
  return planSimulation(model, { ...options, samples: 2 }).run(() => {});
}
