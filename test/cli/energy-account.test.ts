import { describe, expect, test } from "vitest";
import { EnergyFollower, energyLine } from "../../src/cli/energy-account.ts";
import { type Dataset, makeDataset } from "../../src/data/dataset.ts";

/** Rows whose times are 0, 1, 2, … in each run. */
function rowsOf(...runs: readonly (readonly [id: number, energies: readonly number[], from?: number])[]): Dataset {
  let start = 0;
  const energies = runs.flatMap(([, values]) => values);
  return makeDataset({
    coordinates: ["q"],
    momenta: ["p"],
    times: Float64Array.from(runs.flatMap(([, values, from = 0]) => values.map((_, k) => from + k))),
    states: new Float64Array(2 * energies.length),
    energies: Float64Array.from(energies),
    runs: runs.map(([id, values]) => {
      const run = { id, start, end: start + values.length };
      start = run.end;
      return run;
    }),
  });
}

function accountOf(...chunks: readonly Dataset[]) {
  const follower = new EnergyFollower();
  for (const chunk of chunks) follower.add(chunk);
  return follower.account();
}

describe("an account of the energy", () => {
  test("of nothing is none", () => {
    expect(accountOf()).toBeUndefined();
  });

  test("a straight line has its slope for a drift, relative to H(0)", () => {
    expect(accountOf(rowsOf([0, [-2, -2.1, -2.2, -2.3]]))).toEqual({
      initial: -2,
      final: -2.3,
      relative: true,
      error: expect.closeTo(0.15, 15),
      run: 0,
      drift: { rate: expect.closeTo(-0.05, 15), uncertainty: expect.closeTo(0, 8) },
    });
  });

  test("where H begins with 0, errors are absolute", () => {
    const account = accountOf(rowsOf([0, [0, 3, -1, 2]]))!;
    expect([account.relative, account.error]).toEqual([false, 3]);
  });

  test("the slope's uncertainty is that of least squares", () => {
    // 0, 1, 0, 1: slope 1/5, residuals −.2 .6 −.6 .2, s² = .8/2, over Σ(t − t̄)² = 5.
    const { drift } = accountOf(rowsOf([0, [1, 2, 1, 2]]))!;
    expect(drift!.rate).toBeCloseTo(0.2, 14);
    expect(drift!.uncertainty).toBeCloseTo(Math.sqrt(0.4 / 5), 14);
  });

  test("does not depend on how rows are cut", () => {
    const whole = accountOf(rowsOf([0, [1, 2, 1, 2]], [1, [5, 5, 6, 7]]));
    const cut = accountOf(
      rowsOf([0, [1, 2]]),
      rowsOf([0, [1], 2]),
      rowsOf([0, [2], 3], [1, [5]]),
      rowsOf([1, [5, 6, 7], 1]),
    );
    expect(cut).toEqual(whole);
  });

  test("several trajectories: the worst error and where, the first one's ends, the mean of slopes", () => {
    const account = accountOf(rowsOf([3, [1, 1.1, 1.2]], [4, [2, 2.8, 3.6]], [7, [1, 1, 1]]))!;
    expect([account.initial, account.final, account.run]).toEqual([1, 1.2, 4]);
    expect(account.error).toBeCloseTo(0.8, 15);
    expect(account.drift!.rate).toBeCloseTo((0.1 + 0.4 + 0) / 3, 15);
  });

  test("two rows have no drift", () => {
    expect(accountOf(rowsOf([0, [1, 2]]))!.drift).toBeUndefined();
  });

  test("asked twice it answers the same", () => {
    const follower = new EnergyFollower();
    follower.add(rowsOf([0, [1, 2, 1, 2]]));
    const first = follower.account();
    expect(follower.account()).toEqual(first);
  });
});

describe("the line for a person", () => {
  const account = { initial: -0.5403023058681398, final: -0.54, relative: true, error: 2.05e-16, run: 0 };
  test.each([
    [{ ...account, drift: undefined }, true, "H = -0.540302, relative error at most 2.1e-16"],
    [
      { ...account, drift: { rate: 1.234e-17, uncertainty: 9.87e-18 } },
      true,
      "H = -0.540302, relative error at most 2.1e-16, drift 1.2e-17 ± 9.9e-18 a unit of time",
    ],
    [{ ...account, relative: false, initial: 0, drift: undefined }, true, "H = 0, error at most 2.1e-16"],
    [{ ...account, drift: undefined }, false, "H goes from -0.540302 to -0.54; it is not conserved here"],
  ])("%#", (given, conserved, line) => {
    expect(energyLine(given, conserved)).toBe(line);
  });
});
