/** How the step size changes over a training run. */
export interface Schedule {
  readonly kind: "constant" | "cosine" | "exponential";
  /** Steps over which the rate rises from 0 in a straight line. Default 0. */
  readonly warmup?: number | undefined;
  /** What the rate ends at, as a share of the first. Default 0 for `cosine`, 0.01 for `exponential`. */
  readonly end?: number | undefined;
}

/**
 * The factor on the step size at a step, in (0, 1].
 *
 * @param step 0 … steps − 1; later steps, of a run that is prolonged, keep the last factor
 */
export function rateFactor(schedule: Schedule, step: number, steps: number): number {
  const { kind, warmup = 0 } = schedule;
  if (step < warmup) return (step + 1) / (warmup + 1);
  const share = Math.min((step - warmup) / Math.max(steps - warmup, 1), 1);
  switch (kind) {
    case "constant":
      return 1;
    case "cosine": {
      const end = schedule.end ?? 0;
      return end + (1 - end) * 0.5 * (1 + Math.cos(Math.PI * share));
    }
    case "exponential":
      return (schedule.end ?? 0.01) ** share;
  }
}
