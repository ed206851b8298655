import { describe, expect, test } from "vitest";
import { Thinned } from "../../src/cli/thinned.ts";
import { type Dataset, makeDataset } from "../../src/data/dataset.ts";
import type { Header } from "../../src/data/format.ts";

const header: Header = {
  coordinates: ["q"],
  momenta: ["p"],
  times: true,
  energies: true,
  derivatives: false,
  test: false,
  runs: true,
  provenance: { hnnc: "test" },
};

/** Rows `from` … `to − 1` of some runs; time and q are the row's number in its run, p the run's. */
function rowsOf(...runs: readonly (readonly [id: number, from: number, to: number])[]): Dataset {
  const rows = runs.flatMap(([id, from, to]) => Array.from({ length: to - from }, (_, k) => [from + k, id] as const));
  let start = 0;
  return makeDataset({
    coordinates: ["q"],
    momenta: ["p"],
    times: Float64Array.from(rows, ([k]) => k),
    states: Float64Array.from(rows.flat()),
    energies: new Float64Array(rows.length),
    runs: runs.map(([id, from, to]) => {
      const run = { id, start, end: start + to - from };
      start = run.end;
      return run;
    }),
  });
}

function thinned(chunks: readonly Dataset[]): Thinned {
  const kept = new Thinned(header);
  for (const chunk of chunks) kept.add(chunk);
  return kept;
}

/** Feeds runs of `length` rows in chunks of `size`, as a simulation does. */
function* chunksOf(count: number, length: number, size: number): Generator<Dataset> {
  for (let id = 0; id < count; id++) {
    for (let from = 0; from < length; from += size) yield rowsOf([id, from, Math.min(length, from + size)]);
  }
}

describe("rows that are kept for a picture", () => {
  test("of nothing are none", () => {
    expect(new Thinned(header).dataset()).toBeUndefined();
  });

  test("all of a short run, with the provenance of the whole", () => {
    const kept = thinned([rowsOf([0, 0, 3]), rowsOf([0, 3, 5])]);
    const { times, runs, provenance } = kept.dataset()!;
    expect([kept.whole, [...times!], runs]).toEqual([true, [0, 1, 2, 3, 4], [{ id: 0, start: 0, end: 5 }]]);
    expect(provenance).toEqual({ hnnc: "test" });
  });

  test("of a million rows a few hundred thousand at most, evenly, and the last", () => {
    const kept = thinned([...chunksOf(1, 1_000_003, 50_000)]);
    const { times, rows } = kept.dataset()!;
    expect(kept.whole).toBe(false);
    expect(rows).toBeLessThan(220_000);
    expect(rows).toBeGreaterThan(90_000);
    const steps = new Set(Array.from({ length: rows - 2 }, (_, k) => times![k + 1]! - times![k]!));
    expect(steps).toEqual(new Set([8]));
    expect([times![0], times![rows - 1]]).toEqual([0, 1_000_002]);
  });

  test.each([
    ["in chunks of their own", 7, 50_001, 10_000],
    ["in one chunk each", 9, 40_002, 40_002],
  ])("the first and the last row of every run, %s", (_, count, length, size) => {
    const kept = thinned([...chunksOf(count, length, size)]);
    const data = kept.dataset()!;
    expect(kept.whole).toBe(false);
    expect(data.runs.map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, id) => id));
    for (const { id, start, end } of data.runs) {
      expect([id, data.times![start], data.times![end - 1], data.states[2 * (end - 1) + 1]]).toEqual([
        id,
        0,
        length - 1,
        id,
      ]);
    }
  });

  test("runs that begin and end inside of chunks", () => {
    const chunks: Dataset[] = [rowsOf([0, 0, 150_000])];
    chunks.push(rowsOf([0, 150_000, 220_001], [1, 0, 4], [2, 0, 30_000]));
    chunks.push(rowsOf([2, 30_000, 30_004], [3, 0, 2]));
    const data = thinned(chunks).dataset()!;
    expect(data.runs.map(({ end }) => data.times![end - 1])).toEqual([220_000, 3, 30_003, 1]);
    expect(data.runs.map(({ start }) => data.times![start])).toEqual([0, 0, 0, 0]);
  });

  test("of very many runs the first fifty thousand", () => {
    const kept = new Thinned(header);
    for (let first = 0; first < 60_000; first += 1000) {
      kept.add(rowsOf(...Array.from({ length: 1000 }, (_, k) => [first + k, 0, 2] as const)));
    }
    expect(kept.whole).toBe(false);
    expect(kept.dataset()!.runs.length).toBe(50_000);
    expect(kept.dataset()!.rows).toBe(100_000);
  });
});
