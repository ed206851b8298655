import { describe, expect, it } from "vitest";
import { OutsideFollower, outsideLine, startInside } from "../../src/cli/outside-follower.ts";
import { makeDataset } from "../../src/data/dataset.ts";

const region = { names: ["q", "p"], low: [-1, -2], high: [1, 2] };

function rows(states: readonly number[], from: number) {
  const times = Float64Array.from({ length: states.length / 2 }, (_, k) => from + k);
  return makeDataset({ coordinates: ["q"], momenta: ["p"], times, states: Float64Array.from(states) });
}

describe("a simulation of a trained model", () => {
  it("is told where it leaves the training data, over all chunks", () => {
    const follower = new OutsideFollower(region);
    follower.add(rows([0, 0, 0.5, 1], 0));
    follower.add(rows([0.5, -2.5, 1.5, 0], 2));
    follower.add(rows([0, 0, 0, 0], 4));
    expect(follower.account()).toEqual({ fraction: 2 / 6, firstTime: 2, entry: "p" });
    expect(outsideLine(follower.account())).toBe(
      "33 % of the rows lie outside of what the model was trained on, first p at t = 2: what it says there is a guess",
    );
  });

  it("says nothing where it stays inside", () => {
    const follower = new OutsideFollower(region);
    expect(outsideLine(follower.account())).toBeUndefined();
    follower.add(rows([0, 0, 1, -2], 0));
    expect(outsideLine(follower.account())).toBeUndefined();
  });

  it("starts inside", () => expect(startInside(region)).toEqual([0.5, 0]));
});
