import type { Dataset } from "../data/dataset.ts";

/** What became of the energy, over all rows of all trajectories. */
export interface EnergyAccount {
  /** H at the start of the first trajectory. */
  readonly initial: number;
  /** H at the end of the first trajectory. */
  readonly final: number;
  /** Whether errors are relative to |H| at the start: not where that is 0. */
  readonly relative: boolean;
  /** The largest |H − H(0)|, divided by |H(0)| where `relative`; `run` is where it was met. */
  readonly error: number;
  readonly run: number;
  /** The slope of a straight line through the error over time, averaged over trajectories, with its standard error. */
  readonly drift: { readonly rate: number; readonly uncertainty: number } | undefined;
}

interface Sums {
  readonly initial: number;
  final: number;
  n: number;
  t: number;
  e: number;
  tt: number;
  te: number;
  ee: number;
  readonly t0: number;
}

/** Follows the energy of rows as they pass by, trajectory after trajectory. */
export class EnergyFollower {
  #first: Sums | undefined;
  /** Of the trajectory that is going on. */
  #sums: Sums | undefined;
  #id = -1;
  #error = 0;
  #run = 0;
  /** Over the slopes of trajectories that are over. */
  readonly #slopes = { count: 0, rate: 0, variance: 0 };

  add({ times, energies, runs }: Dataset): void {
    if (!times || !energies) return;
    for (const { id, start, end } of runs) {
      const sums = this.#sumsOf(id, energies[start]!, times[start]!);
      const scale = Math.abs(sums.initial) || 1;
      for (let row = start; row < end; row++) {
        const e = (energies[row]! - sums.initial) / scale;
        const t = times[row]! - sums.t0;
        sums.n++;
        sums.t += t;
        sums.e += e;
        sums.tt += t * t;
        sums.te += t * e;
        sums.ee += e * e;
        if (Math.abs(e) > this.#error) [this.#error, this.#run] = [Math.abs(e), id];
      }
      sums.final = energies[end - 1]!;
    }
  }

  account(): EnergyAccount | undefined {
    if (!this.#first) return undefined;
    this.#close();
    const { initial, final } = this.#first;
    const { count, rate, variance } = this.#slopes;
    const drift = count === 0 ? undefined : { rate: rate / count, uncertainty: Math.sqrt(variance) / count };
    return { initial, final, relative: initial !== 0, error: this.#error, run: this.#run, drift };
  }

  #sumsOf(id: number, initial: number, t0: number): Sums {
    if (this.#sums && id === this.#id) return this.#sums;
    this.#close();
    this.#id = id;
    this.#sums = begin(initial, t0);
    this.#first ??= this.#sums;
    return this.#sums;
  }

  #close(): void {
    const slope = this.#sums && slopeOf(this.#sums);
    this.#sums = undefined;
    if (!slope) return;
    this.#slopes.count++;
    this.#slopes.rate += slope.rate;
    this.#slopes.variance += slope.uncertainty ** 2;
  }
}

function begin(initial: number, t0: number): Sums {
  return { initial, final: initial, n: 0, t: 0, e: 0, tt: 0, te: 0, ee: 0, t0 };
}

/** Least squares. */
function slopeOf({ n, t, e, tt, te, ee }: Sums): { rate: number; uncertainty: number } | undefined {
  const spread = tt - (t * t) / n;
  if (n < 3 || !(spread > 0)) return undefined;
  const rate = (te - (t * e) / n) / spread;
  const rest = Math.max(0, ee - (e * e) / n - rate * rate * spread);
  return { rate, uncertainty: Math.sqrt(rest / (n - 2) / spread) };
}

/** One line for a person: `H = -0.54, relative error at most 2.1e-16, drift (1 ± 3)e-19 a unit of time`. */
export function energyLine(account: EnergyAccount, conserved: boolean): string {
  const { initial, final, relative, error, drift } = account;
  if (!conserved) return `H goes from ${short(initial)} to ${short(final)}; it is not conserved here`;
  const kind = relative ? "relative error" : "error";
  const trend = drift ? `, drift ${short(drift.rate, 2)} ± ${short(drift.uncertainty, 2)} a unit of time` : "";
  return `H = ${short(initial)}, ${kind} at most ${short(error, 2)}${trend}`;
}

function short(value: number, digits = 6): string {
  return String(Number(value.toPrecision(digits)));
}
