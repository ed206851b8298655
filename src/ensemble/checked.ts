import { HnncError } from "../errors.ts";
import { chooseIntegrator } from "../integrate/choose.ts";
import type { Integrator, Motion } from "../integrate/integrator.ts";
import { findIntegrator } from "../integrate/integrators.ts";
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
  const [start, end] = typeof options.t === "number" ? [0, options.t] : options.t;
  const { dt, rtol, atol, workers } = options;
  if (!(Number.isFinite(start) && Number.isFinite(end))) {
    throw usage("bad-time", `the run from t = ${start} to t = ${end} has no end`, "give finite times");
  }
  if (dt !== undefined && !(dt > 0 && Number.isFinite(dt))) {
    throw usage("bad-step", `dt = ${dt} is no step`, "give a positive dt; a run backwards ends before it starts");
  }
  if (dt !== undefined && (rtol ?? atol) !== undefined) {
    throw usage("step-and-tolerance", "dt and a tolerance exclude each other", "give dt, or rtol and atol");
  }
  for (const [name, value] of Object.entries({ rtol, atol })) {
    if (value !== undefined && !(value >= 0 && value < 1)) throw usage("bad-tolerance", `${name} = ${value} is none`);
  }
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= 256)) {
    throw usage("bad-workers", `${workers} workers are not possible`, "give an integer from 1 to 256");
  }
  checkSamples(start, end, options.samples);
  const { integrator, reason } = chosen(facts, options, Math.abs(end - start));
  const relative = rtol ?? 1e-10;
  return { integrator, reason, start, end, rtol: relative, atol: atol ?? relative / 1000 };
}

function checkSamples(start: number, end: number, samples: EnsembleOptions["samples"]): void {
  if (samples === undefined) return;
  if (typeof samples === "number") {
    if (Number.isInteger(samples) && samples >= 2) return;
    throw usage("bad-samples", `${samples} samples cannot hold both ends`, "give an integer from 2");
  }
  const sign = end >= start ? 1 : -1;
  let previous = start;
  for (let k = 0; k < samples.length; k++) {
    const t = samples[k]!;
    if (!(sign * (t - previous) >= 0 && sign * (end - t) >= 0) || (t === previous && k > 0)) {
      throw usage("bad-samples", `the sample at t = ${t} does not lie between t = ${previous} and the end ${end}`);
    }
    previous = t;
  }
}

function chosen(facts: Facts, { method = "auto", dt, rtol, atol }: EnsembleOptions, horizon: number) {
  const choice =
    method === "auto"
      ? chooseIntegrator(facts, { horizon, dt, rtol })
      : { integrator: typeof method === "string" ? findIntegrator(method) : method, reason: "as was asked for" };
  const { integrator } = choice;
  requireSuited(integrator, { ...facts, field: () => undefined });
  if (integrator.adaptive && dt !== undefined) {
    throw usage("unused-step", `\`${integrator.name}\` chooses its own steps`, "give rtol and atol instead of dt");
  }
  if (!integrator.adaptive && dt === undefined) {
    throw usage("missing-step", `\`${integrator.name}\` needs a step`, "give dt");
  }
  if (integrator.adaptive && (rtol ?? 1) === 0 && (atol ?? 0) === 0) {
    throw usage("bad-tolerance", "rtol and atol cannot both be 0");
  }
  return choice;
}

function usage(code: string, message: string, hint?: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
