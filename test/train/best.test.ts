import { expect, it } from "vitest";
import { bestOf } from "../../src/train/best.ts";

it("the best parameters are those with the least mean loss, the first where nothing finite came", () => {
  const [first, second, third] = [Float64Array.of(1), Float64Array.of(2), Float64Array.of(3)];
  const best = bestOf(first);
  best.offer(second, Float64Array.of(1, Number.NaN));
  expect(best.parameters).toBe(first);
  best.offer(second, Float64Array.of(3, 5));
  best.offer(third, Float64Array.of(1, 9));
  expect(best.parameters).toBe(second);
});
