import { describe, expect, it } from "vitest";
import { plainField } from "../../../src/hnn/plain-field.ts";
import { cycleLength } from "../../../src/train/evaluate/cycle.ts";
import { energyScale } from "../../../src/train/evaluate/drift.ts";
import { fieldPredictor, sequencePredictor } from "../../../src/train/evaluate/roll-out.ts";
import { stateScale } from "../../../src/train/evaluate/roll-out-error.ts";
import { figure, groupError, mean, median } from "../../../src/train/evaluate/statistics.ts";
import { linearField } from "./linear-models.ts";

describe("figures", () => {
  it("are null where they are not finite, and means and medians leave those out", () => {
    expect([figure(Number.NaN), figure(Number.POSITIVE_INFINITY), figure(undefined), figure(0)]).toEqual([
      null,
      null,
      null,
      0,
    ]);
    expect([mean([1, null, 3]), mean([null]), mean([])]).toEqual([2, null, null]);
    expect([median([5, 1, null, 3]), median([4, 1]), median([])]).toEqual([3, 2.5, null]);
  });

  it("have the uncertainty of five group means: of 1 … 10 in pairs √8/√5", () => {
    expect(groupError([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])!).toBeCloseTo(Math.sqrt(8 / 5), 12);
    expect(groupError([1, 2, 3])).toBeNull();
  });
});

/** q = A cos ωt + 3, p = −A sin ωt. */
function circle(amplitude: number, omega: number, count: number, dt: number) {
  const times = Float64Array.from({ length: count }, (_, k) => k * dt);
  const states = Float64Array.from(
    [...times].flatMap((t) => [3 + amplitude * Math.cos(omega * t), -amplitude * Math.sin(omega * t)]),
  );
  return { times, states };
}

it("a cycle is the time between passages through the mean, also away from the origin", () => {
  // passages are interpolated on straight lines, and the mean is not quite the centre
  expect(Math.abs(cycleLength([circle(2, 3, 400, 0.05)])! - (2 * Math.PI) / 3)).toBeLessThan(2e-3);
  expect(cycleLength([circle(2, 3, 10, 0.05)])).toBeNull();
});

it("the energy of p²/2 + ω² q²/2 with ω = 1 varies by its size: A²/2, from the motion alone", () => {
  const run = circle(2, 1, 6284, 0.001);
  const scale = stateScale([run]);
  expect(scale[0]!).toBeCloseTo(Math.SQRT2, 2);
  // s = A/√2 and rates of A/√2: s·rate = A²/2
  expect(energyScale([run], scale)).toBeCloseTo(2, 2);
});

describe("trajectories", () => {
  const times = Float64Array.from({ length: 11 }, (_, k) => 2 * k);

  it("of a field that is far too stiff end, and say so", () => {
    const { model, parameters } = linearField([-1e6, 0, 0, -1e6]);
    const { ended, times: done } = fieldPredictor(plainField(model, parameters)).rollOut(Float64Array.of(1, 0), times);
    expect(ended!.reason).toMatch("500000 evaluations did not reach the end");
    expect(done.length).toBeLessThan(11);
  });

  it("hold the start alone where they have one time", () => {
    const { model, parameters } = linearField([0, -1, 1, 0]);
    const run = fieldPredictor(plainField(model, parameters)).rollOut(Float64Array.of(1, 0), Float64Array.of(3));
    expect(run).toEqual({ times: Float64Array.of(3), states: Float64Array.of(1, 0), ended: undefined });
  });

  it("of sequences have the states of whole steps exactly, whatever the rounding of times", () => {
    const begin = () => (x: Float64Array, out: Float64Array) => {
      out[0] = x[1]!;
      out[1] = -x[0]!;
    };
    const sequence = { begin, rates: () => expect.fail("not needed") };
    const predictor = sequencePredictor(sequence, new Float64Array(0), { dimension: 2, dt: 0.1 });
    const steps = Float64Array.from({ length: 100 }, (_, k) => k * 0.1);
    const { states } = predictor.rollOut(Float64Array.of(1, 0), steps);
    const x = [1, 0];
    for (let k = 0; k < 100; k++) {
      expect(Math.abs(states[2 * k]! - x[0]!) + Math.abs(states[2 * k + 1]! - x[1]!)).toBeLessThan(1e-9);
      [x[0], x[1]] = [x[0]! + 0.1 * x[1]!, x[1]! - 0.1 * x[0]!];
    }
  });
});
