import { describe, expect, test } from "vitest";
import { makeDataset } from "../../src/data/dataset.ts";
import { addNoise } from "../../src/data/noise.ts";
import { normalQuantile, philox, randomStream } from "../../src/data/random.ts";
import { boxSampler, energySampler } from "../../src/data/sampling.ts";
import { concatenate, selectRun, sliceRows } from "../../src/data/select.ts";
import { splitDataset, splitItems } from "../../src/data/split.ts";
import { oscillations } from "./datasets.ts";

describe("Philox", () => {
  const all = 0xffffffff;
  // Known answers of Random123 (kat_vectors, philox4x32 10).
  test.each<readonly [Parameters<typeof philox>[0], readonly [number, number], readonly number[]]>([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [all, all, all, all],
      [all, all],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("counter %j under key %j", (counter, key, answer) => {
    expect(philox(counter, key)).toEqual(answer);
  });
});

describe("streams", () => {
  const draw = (seed: number, name: string, index: number, second = 0) =>
    randomStream(seed, name).at(index, second).uniform();

  test("depend on seed, name and place, each of them", () => {
    const places = [
      draw(0, "a", 0),
      draw(1, "a", 0),
      draw(2 ** 32, "a", 0),
      draw(0, "b", 0),
      draw(0, "a", 1),
      draw(0, "a", 0, 1),
    ];
    expect(new Set(places).size).toBe(places.length);
    expect(draw(0, "a", 1)).toBe(places[4]);
  });

  test("are uniform and normal: moments of 10^5 numbers within five standard errors", () => {
    const stream = randomStream(5, "moments");
    const count = 1e5;
    const moments = { uniform: 0, square: 0, normal: 0, variance: 0, fourth: 0 };
    for (let k = 0; k < count; k++) {
      const numbers = stream.at(k);
      const u = numbers.uniform();
      const z = numbers.normal();
      moments.uniform += u / count;
      moments.square += u ** 2 / count;
      moments.normal += z / count;
      moments.variance += z ** 2 / count;
      moments.fourth += z ** 4 / count;
    }
    const errors = 5 / Math.sqrt(count);
    expect(Math.abs(moments.uniform - 1 / 2)).toBeLessThan(errors * Math.sqrt(1 / 12));
    expect(Math.abs(moments.square - 1 / 3)).toBeLessThan(errors * Math.sqrt(4 / 45));
    expect(Math.abs(moments.normal)).toBeLessThan(errors);
    expect(Math.abs(moments.variance - 1)).toBeLessThan(errors * Math.sqrt(2));
    expect(Math.abs(moments.fourth - 3)).toBeLessThan(errors * Math.sqrt(96));
  });

  test("refuse seeds that are none", () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53])
      expect(() => randomStream(seed, "a")).toThrow("is not a whole number");
  });
});

// SciPy 1.17, scipy.stats.norm.ppf.
test.each([
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798409],
  [1e-5, -4.264890793922825],
  [0.0749, -1.4402382675279635],
  [0.2, -0.8416212335729142],
  [0.5, 0],
  [0.93, 1.475791028179171],
  [0.999999, 4.753424308817087],
])("the normal quantile of %d is right to 1e-14", (probability, value) => {
  expect(Math.abs(normalQuantile(probability) - value)).toBeLessThanOrEqual(1e-14 * Math.abs(value));
});

describe("noise", () => {
  const whole = oscillations(4, 25);
  const options = { sigma: 0.1, seed: 3 };

  test("is the same for a run whichever others are there, in any order, and for pieces of it", () => {
    const noisy = addNoise(whole, options);
    const alone = addNoise(selectRun(whole, 2), options);
    expect(alone.states).toEqual(selectRun(noisy, 2).states);
    const late = addNoise(sliceRows(whole, 60, 75), options, 10);
    expect(late.states).toEqual(sliceRows(noisy, 60, 75).states);
  });

  test.each(["normal", "uniform"] as const)("%s: has the deviation asked for, on the columns asked for", (kind) => {
    const rest = makeDataset({ coordinates: ["q"], momenta: ["p"], states: new Float64Array(40_000) });
    const { states, provenance } = addNoise(rest, { kind, sigma: { p: 0.5 }, seed: 1 });
    let square = 0;
    for (let row = 0; row < 20_000; row++) {
      expect(states[2 * row]).toBe(0);
      square += states[2 * row + 1]! ** 2 / 20_000;
    }
    expect(Math.abs(Math.sqrt(square) / 0.5 - 1)).toBeLessThan(0.025);
    expect(provenance.noise).toMatchObject({ kind, seed: 1 });
  });

  test("leaves derivatives alone unless they are asked for", () => {
    expect(addNoise(whole, options).derivatives).toBe(whole.derivatives);
    expect(addNoise(whole, { ...options, of: "states-and-derivatives" }).derivatives).not.toEqual(whole.derivatives);
    expect(() => addNoise(whole, { sigma: { x: 1 }, seed: 0 })).toThrow("there is no column `x`");
    expect(() => addNoise(whole, { sigma: -1, seed: 0 })).toThrow("-1");
  });
});

describe("splits", () => {
  test("have the size asked for, keep runs whole, and follow the seed", () => {
    const { test: marks, runs } = splitDataset(oscillations(20, 5), { test: 0.25, seed: 2 });
    expect(marks!.reduce((sum, mark) => sum + mark, 0)).toBe(25);
    for (const { start, end } of runs) expect(new Set(marks!.subarray(start, end)).size).toBe(1);
    expect(splitItems(1000, { test: 0.3, seed: 1 })).not.toEqual(splitItems(1000, { test: 0.3, seed: 2 }));
    expect([...splitItems(5, { test: 0.4, which: "first" })]).toEqual([1, 1, 0, 0, 0]);
    expect([...splitItems(5, { test: 0.4, which: "last" })]).toEqual([0, 0, 0, 1, 1]);
    expect(() => splitItems(5, { test: 2 })).toThrow("between 0 and 1");
  });

  test("by rows mark rows", () => {
    const split = splitDataset(oscillations(2, 50), { test: 0.1, by: "row", seed: 4 });
    expect(split.test!.reduce((sum, mark) => sum + mark, 0)).toBe(10);
    expect(concatenate([selectRun(split, 0), selectRun(split, 1)]).test).toEqual(split.test);
  });
});

describe("energy shells", () => {
  const energy = ([q, p]: Float64Array) => p! ** 2 / 2 + q! ** 2 / 2;
  const box = boxSampler([
    [-2, 2],
    [-2, 2],
  ]);
  const draw = (k: number) => randomStream(0, "shell").at(k).uniform;

  test("thick: every energy lies inside, and phase space is filled evenly", () => {
    const uniforms = Array.from({ length: 4000 }, (_, k) => randomStream(0, "shell").at(k));
    const sampler = energySampler(energy, { from: box, energy: [0.5, 2] });
    const energies = uniforms.map((numbers) => energy(Float64Array.from(sampler(numbers.uniform))));
    expect(Math.min(...energies)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...energies)).toBeLessThanOrEqual(2);
    // The area within energy E is 2πE, so E is uniform: mean 1.25, deviation 1.5/√12; five standard errors.
    const mean = energies.reduce((sum, value) => sum + value / energies.length, 0);
    expect(Math.abs(mean - 1.25)).toBeLessThan((5 * 1.5) / Math.sqrt(12 * 4000));
  });

  test("exact: to rounding", () => {
    const sampler = energySampler(energy, { from: box, energy: 1.7 });
    for (let k = 0; k < 200; k++)
      expect(Math.abs(energy(Float64Array.from(sampler(draw(k)))) - 1.7)).toBeLessThan(1e-15 * 4);
  });

  test("empty: says what energies there were", () => {
    const sampler = energySampler(energy, { from: box, energy: [50, 60], tries: 100 });
    expect(() => sampler(draw(0))).toThrow(/100 tries found no state with energies from 50 to 60; theirs were from/);
  });
});
