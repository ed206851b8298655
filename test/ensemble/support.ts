import { sourceOf } from "../../src/codegen/source.ts";
import type { Source } from "../../src/codegen/target.ts";
import { compile } from "../../src/compile.ts";
import { ensemble } from "../../src/ensemble/ensemble.ts";
import { parameterVector, portableMotion } from "../../src/ensemble/facts.ts";
import type { EnsembleOptions, EnsembleResult } from "../../src/ensemble/options.ts";
import type { Samples } from "../../src/integrate/samples.ts";
import { type IntegrateOptions, integrate } from "../../src/integrate/trajectory.ts";

export function sourceFor(text: string): Source {
  return sourceOf(compile(text).model);
}

/** Runs an ensemble in this thread, unless told otherwise. */
export async function run(
  source: Source,
  states: ArrayLike<number>,
  options: EnsembleOptions,
): Promise<EnsembleResult> {
  const made = ensemble(source, { workers: 1, ...options });
  try {
    return await made.run(states);
  } finally {
    made.close();
  }
}

/** The same trajectories one by one in plain JavaScript, with the portable kernels. */
export function plainly(source: Source, states: readonly number[], options: IntegrateOptions): Samples[] {
  const motion = portableMotion(source, parameterVector(source));
  const width = 2 * motion.degreesOfFreedom;
  return Array.from({ length: states.length / width }, (_, b) =>
    integrate(motion, states.slice(b * width, (b + 1) * width), options),
  );
}

/** The samples of one trajectory of an ensemble, [S, 2n]. */
export function trajectoryOf(result: EnsembleResult, b: number): Float64Array {
  const width = 2 * result.degreesOfFreedom;
  const out = new Float64Array(result.times.length * width);
  for (let k = 0; k < result.times.length; k++) {
    const at = (k * result.trajectories + b) * width;
    out.set(result.states.subarray(at, at + width), k * width);
  }
  return out;
}

/** Starts around one: each a little smaller than the one before. */
export function starts(x0: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, b) => x0.map((value) => value * (1 - 0.03 * b))).flat();
}

/** The largest difference; NaN in either counts as infinite. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let k = 0; k < a.length; k++) {
    const difference = Math.abs(a[k]! - b[k]!);
    if (!(difference <= most)) most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return most;
}
