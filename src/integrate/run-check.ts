import { HnncError } from "../errors.ts";
import type { Integrator } from "./integrator.ts";

/** What every way to integrate is asked for. */
export interface RunWish {
  readonly t: number | readonly [start: number, end: number];
  readonly dt?: number | undefined;
  readonly rtol?: number | undefined;
  readonly atol?: number | undefined;
  readonly samples?: number | ArrayLike<number> | undefined;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** @throws HnncError kind `usage`, naming what is none or what contradicts what */
export function checkRun({ t, dt, rtol, atol, samples }: RunWish): Span {
  const [start, end] = typeof t === "number" ? [0, t] : t;
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
  checkSamples(start, end, samples);
  return { start, end };
}

/** @throws HnncError `bad-samples` (usage) for times that are not in the order of the run */
export function checkSamples(start: number, end: number, samples: RunWish["samples"]): void {
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

/** @throws HnncError kind `usage` where a method lacks what it needs, or has no use for what is given */
export function requireControl({ name, adaptive }: Integrator, { dt, rtol, atol }: Omit<RunWish, "t">): void {
  if (adaptive && dt !== undefined) {
    throw usage("unused-step", `\`${name}\` chooses its own steps`, "give rtol and atol instead of dt");
  }
  if (!adaptive && dt === undefined) throw usage("missing-step", `\`${name}\` needs a step`, "give dt");
  if (adaptive && (rtol ?? 1) === 0 && (atol ?? 0) === 0) {
    throw usage("bad-tolerance", "rtol and atol cannot both be 0");
  }
}

function usage(code: string, message: string, hint?: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
