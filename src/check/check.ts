import type { Point } from "./points.ts";
import type { Subject } from "./subject.ts";

/** One number, or one claim, by two roads. */
export interface CheckLine {
  /** What is compared: `H: JavaScript = interpreter`. */
  readonly claim: string;
  readonly verdict: "pass" | "fail" | "skipped";
  /** What was measured, and what it is held to; in the same unit. */
  readonly figure?: number | undefined;
  readonly bound?: number | undefined;
  /** Of both: `bits`, `order`, or what they are relative to. Nothing where they are in the units of the quantity itself. */
  readonly unit?: string | undefined;
  /** `at least` where the figure must not be below the bound. Default `at most`. */
  readonly sense?: "at most" | "at least" | undefined;
  /** Where the bound comes from, or why nothing was compared. */
  readonly because: string;
  /** Where the figure stands worst against the bound. */
  readonly worst?: Worst | undefined;
}

export interface Worst {
  /** Which number: `∂H/∂q[3]`. */
  readonly of?: string | undefined;
  readonly state: readonly number[];
  readonly t: number;
}

/** A member of the family: one file, one line in `checks.ts`. */
export interface Check {
  /** kebab-case, the same as its file. */
  readonly name: string;
  /** The heading above its lines. */
  readonly title: string;
  readonly run: (subject: Subject) => readonly CheckLine[] | Promise<readonly CheckLine[]>;
}

/** Nothing was compared. */
export function skipped(claim: string, because: string): CheckLine {
  return { claim, verdict: "skipped", because };
}

/** Relative errors that two roads may show and still be said to agree: beyond, agreement says nothing. */
export const bluntBound = 1e-3;

/** Collects differences with their bounds and keeps the worst. */
export class Tally {
  readonly #blunt: number;
  #ratio = -1;
  #figure = 0;
  #bound = 0;
  #worst: Worst | undefined;
  #count = 0;
  #least = Number.POSITIVE_INFINITY;
  #undecided = 0;

  /** @param blunt a bound from which on agreement says nothing; such numbers count only where they disagree */
  constructor(blunt = Number.MAX_VALUE) {
    this.#blunt = blunt;
  }

  /** How many numbers were compared. */
  get count(): number {
    return this.#count;
  }

  /** A difference, and what it is held to. */
  add(difference: number, bound: number, at: Point, of?: string): void {
    const size = Math.abs(difference);
    if (!(bound <= this.#blunt) && !(size > bound)) {
      this.#undecided++;
      this.#least = Math.min(this.#least, Number.isNaN(bound) ? Number.POSITIVE_INFINITY : bound);
      return;
    }
    this.#count++;
    const ratio = size === 0 ? 0 : Number.isNaN(size) ? Number.POSITIVE_INFINITY : size / bound;
    if (ratio <= this.#ratio) return;
    this.#ratio = ratio;
    this.#figure = size;
    this.#bound = bound;
    this.#worst = { of, state: [...at.x], t: at.t };
  }

  line(claim: string, because: string, unit?: string): CheckLine {
    if (this.#count + this.#undecided === 0) return skipped(claim, "there is nothing to compare");
    if (this.#count === 0) {
      const wide = `no bound is below ${this.#least.toPrecision(2)}, which would say nothing: ${because}`;
      return skipped(claim, this.#least < Number.POSITIVE_INFINITY ? wide : "no bound is finite");
    }
    return {
      claim,
      verdict: this.#ratio <= 1 ? "pass" : "fail",
      figure: this.#figure,
      bound: this.#bound,
      unit,
      because,
      worst: this.#worst,
    };
  }
}
