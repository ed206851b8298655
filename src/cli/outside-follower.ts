import type { Dataset } from "../data/dataset.ts";
import type { Region } from "../hnn/region.ts";
import { outsideOf } from "../train/evaluate/region.ts";

/** How much of a simulation of a trained model went where it was not trained. */
export interface OutsideAccount {
  /** The part of the rows, 0 … 1. */
  readonly fraction: number;
  /** Of the first row outside; null where rows have no time or all are inside. */
  readonly firstTime: number | null;
  readonly entry: string | null;
}

/** Watches rows go by. */
export class OutsideFollower {
  readonly #region: Region;
  #rows = 0;
  #outside = 0;
  #first: Pick<OutsideAccount, "firstTime" | "entry"> = { firstTime: null, entry: null };

  constructor(region: Region) {
    this.#region = region;
  }

  add(chunk: Dataset): void {
    const { fraction, firstTime, entry } = outsideOf(this.#region, chunk);
    if (this.#outside === 0 && fraction > 0) this.#first = { firstTime, entry };
    this.#outside += fraction * chunk.rows;
    this.#rows += chunk.rows;
  }

  account(): OutsideAccount {
    return { fraction: this.#rows === 0 ? 0 : this.#outside / this.#rows, ...this.#first };
  }
}

/** What a person is told; undefined where all is well. */
export function outsideLine({ fraction, firstTime, entry }: OutsideAccount): string | undefined {
  if (fraction === 0) return undefined;
  const share = fraction < 0.001 ? "some" : `${Number((100 * fraction).toPrecision(2))} %`;
  const first = firstTime === null ? "" : `, first ${entry} at t = ${Number(firstTime.toPrecision(4))}`;
  return `${share} of the rows lie outside of what the model was trained on${first}: what it says there is a guess`;
}

/** A start for a trained model that has none of its own: well inside of what it was trained on, at rest in the middle. */
export function startInside({ low, high }: Region): number[] {
  return low.map((value, k) => value + (k < low.length / 2 ? 0.75 : 0.5) * (high[k]! - value));
}
