import type { Label } from "./label.ts";
import type { Axis } from "./panel.ts";

/** Where an axis is marked, and with what. */
export interface Ticks {
  readonly values: readonly number[];
  /** As many as `values`; empty where a tick has no label. */
  readonly labels: readonly Label[];
  /** Values without labels between those. */
  readonly minor: readonly number[];
  /** Labels are to be multiplied by this power of ten, which is said at the axis; 0 as a rule. */
  readonly power: number;
  /** Labels count from this value, which is said at the axis; 0 as a rule. */
  readonly shift: number;
}

/**
 * Ticks at round values, about `count` of them.
 *
 * @param count how many labels there is space for, at least 2
 */
export function ticksOf(axis: Axis, count: number): Ticks {
  if (axis.kind === "log") return logTicks(axis, count);
  const turns = (axis.high - axis.low) / Math.PI;
  if (axis.angle && turns >= 1 && turns < 60) return angleTicks(axis, count);
  return linearTicks(axis, count);
}

/** The least of 1, 2, 2.5, 5 times a power of ten of which at most `count` fit into the range. */
export function roundStep(range: number, count: number): number {
  const rough = range / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const ratio = rough / power;
  const factor = ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 2.5 ? 2.5 : ratio <= 5 ? 5 : 10;
  return factor * power;
}

function multiples(low: number, high: number, step: number): number[] {
  const slack = 1e-9 * (high - low);
  const first = Math.ceil((low - slack) / step);
  const last = Math.floor((high + slack) / step);
  return Array.from({ length: Math.max(0, Math.min(last - first + 1, 1000)) }, (_, k) => (first + k) * step);
}

function linearTicks({ low, high }: Axis, count: number): Ticks {
  const step = roundStep(high - low, count);
  const values = multiples(low, high, step);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  // More than seven digits before the step shows: only differences are readable.
  const shift = largest / step > 1e6 ? Number(values[0]!.toPrecision(15)) : 0;
  const shifted = values.map((value, k) => (shift === 0 ? value : k * step));
  const scale = Math.max(...shifted.map(Math.abs), step);
  const power = powerOf(scale, step);
  const decimals = decimalsOf(step / 10 ** power);
  const labels = shifted.map((value) => [{ text: fixed(value / 10 ** power, decimals) }]);
  const minor = multiples(low, high, step / minorParts(step)).filter(
    (value) => !values.some((major) => Math.abs(major - value) < step * 1e-6),
  );
  return { values, labels, minor, power, shift };
}

/** Few digits before the point, and none behind it where two before do: 0, 2, … 10 times 10⁴. */
function powerOf(scale: number, step: number): number {
  if (scale < 1e5 && scale >= 1e-3) return 0;
  const fine = Math.floor(Math.log10(step) + 1e-9);
  return scale / 10 ** fine < 100 ? fine : Math.floor(Math.log10(scale) + 1e-9);
}

/** 2 and 5 in a round step are cut in as many parts that are round themselves. */
function minorParts(step: number): number {
  const digit = Number(step.toExponential()[0]);
  return digit === 2 ? (step.toExponential().startsWith("2.5") ? 5 : 4) : 5;
}

/** Decimals that a multiple of the step needs. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}

function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return minus(Number(text) === 0 ? text.replace("-", "") : text);
}

function minus(text: string): string {
  return text.replace(/-/g, "−");
}

function integer(value: number): string {
  return minus(String(value));
}

function angleTicks({ low, high }: Axis, count: number): Ticks {
  const steps = [1 / 4, 1 / 2, 1, 2, 4, 5, 10, 20];
  const range = (high - low) / Math.PI;
  const step = steps.find((each) => range / each <= count + 0.5) ?? 20;
  const values = multiples(low / Math.PI, high / Math.PI, step);
  return {
    values: values.map((value) => value * Math.PI),
    labels: values.map((value) => [{ text: multipleOfPi(value) }]),
    minor: multiples(low / Math.PI, high / Math.PI, step / 2)
      .filter((value) => !values.includes(value))
      .map((value) => value * Math.PI),
    power: 0,
    shift: 0,
  };
}

/** @example multipleOfPi(-0.75) // "−3π/4" */
function multipleOfPi(value: number): string {
  if (value === 0) return "0";
  const below = [1, 2, 4].find((each) => Number.isInteger(value * each))!;
  const above = Math.abs(value * below);
  return `${value < 0 ? "−" : ""}${above === 1 ? "" : above}π${below === 1 ? "" : `/${below}`}`;
}

function logTicks({ low, high }: Axis, count: number): Ticks {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(count, 2)));
  const decades = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const labelled = decades.filter((decade) => decade % every === 0);
  const minor =
    every > 1
      ? decades.filter((decade) => decade % every !== 0).map((decade) => 10 ** decade)
      : [first - 1, ...decades].flatMap((decade) => [2, 3, 4, 5, 6, 7, 8, 9].map((digit) => digit * 10 ** decade));
  return {
    values: labelled.map((decade) => 10 ** decade),
    labels: labelled.map((decade) => [{ text: "10" }, { text: integer(decade), at: "super" }]),
    minor: minor.filter((value) => value >= low && value <= high),
    power: 0,
    shift: 0,
  };
}
