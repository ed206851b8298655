import { type Dataset, makeDataset } from "../data/dataset.ts";
import { selectRows } from "../data/select.ts";

/**
 * A dataset with at most so many rows for training, spread evenly over those there are; rows for testing stay. For fits
 * that take all rows at once.
 */
export function thinned(dataset: Dataset, most: number | undefined): Dataset {
  const rows = Array.from({ length: dataset.rows }, (_, row) => row);
  const training = rows.filter((row) => (dataset.test?.[row] ?? 0) === 0);
  if (most === undefined || training.length <= most) return dataset;
  const kept = new Set(Array.from({ length: most }, (_, k) => training[Math.floor((k * training.length) / most)]!));
  // rows that are left are points, no trajectories
  const chosen = selectRows(
    dataset,
    rows.filter((row) => kept.has(row) || dataset.test?.[row] === 1),
  );
  return makeDataset({ ...chosen, times: undefined, runs: undefined });
}
