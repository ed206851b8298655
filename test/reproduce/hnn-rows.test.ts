import { expect, it } from "vitest";
import { publishedNumbers } from "../../src/reproduce/hnn-rows.ts";
import { tasks } from "../../src/reproduce/tasks.ts";

it("tells published figures beside, and those of a replay in the true H", () => {
  expect(publishedNumbers(tasks.spring, "mlp")).toEqual({
    trainLoss: 3.7134e-2,
    testLoss: 3.6656e-2,
    energyPublishedMetric: 1.7077e-1,
    energyPublishedSpread: 2.06e-2,
    energyTrueH: 6.6e-2,
  });
  expect(publishedNumbers(tasks.pendulum, "hnn")).toMatchObject({
    energyPublishedMetric: 2.4852e-2,
    energyTrueH: 5.05e-4,
  });
  expect(publishedNumbers(tasks["two-body"], "hnn")).toMatchObject({ energyTrueH: 3.8751e-5 });
  expect(publishedNumbers(tasks.pendulum, "hybrid")).toBeNull();
});
