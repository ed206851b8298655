import { rowExtras } from "../codegen/ensemble/fixed-step.ts";
import type { Integrator } from "../integrate/integrator.ts";
import { sampleTimes, stretches } from "../integrate/sample-plan.ts";

/** Equal steps; `sample` is the number of the sample at their end, or 0 where they are part of a longer stretch. */
export interface PlanRow {
  readonly from: number;
  readonly h: number;
  readonly k0: number;
  readonly to: number;
  readonly steps: number;
  /** Whether the steps before had the same size. */
  readonly extrapolate: boolean;
  readonly sample: number;
  readonly extras: readonly number[];
}

/** All of a run's samples, the start included, and for fixed steps what lies between. */
export interface RunPlan {
  readonly start: number;
  readonly end: number;
  /** [S]. */
  readonly times: Float64Array;
  readonly rows: readonly PlanRow[];
  /** Those that lead to sample k stand from rowsBefore[k] to before rowsBefore[k + 1]. */
  readonly rowsBefore: Int32Array;
  /** Steps of each trajectory; 0 for adaptive methods. */
  readonly steps: number;
  readonly dt: number | undefined;
}

/** Steps of one row: a 32-bit counter holds them. */
const mostSteps = 2 ** 30;

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly dt: number | undefined;
  readonly samples: number | ArrayLike<number> | undefined;
  readonly omega: number | undefined;
}

export function planRun({ scheme, adaptive }: Integrator, { start, end, dt, samples, omega }: Span): RunPlan {
  if (start === end || adaptive) {
    const later = start === end ? [] : sampleTimes(start, end, samples ?? 101)!;
    const times = joined(start, later);
    return { start, end, times, rows: [], rowsBefore: new Int32Array(0), steps: 0, dt: undefined };
  }
  const plan = stretches(start, end, dt!, samples);
  const rows: PlanRow[] = [];
  const rowsBefore = new Int32Array(plan.length + 2);
  let extras: { h: number; values: number[] } | undefined;
  plan.forEach(({ from, to, steps, h }, k) => {
    if (extras?.h !== h) extras = { h, values: rowExtras(scheme, h, omega) };
    for (let k0 = 0; k0 < steps; k0 += mostSteps) {
      const size = Math.min(mostSteps, steps - k0);
      const sample = k0 + size === steps ? k + 1 : 0;
      const extrapolate = rows.length > 0 && rows[rows.length - 1]!.h === h;
      rows.push({ from, h, k0, to, steps: size, extrapolate, sample, extras: extras.values });
    }
    rowsBefore[k + 2] = rows.length;
  });
  const steps = plan.reduce((sum, stretch) => sum + stretch.steps, 0);
  const same = plan.every(({ h }) => h === plan[0]!.h);
  const ends = plan.map(({ to }) => to);
  const times = joined(start, ends);
  return { start, end, times, rows, rowsBefore, steps, dt: same ? Math.abs(plan[0]!.h) : undefined };
}

function joined(first: number, rest: readonly number[]): Float64Array {
  const all = new Float64Array(1 + rest.length);
  all[0] = first;
  all.set(rest, 1);
  return all;
}
