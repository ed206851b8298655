import { describe, expect, it } from "vitest";
import { minibatches } from "../../src/train/minibatches.ts";

describe("minibatches", () => {
  const deals = minibatches(10, 3, 5);

  it("take each sample at most once an epoch, and another order each epoch", () => {
    const epochs = [0, 1, 2].map((epoch) => Array.from(deals.rows(3 * epoch, 3)));
    for (const rows of epochs) {
      expect(new Set(rows).size).toBe(9);
      expect(rows.every((row) => row >= 0 && row < 10)).toBe(true);
    }
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it("depend on the step alone, not on how many are asked for at once", () => {
    const whole = Array.from(deals.rows(0, 12));
    const fresh = minibatches(10, 3, 5);
    const parts = [0, 5, 7].flatMap((from, k) => Array.from(fresh.rows(from, [5, 2, 5][k]!)));
    expect(parts).toEqual(whole);
    expect(Array.from(minibatches(10, 3, 5).rows(7, 1))).toEqual(whole.slice(21, 24));
    expect(Array.from(minibatches(10, 3, 6).rows(0, 12))).not.toEqual(whole);
  });

  it("reach every sample in the long run, evenly", () => {
    const counts = new Array<number>(10).fill(0);
    for (const row of deals.rows(0, 3000)) counts[row]!++;
    // each sits out one epoch in ten: 900 ± 9.5
    for (const count of counts) expect(Math.abs(count - 900)).toBeLessThan(45);
  });
});
