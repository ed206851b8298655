import { type Dataset, makeDataset, type Run, stateLength, type Trajectory } from "./dataset.ts";

/**
 * Replaces each pair of neighbouring rows by one: the slope between them, at a place on the way.
 *
 * @param weight where the slope is said to belong: 1/2 in the middle of the pair, 0 at its first row
 * @returns a row less a run; energies are left out; pairs of a training and a testing row are left out
 */
export function differences(dataset: Trajectory, weight: 0 | 0.5): Dataset {
  const width = stateLength(dataset);
  const { times, states, test } = dataset;
  const pairs: number[] = [];
  const runs: Run[] = [];
  for (const { id, start, end } of dataset.runs) {
    const before = pairs.length;
    for (let row = start; row + 1 < end; row++) if (test?.[row] === test?.[row + 1]) pairs.push(row);
    if (pairs.length > before) runs.push({ id, start: before, end: pairs.length });
  }
  const at = Float64Array.from(pairs, (row) => times[row]! + weight * (times[row + 1]! - times[row]!));
  const middle = new Float64Array(pairs.length * width);
  const rates = new Float64Array(pairs.length * width);
  for (const [k, row] of pairs.entries()) {
    const step = times[row + 1]! - times[row]!;
    for (let c = 0; c < width; c++) {
      const here = states[row * width + c]!;
      const change = states[(row + 1) * width + c]! - here;
      middle[k * width + c] = here + weight * change;
      rates[k * width + c] = change / step;
    }
  }
  return makeDataset({
    ...dataset,
    times: at,
    states: middle,
    derivatives: rates,
    energies: undefined,
    test: test && Uint8Array.from(pairs, (row) => test[row]!),
    runs,
  });
}
