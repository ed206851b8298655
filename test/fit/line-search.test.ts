import { describe, expect, test } from "vitest";
import { lineSearch } from "../../src/fit/line-search.ts";

/** Values and slopes along a line, with the constants that the source uses. */
interface Line {
  readonly name: string;
  readonly decrease: number;
  readonly curvature: number;
  /** From first steps of 0.001, 0.1, 10 and 1000: tables I and II of the source. */
  readonly evaluations: readonly number[];
  at(step: number): { readonly value: number; readonly slope: number };
}

/** Source: Moré, Thuente, ACM TOMS 20 (1994) 286, doi:10.1145/192115.192132, functions 5.1 and 5.2. */
const lines: readonly Line[] = [
  {
    name: "−α / (α² + 2)",
    decrease: 0.001,
    curvature: 0.1,
    evaluations: [6, 3, 1, 4],
    at: (a) => ({ value: -a / (a * a + 2), slope: (a * a - 2) / (a * a + 2) ** 2 }),
  },
  {
    name: "(α + 0.004)⁵ − 2 (α + 0.004)⁴",
    decrease: 0.1,
    curvature: 0.1,
    evaluations: [12, 8, 8, 11],
    at(a) {
      const x = a + 0.004;
      return { value: x ** 5 - 2 * x ** 4, slope: 5 * x ** 4 - 8 * x ** 3 };
    },
  },
];

async function searched(line: Line, first: number) {
  let count = 0;
  const start = { step: 0, ...line.at(0) };
  const options = { first, decrease: line.decrease, curvature: line.curvature, evaluations: 40 };
  const { point, found } = await lineSearch(
    async (step) => {
      count++;
      return { step, ...line.at(step) };
    },
    start,
    options,
  );
  return { point, found, count, start };
}

describe("a line search ends where the strong Wolfe conditions hold", () => {
  const cases = lines.flatMap((line) =>
    [0.001, 0.1, 10, 1000].map((first, k) => ({ line, first, name: line.name, theirs: line.evaluations[k]! })),
  );

  test.each(cases)("$name from $first in $theirs evaluations, as in the source", async ({ line, first, theirs }) => {
    const { point, found, count, start } = await searched(line, first);
    expect(found).toBe(true);
    expect(count).toBe(theirs);
    expect(point.value).toBeLessThanOrEqual(start.value + line.decrease * point.step * start.slope);
    expect(Math.abs(point.slope)).toBeLessThanOrEqual(-line.curvature * start.slope);
  });

  test("in front of places without a value: twelve evaluations from a thousand times too far", async () => {
    const walled: Line = {
      ...lines[0]!,
      at: (a) => (a < 2 ? lines[0]!.at(a) : { value: Number.NaN, slope: Number.NaN }),
    };
    const { point, found, count } = await searched(walled, 2000);
    expect(found).toBe(true);
    expect(point.step).toBeLessThan(2);
    expect(count).toBeLessThanOrEqual(12);
  });

  test("or says that it found none, with the lowest place: a straight line has no place to stop", async () => {
    const { found, count, point } = await searched({ ...lines[0]!, at: (a) => ({ value: -a, slope: -1 }) }, 1);
    expect({ found, count }).toEqual({ found: false, count: 40 });
    expect(point.step).toBeGreaterThan(1e6);
  });
});
