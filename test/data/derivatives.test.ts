import { describe, expect, test } from "vitest";
import { column, type Dataset, makeDataset } from "../../src/data/dataset.ts";
import { type DerivativeMethod, type DerivativeOptions, estimateDerivatives } from "../../src/data/derivatives.ts";
import { splitAtGaps } from "../../src/data/gaps.ts";
import { addNoise } from "../../src/data/noise.ts";

/** q = sin t, p = cos 2t from t = 0.7 (where no derivative vanishes) on equal or unequal steps. */
function motion(h: number, until: number, jitter = 0): Dataset & { times: Float64Array } {
  const rows = Math.round(until / h) + 1;
  const times = Float64Array.from({ length: rows }, (_, k) => 0.7 + h * (k + jitter * Math.sin(12.9898 * k)));
  const states = Float64Array.from([...times].flatMap((t) => [Math.sin(t), Math.cos(2 * t)]));
  return makeDataset({ coordinates: ["q"], momenta: ["p"], times, states });
}

/** The largest error of dq/dt and dp/dt away from the ends. */
function worst({ dataset }: { readonly dataset: Dataset }, margin: number): number {
  let most = 0;
  const { times, derivatives, rows } = dataset;
  for (let row = 0; row < rows; row++) {
    const t = times![row]!;
    if (t < times![0]! + margin || t > times!.at(-1)! - margin) continue;
    most = Math.max(most, Math.abs(derivatives![2 * row]! - Math.cos(t)));
    most = Math.max(most, Math.abs(derivatives![2 * row + 1]! + 2 * Math.sin(2 * t)));
  }
  return most;
}

function order(options: DerivativeOptions, margin: number, jitter: number): number {
  const steps = [0.1, 0.05, 0.025, 0.0125];
  const logs = steps.map((h) => Math.log2(worst(estimateDerivatives(motion(h, 8, jitter), options), margin)));
  // Steps halve, so the least-squares slope over four points has weights 3, 1, -1, -3 over 10.
  return (3 * logs[0]! + logs[1]! - logs[2]! - 3 * logs[3]!) / 10;
}

describe("the order that each estimator claims, within 0.15", () => {
  test.each<readonly [DerivativeOptions, margin: number, jitter: number, order: number]>([
    [{ method: "midpoint" }, 0, 0, 2],
    [{ method: "midpoint" }, 0, 0.2, 2],
    [{ method: "forward" }, 0, 0, 1],
    [{ method: "savitzky-golay", window: 7, degree: 4 }, 0.5, 0, 4],
    [{ method: "savitzky-golay", window: 7, degree: 3 }, 0.5, 0, 4],
    [{ method: "savitzky-golay", window: 7, degree: 2 }, 0.5, 0, 2],
    [{ method: "savitzky-golay", window: 7, degree: 4 }, 0, 0, 4],
    [{ method: "savitzky-golay", window: 9, degree: 4 }, 0.8, 0.2, 4],
  ])("%j, margin %d, jitter %d: %d", (options, margin, jitter, claimed) => {
    expect(Math.abs(order(options, margin, jitter) - claimed)).toBeLessThan(0.15);
  });
});

test("midpoint: the bias is h²/24 x‴ in the derivative and h²/8 ẍ in the state", () => {
  const h = 0.01;
  const { dataset } = estimateDerivatives(motion(h, 1), { method: "midpoint" });
  const row = 40;
  const t = dataset.times![row]!;
  expect((dataset.derivatives![2 * row]! - Math.cos(t)) / ((h ** 2 / 24) * -Math.cos(t))).toBeCloseTo(1, 3);
  expect((dataset.states[2 * row]! - Math.sin(t)) / ((h ** 2 / 8) * -Math.sin(t))).toBeCloseTo(1, 3);
  expect(dataset.rows).toBe(100);
});

test("forward: half a step late", () => {
  const h = 0.01;
  const { dataset } = estimateDerivatives(motion(h, 1), { method: "forward" });
  const t = dataset.times![40]!;
  expect((dataset.derivatives![80]! - Math.cos(t)) / ((h / 2) * -Math.sin(t))).toBeCloseTo(1, 1);
});

test("Savitzky–Golay reproduces polynomials of its degree on unequal steps, ends included, to 1e-11", () => {
  const times = Float64Array.from([0, 0.1, 0.15, 0.4, 0.5, 0.7, 0.75, 0.9, 1.3]);
  const states = Float64Array.from([...times].flatMap((t) => [1 + t - 3 * t ** 4, t ** 3]));
  const { derivatives } = estimateDerivatives(makeDataset({ coordinates: ["q"], momenta: ["p"], times, states }), {
    method: "savitzky-golay",
    window: 5,
    degree: 4,
  }).dataset;
  for (const [k, t] of times.entries()) {
    expect(Math.abs(derivatives![2 * k]! - (1 - 12 * t ** 3))).toBeLessThan(1e-11 * 30);
    expect(Math.abs(derivatives![2 * k + 1]! - 3 * t ** 2)).toBeLessThan(1e-11 * 30);
  }
});

describe("smoothing spline", () => {
  test("is scipy's make_smoothing_spline for a given λ, to 1e-9", () => {
    // scipy 1.17: make_smoothing_spline(t, sin(3t) + 0.05 cos(40t), lam=1e-3), its derivative at t = 0, 0.5, 1.
    const times = Float64Array.from({ length: 21 }, (_, k) => k / 20);
    const states = Float64Array.from([...times].flatMap((t) => [Math.sin(3 * t) + 0.05 * Math.cos(40 * t), 0]));
    const dataset = makeDataset({ coordinates: ["q"], momenta: ["p"], times, states });
    const slopes = column(
      estimateDerivatives(dataset, { method: "smoothing-spline", smoothing: 1e-3 }).dataset,
      "dq/dt",
    );
    for (const [k, slope] of [
      [0, 2.6628274808387165],
      [10, 0.20149970790243504],
      [20, -2.7989744129167686],
    ] as const) {
      expect(Math.abs(slopes[k]! - slope)).toBeLessThan(1e-9);
    }
  });

  test("chooses λ as scipy does: slopes agree to 1e-6", () => {
    // scipy 1.17: make_smoothing_spline(t, x).derivative() at t[0] and t[100]; the minimum is flat, hence 1e-6.
    const times = Float64Array.from({ length: 200 }, (_, k) => k / 10 + 0.03 * Math.sin(k));
    const states = Float64Array.from(
      [...times].flatMap((t, k) => [Math.sin(t) + 0.1 * Math.cos(12.9 * k * k), Math.cos(t)]),
    );
    const dataset = makeDataset({ coordinates: ["q"], momenta: ["p"], times, states });
    const slopes = column(estimateDerivatives(dataset, { method: "smoothing-spline" }).dataset, "dq/dt");
    expect(Math.abs(slopes[0]! - 0.7418753698372901)).toBeLessThan(1e-6);
    expect(Math.abs(slopes[100]! + 0.8730946096031019)).toBeLessThan(1e-6);
  });

  test("no smoothing at all interpolates, and much makes a straight line", () => {
    const dataset = motion(0.1, 4);
    const tight = estimateDerivatives(dataset, { method: "smoothing-spline", smoothing: 1e-14 });
    expect(worst(tight, 1)).toBeLessThan(1e-3);
    const stiff = column(
      estimateDerivatives(dataset, { method: "smoothing-spline", smoothing: 1e12 }).dataset,
      "dq/dt",
    );
    expect(Math.max(...stiff) - Math.min(...stiff)).toBeLessThan(1e-9);
  });

  test("finds the noise of σ = 0.1 within a tenth, and beats the other estimators", () => {
    const noisy = addNoise(motion(0.05, 40), { sigma: 0.1, seed: 1 });
    const spline = estimateDerivatives(noisy, { method: "smoothing-spline" });
    expect(Math.abs(spline.sigma!.q! / 0.1 - 1)).toBeLessThan(0.1);
    expect(Math.abs(spline.sigma!.p! / 0.1 - 1)).toBeLessThan(0.1);
    const error = (method: DerivativeMethod) => worst(estimateDerivatives(noisy, { method }), 1);
    expect(error("smoothing-spline")).toBeLessThan(0.5 * error("savitzky-golay"));
    expect(error("savitzky-golay")).toBeLessThan(error("midpoint"));
  });
});

test("noise of midpoint differences is √2 σ/h, within five hundredths", () => {
  const noisy = addNoise(motion(0.1, 2000), { sigma: 0.1, seed: 2 });
  const { times, derivatives, rows } = estimateDerivatives(noisy, { method: "midpoint" }).dataset;
  let square = 0;
  for (let row = 0; row < rows; row++) square += (derivatives![2 * row]! - Math.cos(times![row]!)) ** 2 / rows;
  expect(Math.sqrt(square) / (Math.SQRT2 * 0.1 * 10)).toBeCloseTo(1, 1);
});

test("no difference is taken across runs, gaps or a split", () => {
  const times = Float64Array.of(0, 1, 2, 5, 6, 0, 1);
  const dataset = makeDataset({ coordinates: ["q"], momenta: ["p"], times, states: new Float64Array(14) });
  const { dataset: cut, gaps } = splitAtGaps(dataset);
  expect(gaps.map(({ row, from, to }) => [row, from, to])).toEqual([
    [3, 2, 5],
    [5, 6, 0],
  ]);
  expect(estimateDerivatives(cut, { method: "midpoint" }).dataset.times).toEqual(Float64Array.of(0.5, 1.5, 5.5, 0.5));
  const halves = makeDataset({ ...cut, test: Uint8Array.of(0, 0, 1, 1, 1, 1, 1) });
  expect(estimateDerivatives(halves, { method: "midpoint" }).dataset.times).toEqual(Float64Array.of(0.5, 5.5, 0.5));
  expect(() => estimateDerivatives(dataset, { method: "midpoint" })).toThrow(
    "in run 0, time goes from 6 to 0 at row 6",
  );
  expect(() => estimateDerivatives(cut, { method: "savitzky-golay" })).toThrow("run 0 has 3 of the 7 rows");
  expect(() => estimateDerivatives(cut, { method: "savitzky-golay", window: 4 })).toThrow("a window of 4");
});
