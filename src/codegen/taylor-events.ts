import type { TaylorLayout } from "./taylor-layout.ts";
import { signChanges } from "./taylor-roots.ts";
import type { SeriesProgram, Watch } from "./taylor-series.ts";

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
  const events = program.watches.filter(({ event }) => event);
  const branches = program.watches.filter(({ event }) => !event);
  const signs = events.map(() => 0);
  const latest = events.map(() => Number.NaN);
  /** How far past a change of branch a step goes, in roundings, and the width of such steps. */
  let [push, usual] = [1, 0];
  const polynomial = new Float64Array(layout.order + 1);
  const load = (watch: Watch, iteration: number, h: number): Float64Array => {
    const at = (layout.watches + layout.watchAt.get(watch)!) / 8 + iteration;
    for (let k = 0, power = 1; k <= layout.order; k++, power *= h) {
      polynomial[k] = numbers[at + (k * layout.watchRowBytes) / 8]! * power;
    }
    return polynomial;
  };
  return {
    find(t, h) {
      const found = events.flatMap((watch, event): Crossing[] => {
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
          const near = Math.abs(t + s * h - latest[event]!) <= sameTime * Math.abs(t) + sameStep * Math.abs(h);
          if (near) return [];
          const direction = sign > 0 ? "up" : "down";
          const wanted = directions[event]!;
          return wanted === "both" || wanted === direction ? [{ event, after: s * h, direction }] : [];
        });
      });
      return found.sort((a, b) => Math.abs(a.after) - Math.abs(b.after));
    },
    cut(h) {
      let first = 1;
      for (const watch of branches) {
        const { iterations } = layout.blocks[watch.block.id]!;
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
    },
    done(t, h) {
      events.forEach((watch, event) => {
        const a = load(watch, 0, h);
        const [last] = signChanges(a, Math.sign(a[0]!) || signs[event]!).slice(-1);
        if (last !== undefined) latest[event] = t + last * h;
        let value = 0;
        for (const coefficient of a) value += coefficient;
        signs[event] = Math.sign(value) || Math.sign(a[0]!) || signs[event]!;
      });
    },
  };
}
