import { asTrajectory, type Dataset, makeDataset, type Run } from "./dataset.ts";

/** Where a run was cut. */
export interface Gap {
  /** The first row after the gap. */
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

export interface GapOptions {
  /** A step of time longer than this many usual (median) steps of its run is a gap. Default 1.5. */
  readonly factor?: number | undefined;
}

/**
 * Cuts runs where time jumps or goes back, so that no difference is taken across a gap. Pieces are numbered anew, 0, 1,
 * …, where there is a gap at all.
 *
 * @throws HnncError `no-times` (data) for a dataset without times
 */
export function splitAtGaps(
  dataset: Dataset,
  { factor = 1.5 }: GapOptions = {},
): { dataset: Dataset; gaps: readonly Gap[] } {
  const { times } = asTrajectory(dataset);
  const gaps: Gap[] = [];
  const runs: Run[] = [];
  for (const { start, end } of dataset.runs) {
    const usual = medianStep(times.subarray(start, end));
    let first = start;
    for (let row = start + 1; row < end; row++) {
      const step = times[row]! - times[row - 1]!;
      if (step > 0 && step <= factor * usual) continue;
      gaps.push({ row, from: times[row - 1]!, to: times[row]! });
      runs.push({ id: runs.length, start: first, end: row });
      first = row;
    }
    runs.push({ id: runs.length, start: first, end });
  }
  return { dataset: gaps.length === 0 ? dataset : makeDataset({ ...dataset, runs }), gaps };
}

function medianStep(times: Float64Array): number {
  const steps = times.slice(1).map((t, k) => t - times[k]!);
  const forward = steps.filter((step) => step > 0).sort();
  return forward[forward.length >> 1] ?? Number.POSITIVE_INFINITY;
}
