import { describe, expect, test } from "vitest";
import { asTrajectory, column, columnNames, makeDataset, stateAt } from "../../src/data/dataset.ts";
import { concatenate, runNumbers, selectPart, selectRows, selectRun, sliceRows } from "../../src/data/select.ts";
import { fingerprint, oscillations } from "./datasets.ts";

const names = { coordinates: ["q"], momenta: ["p"] };
const whole = oscillations(3, 4);

describe("a dataset", () => {
  test("gives columns and rows by name and number", () => {
    expect(columnNames(whole)).toEqual(["t", "q", "p", "H", "dq/dt", "dp/dt"]);
    expect(column(whole, "p")[5]).toBe(whole.states[11]);
    expect(column(whole, "dq/dt")[5]).toBe(whole.derivatives![10]);
    expect([...stateAt(whole, 5)]).toEqual([whole.states[10], whole.states[11]]);
    expect(() => column(whole, "r")).toThrow("there is no column `r`");
  });

  test.each<readonly [name: string, parts: Partial<Parameters<typeof makeDataset>[0]>, message: string]>([
    ["a momentum too few", { momenta: [] }, "1 coordinates do not pair with 0 momenta"],
    ["half a row", { states: new Float64Array(3) }, "3 numbers are not rows of 2"],
    ["times of another length", { times: new Float64Array(3) }, "2 states have 3 times"],
    [
      "derivatives of another length",
      { derivatives: new Float64Array(2) },
      "4 numbers of states have 2 of derivatives",
    ],
    ["a hole between runs", { runs: [{ id: 0, start: 1, end: 2 }] }, "run 0 has rows 1 to 2, where 0 was next"],
    ["runs that end early", { runs: [{ id: 0, start: 0, end: 1 }] }, "the runs hold 1 of 2 rows"],
    ["a number twice", { runs: [0, 1].map((start) => ({ id: 0, start, end: start + 1 })) }, "run number 0 is not new"],
  ])("refuses %s", (_, parts, message) => {
    expect(() => makeDataset({ ...names, states: new Float64Array(4), ...parts })).toThrow(message);
  });

  test("without times is no trajectory", () => {
    expect(() => asTrajectory(makeDataset({ ...names, states: new Float64Array(2) }))).toThrow(
      "the rows have no times",
    );
    expect(asTrajectory(whole).times).toBe(whole.times);
  });
});

describe("selection", () => {
  test("runs and slices keep numbers, and join to the whole", () => {
    expect(selectRun(whole, 1).runs).toEqual([{ id: 1, start: 0, end: 4 }]);
    const pieces = [0, 3, 4, 9].map((from, k) => sliceRows(whole, from, [3, 4, 9, 12][k]!));
    const [first, ...rest] = pieces;
    expect(fingerprint(concatenate([first!, ...rest]))).toEqual(fingerprint(whole));
    expect([...runNumbers(pieces[2]!)]).toEqual([1, 1, 1, 1, 2]);
  });

  test("rows in any order of runs, but no run twice", () => {
    const picked = selectRows(whole, [8, 10, 0, 1]);
    expect(picked.runs.map(({ id, start, end }) => [id, start, end])).toEqual([
      [2, 0, 2],
      [0, 2, 4],
    ]);
    expect(picked.times).toEqual(Float64Array.from([8, 10, 0, 1], (row) => whole.times![row]!));
    expect(() => selectRows(whole, [0, 5, 1])).toThrow("run number 0 is not new");
  });

  test("parts for training and testing make up the whole", () => {
    const split = makeDataset({ ...whole, test: Uint8Array.from({ length: 12 }, (_, k) => (k % 3 === 0 ? 1 : 0)) });
    expect([selectPart(split, "train").rows, selectPart(split, "test").rows]).toEqual([8, 4]);
    expect([selectPart(whole, "train").rows, selectPart(whole, "test").rows]).toEqual([12, 0]);
  });

  test("datasets with other columns do not join", () => {
    expect(() => concatenate([whole, makeDataset({ ...whole, energies: undefined })])).toThrow(
      "the columns `t q p derivatives` are not those of the first part, `t q p H derivatives`",
    );
  });
});
