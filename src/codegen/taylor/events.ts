import type { TaylorLayout } from "./layout.ts";
import { signChanges } from "./roots.ts";
import type { SeriesProgram, Watch } from "./series.ts";

/** Which sign changes count: from − to +, from + to −, or both. */
export type Direction = "up" | "down" | "both";

/** A sign change of an event's value within a step. */
export interface Crossing {
  /** Which event. */
  readonly event: number;
  /** Time after the start of the step. */
  readonly after: number;
  readonly direction: "up" | "down";
}

/** Finds, step by step, where events happen and where a formula changes its branch. */
export interface Crossings {
  /** The crossings of the step at hand up to its width h, in their order. */
  find(t: number, h: number): Crossing[];
  /** The width to which the step has to be cut, so that it ends just past the first change of branch. */
  cut(h: number): number;
  /** To be called when a step of width h has been decided on. */
  done(t: number, h: number): void;
}

/** Sign changes of one event nearer than this part of the time or of the step are rounding. */
const [sameTime, sameStep] = [32 * Number.EPSILON, 1e-12];

export function crossings(
  program: SeriesProgram,
  layout: TaylorLayout,
  numbers: Float64Array,
  directions: readonly Direction[],
): Crossings {
  const polynomial = new Float64Array(layout.order + 1);
  const load: Load = (watch, iteration, h) => {
    const at = (layout.watches + layout.watchAt.get(watch)!) / 8 + iteration;
    for (let k = 0, power = 1; k <= layout.order; k++, power *= h) {
      polynomial[k] = numbers[at + (k * layout.watchRowBytes) / 8]! * power;
    }
    return polynomial;
  };
  const events = program.watches.filter(({ event }) => event);
  const branches = program.watches
    .filter(({ event }) => !event)
    .map((watch) => ({ watch, iterations: layout.blocks[watch.block.id]!.iterations }));
  return { ...eventFinder(events, directions, load), cut: branchCutter(branches, load) };
}

/** A watch's polynomial in s for t₀ + s·h, 0 ≤ s ≤ 1; overwritten by the next call. */
type Load = (watch: Watch, iteration: number, h: number) => Float64Array;

function eventFinder(
  events: readonly Watch[],
  directions: readonly Direction[],
  load: Load,
): Pick<Crossings, "find" | "done"> {
  const signs = events.map(() => 0);
  const latest = events.map(() => Number.NaN);
  const one = (watch: Watch, event: number, t: number, h: number): Crossing[] => {
    const a = load(watch, 0, h);
    let sign = Math.sign(a[0]!) || signs[event]!;
    const places = signChanges(a, sign);
    if (signs[event] !== 0 && sign === -signs[event]!) {
      // the sign changed in the rounding between two steps
      places.unshift(0);
      sign = signs[event]!;
    }
    return places.flatMap((s): Crossing[] => {
      sign = -sign;
      const apart = Math.abs(t + s * h - latest[event]!);
      if (apart <= sameTime * Math.abs(t) + sameStep * Math.abs(h)) return [];
      const direction = sign > 0 ? "up" : "down";
      const wanted = directions[event]!;
      return wanted === "both" || wanted === direction ? [{ event, after: s * h, direction }] : [];
    });
  };
  return {
    find: (t, h) =>
      events.flatMap((watch, event) => one(watch, event, t, h)).sort((a, b) => Math.abs(a.after) - Math.abs(b.after)),
    done(t, h) {
      events.forEach((watch, event) => {
        const a = load(watch, 0, h);
        const last = signChanges(a, Math.sign(a[0]!) || signs[event]!).at(-1);
        if (last !== undefined) latest[event] = t + last * h;
        const end = a.reduce((sum, coefficient) => sum + coefficient, 0);
        signs[event] = Math.sign(end) || Math.sign(a[0]!) || signs[event]!;
      });
    },
  };
}

function branchCutter(
  branches: readonly { readonly watch: Watch; readonly iterations: number }[],
  load: Load,
): Crossings["cut"] {
  /** How far past a change of branch a step goes, in roundings, and the width of such steps. */
  let [push, usual] = [1, 0];
  return (h) => {
    let first = 1;
    for (const { watch, iterations } of branches) {
      for (let i = 0; i < iterations; i++) {
        // at 0 the branch taken is that of positive values
        const [place] = signChanges(load(watch, i, h), 1);
        if (place !== undefined && place < first) first = place;
      }
    }
    if (first === 1) return h;
    const width = Math.abs(first * h);
    // a step that ends where it began had not been pushed far enough
    const whole = width > 1e-9 * usual;
    push = whole ? 1 : 2 * push;
    if (whole) usual = width;
    const past = width + 2 * Number.EPSILON * push * usual;
    return past < Math.abs(h) ? Math.sign(h) * past : h;
  };
}
