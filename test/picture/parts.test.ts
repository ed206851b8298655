import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { makeDataset } from "../../src/data/dataset.ts";
import { energyLevels } from "../../src/picture/background.ts";
import { bodiesOf } from "../../src/picture/bodies.ts";
import { isolines } from "../../src/picture/contour.ts";
import { formulaLabel, labelText, nameLabel, unitLabel } from "../../src/picture/label.ts";
import type { Axis } from "../../src/picture/panel.ts";
import { saddleEnergies } from "../../src/picture/saddle.ts";
import { type Path, simplified, uncovered } from "../../src/picture/simplify.ts";
import { ticksOf } from "../../src/picture/ticks.ts";
import { titleOf } from "../../src/picture/title.ts";
import { powerTrend } from "../../src/picture/trend.ts";
import { wrapped } from "../../src/picture/wrap.ts";

describe("labels", () => {
  test.each([
    ["q", "q"],
    ["theta", "θ"],
    ["p_theta", "p_θ"],
    ["q1", "q₁"],
    ["theta12", "θ₁₂"],
    ["p_x1", "pₓ₁"],
    ["q[3]", "q₃"],
    ["q[1,2]", "q₁,₂"],
    ["qx1", "qₓ₁"],
    ["Omega", "Ω"],
    ["mass", "mass"],
    ["dq/dt", "dq/dt"],
    ["an odd name", "an odd name"],
  ])("%s is %s", (name, text) => expect(labelText(nameLabel(name))).toBe(text));

  test("letters are italic, words and digits are not", () => {
    expect(nameLabel("p_theta1")).toEqual([
      { text: "p", italic: true },
      { text: "θ", italic: true, at: "sub" },
      { text: "1", at: "sub" },
    ]);
    expect(nameLabel("mass")).toEqual([{ text: "mass", italic: false }]);
  });

  test.each([
    ["kg m^2/s", "kg m²/s"],
    ["m s^-1", "m s⁻¹"],
    ["rad", "rad"],
  ])("the unit %s is %s", (unit, text) => expect(labelText(unitLabel(unit))).toBe(text));

  test.each([
    ["p^2/2 - cos(q)", "p²/2 − cos(q)"],
    ["lambda (x^2 y - y^3/3)", "λ (x² y − y³/3)"],
    ["sum(p[i]^2, i = 1..N)", "Σ(pᵢ², i = 1..N)"],
    ["x^(-1) * y", "x⁻¹ · y"],
  ])("the formula %s is %s", (formula, text) => expect(labelText(formulaLabel(formula))).toBe(text));
});

describe("ticks", () => {
  const linear = (low: number, high: number, more: Partial<Axis> = {}): Axis => ({
    label: [],
    kind: "linear",
    low,
    high,
    ...more,
  });
  const words = (axis: Axis, count = 6) => ticksOf(axis, count).labels.map(labelText);

  test.each([
    [0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
    [-0.31, 0.32, ["−0.2", "0.0", "0.2"]],
    [0, 2500, ["0", "500", "1000", "1500", "2000", "2500"]],
    [99.5, 100.5, ["99.6", "99.8", "100.0", "100.2", "100.4"]],
  ])("from %d to %d", (low, high, expected) => expect(words(linear(low, high))).toEqual(expected));

  test("far from 1 have a power of ten at the axis", () => {
    expect(ticksOf(linear(0, 1e5), 6)).toMatchObject({ power: 4, shift: 0 });
    expect(words(linear(0, 1e5))).toEqual(["0", "2", "4", "6", "8", "10"]);
    expect(ticksOf(linear(0, 3e-7), 6)).toMatchObject({ power: -8 });
  });

  test("close together count from a value at the axis", () => {
    const { shift, power, labels } = ticksOf(linear(1e9, 1e9 + 1e-5), 6);
    expect(Math.abs(shift - 1e9)).toBeLessThan(1e-5);
    expect(power).toBe(-6);
    expect(labels.map(labelText).every((label) => label.length <= 3)).toBe(true);
  });

  test("of angles stand at parts of π", () => {
    expect(words(linear(-Math.PI, Math.PI, { angle: true }), 5)).toEqual(["−π", "−π/2", "0", "π/2", "π"]);
    expect(words(linear(0, 10, { angle: true }), 5)).toEqual(["0", "π", "2π", "3π"]);
    expect(words(linear(0, 1e4, { angle: true }), 5)[1]).toBe("2000");
  });

  test("of a logarithm stand at decades", () => {
    const axis: Axis = { label: [], kind: "log", low: 1e-16, high: 1e-2 };
    expect(words(axis, 15)).toHaveLength(15);
    expect(words(axis, 5)).toEqual(["10⁻¹⁵", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³"]);
  });

  test("are few, ordered and within the axis for any range", () => {
    for (let exponent = -300; exponent <= 300; exponent += 7) {
      for (const [a, b] of [
        [-1, 1],
        [0.123, 0.977],
        [3, 3.0001],
      ] as const) {
        const [low, high] = [a * 10 ** exponent, b * 10 ** exponent];
        const { values, labels } = ticksOf(linear(low, high), 6);
        expect(values.length).toBeGreaterThanOrEqual(2);
        expect(values.length).toBeLessThanOrEqual(8);
        expect(values.every((value, k) => k === 0 || value > values[k - 1]!)).toBe(true);
        expect(labels.every((label) => labelText(label).length <= 8)).toBe(true);
        expect(new Set(labels.map(labelText)).size).toBe(labels.length);
      }
    }
  });
});

describe("lines of constant value", () => {
  const size = 101;
  const at = (k: number) => (4 * k) / (size - 1) - 2;
  const gridOf = (f: (x: number, y: number) => number) =>
    Float64Array.from({ length: size * size }, (_, k) => f(at(k % size), at(Math.floor(k / size))));

  test("of a circle are one closed ring at its radius, to the square of the grid's step", () => {
    const { xs, ys } = isolines(
      gridOf((x, y) => x * x + y * y),
      size,
      size,
      1.5,
    );
    expect([...xs].some(Number.isNaN)).toBe(false);
    expect([xs.at(-1), ys.at(-1)]).toEqual([xs[0], ys[0]]);
    // Linear interpolation of a quadratic function: error at most (step/2)² / 2r.
    for (const [k, x] of xs.entries()) expect(Math.hypot(at(x), at(ys[k]!))).toBeCloseTo(Math.sqrt(1.5), 3);
  });

  test("of a saddle are two open lines", () => {
    const { xs } = isolines(
      gridOf((x, y) => x * y),
      size,
      size,
      0.5,
    );
    expect([...xs].filter(Number.isNaN)).toHaveLength(1);
  });

  test("leave cells out that are not finite", () => {
    const { xs } = isolines(
      gridOf((x, y) => 1 / Math.hypot(x, y)),
      size,
      size,
      1e6,
    );
    expect(xs.length).toBe(0);
  });

  test("are at rounded energies above the lowest, closer together where it is low", () => {
    const levels = energyLevels(gridOf((x, y) => x * x + y * y - 1));
    expect(levels.length).toBeGreaterThanOrEqual(6);
    expect(levels.every((level) => level > -1 && level < 7 && String(level).length <= 5)).toBe(true);
    expect(levels[1]! - levels[0]!).toBeLessThan(levels.at(-1)! - levels.at(-2)!);
    expect(energyLevels(new Float64Array(9).fill(3))).toEqual([]);
    expect(energyLevels(new Float64Array(9).fill(Number.NaN))).toEqual([]);
  });
});

describe("saddle points of H", () => {
  const axis = (low: number, high: number): Axis => ({ label: [], kind: "linear", low, high });
  const energies = (text: string) => saddleEnergies(compile(text), axis(-2, 2), axis(-1.5, 1.5), 0);

  test("of a double well are one, though its energy of 0 is found with rounding", () => {
    const well = compile("m = 1.5; H = p^2/(2 m) - q^2/2 + q^4/4");
    expect(saddleEnergies(well, axis(0.35, 1.47), axis(-0.9, 0.9), 0)).toEqual([expect.closeTo(0, 9)]);
  });

  test.each([
    ["p^2/2 - cos(q)", [1]],
    ["p^2/2 - q^2/2 + q^4/4", [0]],
    ["p^2/2 + q^2/2 - q^3/3", [1 / 6]],
    ["p^2/2 + q^2/2", []],
    ["p^2/2 - 1/(1 + (q - 1)^2) - 2/(1 + 4 (q + 1)^2)", [expect.closeTo(-0.9, 0)]],
  ])("of %s are at %j", (text, expected) => {
    const found = energies(text);
    expect(found).toHaveLength(expected.length);
    for (const [k, energy] of expected.entries()) {
      if (typeof energy === "number") expect(found[k]).toBeCloseTo(energy, 9);
      else expect(found[k]).toEqual(energy);
    }
  });
});

describe("fewer points", () => {
  test("of a straight line are its ends, of a corner three", () => {
    const us = Float64Array.from({ length: 1000 }, (_, k) => k);
    expect(simplified({ us, vs: us.map((u) => 2 * u) }).us).toEqual(Float64Array.of(0, 999));
    expect(simplified({ us, vs: us.map((u) => Math.abs(u - 500)) }).us).toEqual(Float64Array.of(0, 500, 999));
  });

  test("leave a curve where it was, to a fifth of a pixel", () => {
    const count = 20_000;
    const us = Float64Array.from({ length: count }, (_, k) => 300 + 250 * Math.cos(k / 1000));
    const vs = Float64Array.from({ length: count }, (_, k) => 300 + 250 * Math.sin((3 * k) / 1000));
    const few = simplified({ us, vs });
    expect(few.us.length).toBeLessThan(count / 10);
    let at = 0;
    let worst = 0;
    for (let k = 0; k < count; k++) {
      worst = Math.max(worst, distance(k));
      // What is kept are points of the curve, in their order.
      if (us[k] === few.us[at + 1] && vs[k] === few.vs[at + 1] && at + 2 < few.us.length) at++;
    }
    expect(at).toBe(few.us.length - 2);
    expect(worst).toBeLessThan(0.2);
    function distance(k: number): number {
      const [a, b] = [few.us[at]!, few.vs[at]!];
      const [c, d] = [few.us[at + 1]! - a, few.vs[at + 1]! - b];
      const part = Math.min(Math.max(((us[k]! - a) * c + (vs[k]! - b) * d) / (c * c + d * d), 0), 1);
      return Math.hypot(us[k]! - a - part * c, vs[k]! - b - part * d);
    }
  });

  test("keep turns back along a line, and breaks", () => {
    const back = simplified({ us: Float64Array.of(0, 10, 20, 10, 0), vs: new Float64Array(5) });
    expect([...back.us]).toEqual([0, 20, 0]);
    const broken = simplified({ us: Float64Array.of(0, 1, Number.NaN, 5, 6, 7), vs: new Float64Array(6) });
    expect([...broken.us]).toEqual([0, 1, Number.NaN, 5, 7]);
  });

  test("cover the same pixels", () => {
    let state = 7;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (100 * state) / 2 ** 32;
    };
    const whole = { us: Float64Array.from({ length: 5000 }, random), vs: Float64Array.from({ length: 5000 }, random) };
    const few = uncovered(whole, 100, 100, 1);
    expect(few.us.length).toBeLessThan(2500);
    expect(uncovered(few, 100, 100, 1).us.length).toBe(few.us.length);
    expect(cells(few)).toEqual(cells(whole));
    function cells({ us, vs }: Path): number {
      const seen = new Set<number>();
      for (let k = 1; k < us.length; k++) {
        const steps = Math.ceil(Math.max(Math.abs(us[k]! - us[k - 1]!), Math.abs(vs[k]! - vs[k - 1]!))) + 1;
        for (let step = 0; step <= steps; step++) {
          const u = us[k - 1]! + ((us[k]! - us[k - 1]!) * step) / steps;
          const v = vs[k - 1]! + ((vs[k]! - vs[k - 1]!) * step) / steps;
          if (Number.isFinite(u + v)) seen.add(Math.floor(v) * 1000 + Math.floor(u));
        }
      }
      return seen.size;
    }
  });
});

describe("the trend of errors", () => {
  const times = Float64Array.from({ length: 2000 }, (_, k) => k / 10);

  test.each([
    [1, 3e-5],
    [0.5, 1e-15],
    [2, 1e-9],
  ])("t^%d is found, oscillating or not", (exponent, factor) => {
    const smooth = powerTrend(
      times,
      times.map((t) => factor * t ** exponent),
    )!;
    expect(smooth).toMatchObject({ flat: false });
    expect(smooth.exponent).toBeCloseTo(exponent, 1);
    expect(smooth.at(100) / (factor * 100 ** exponent)).toBeCloseTo(1, 1);
    const wavy = powerTrend(
      times,
      times.map((t) => factor * t ** exponent * Math.abs(Math.sin(3 * t)) + 1e-30),
    )!;
    expect(wavy.exponent).toBeCloseTo(exponent, 0);
  });

  test("a bounded error has none", () => {
    const bounded = powerTrend(
      times,
      times.map((t) => 1e-3 * Math.abs(Math.sin(t)) + 1e-12),
    )!;
    expect(bounded.flat).toBe(true);
    expect(bounded.factor).toBeCloseTo(1e-3 / Math.SQRT2, 5);
  });

  test("few errors tell nothing", () =>
    expect(powerTrend(times.subarray(0, 10), times.subarray(0, 10))).toBeUndefined());
});

test("an angle leaves at π and comes in at −π", () => {
  const curve = {
    kind: "line",
    xs: Float64Array.of(3, 4, 5),
    ys: Float64Array.of(0, 1, 2),
    color: "",
    width: 1,
  } as const;
  const { xs, ys } = wrapped(curve);
  const turn = 2 * Math.PI;
  const expected = [3, Math.PI, Number.NaN, -Math.PI, 4 - turn, 5 - turn];
  expect(xs.length).toBe(expected.length);
  // The gap is NaN on either side.
  for (const [k, x] of expected.entries()) if (k !== 2) expect(xs[k]).toBeCloseTo(x, 12);
  expect([xs[2], ys[2]]).toEqual([Number.NaN, Number.NaN]);
  expect([...ys][1]).toBeCloseTo(Math.PI - 3, 12);
  expect([...ys][3]).toBeCloseTo(Math.PI - 3, 12);
});

test("bodies are found by the names of their coordinates", () => {
  const found = (coordinates: string[], momenta: string[] = []) =>
    bodiesOf({ coordinates, momenta }).map(({ x, y }) => `${x} ${y}`);
  expect(found(["x", "y"])).toEqual(["x y"]);
  expect(found(["x1", "x2", "y1", "y2"])).toEqual(["x1 y1", "x2 y2"]);
  expect(found(["qx1", "qy1"])).toEqual(["qx1 qy1"]);
  expect(found(["q[1,1]", "q[1,2]", "q[1,3]", "q[2,1]", "q[2,2]", "q[2,3]"])).toEqual([
    "q[1,1] q[1,2]",
    "q[2,1] q[2,2]",
  ]);
  expect(found(["x[1]", "x[2]"], ["y[1]", "y[2]"])).toEqual(["x[1] y[1]", "x[2] y[2]"]);
  expect(found(["q[1]", "q[2]"])).toEqual([]);
  expect(found(["x1", "x2"])).toEqual([]);
  expect(found(["theta"])).toEqual([]);
});

test("a title takes H out of a text of several statements", () => {
  const title = (formula: string) => {
    const provenance = { formula, parameters: {} };
    const data = makeDataset({ coordinates: ["q"], momenta: ["p"], states: new Float64Array(2), provenance });
    return labelText(titleOf(data).headline);
  };
  expect(title("p^2/2 - cos(q)")).toBe("H = p²/2 − cos(q)");
  expect(title("m = 1\npairs (x, p_x)\nx(0) = 1\nH = p_x^2/(2 m) + x^2\ninvariant L = x")).toBe("H = pₓ²/(2 m) + x²");
  expect(title("m = 0.3 kg; q [rad]; p^2/(2 m)")).toBe("H = p²/(2 m)");
  expect(title("q: [3], p: [3]; sum(p[i]^2, i = 1..3)")).toBe("H = Σ(pᵢ², i = 1..3)");
});
