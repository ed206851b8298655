import { HnncError } from "../errors.ts";
import { chooseIntegrator } from "../integrate/choose.ts";
import type { Integrator, Motion } from "../integrate/integrator.ts";
import { findIntegrator } from "../integrate/integrators.ts";
import { checkRun, requireControl } from "../integrate/run-check.ts";
import { requireSuited } from "../integrate/stepper.ts";
import type { EnsembleOptions } from "./options.ts";

/** A method and its numbers, checked. */
export interface Method {
  readonly integrator: Integrator;
  /** Why this method: a sentence for a person. */
  readonly reason: string;
  readonly start: number;
  readonly end: number;
  readonly rtol: number;
  readonly atol: number;
}

type Facts = Omit<Motion, "field" | "velocity" | "force" | "jacobian">;

/** @throws HnncError kind `usage`, naming what contradicts what */
export function checkedOptions(facts: Facts, options: EnsembleOptions): Method {
  const { start, end } = checkRun(options);
  const { rtol, atol, workers } = options;
  requireWorkers(workers);
  const { integrator, reason } = chosen(facts, options, Math.abs(end - start));
  const relative = rtol ?? 1e-10;
  return { integrator, reason, start, end, rtol: relative, atol: atol ?? relative / 1000 };
}

/** @throws HnncError `bad-workers` (usage) */
export function requireWorkers(workers: number | undefined): void {
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= 256)) {
    throw new HnncError({
      kind: "usage",
      code: "bad-workers",
      message: `${workers} workers are not possible`,
      hint: "give an integer from 1 to 256",
    });
  }
}

function chosen(facts: Facts, options: EnsembleOptions, horizon: number) {
  const { method = "auto", dt, rtol } = options;
  const choice =
    method === "auto"
      ? chooseIntegrator(facts, { horizon, dt, rtol })
      : { integrator: typeof method === "string" ? findIntegrator(method) : method, reason: "as was asked for" };
  requireSuited(choice.integrator, { ...facts, field: () => undefined });
  requireControl(choice.integrator, options);
  return choice;
}
