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

/** Follows the energy of rows as they pass by. */
export class EnergyFollower {
  readonly #runs = new Map<number, Sums>();
  #error = 0;
  #run = 0;

  add({ times, energies, runs }: Dataset): void {
    if (!times || !energies) return;
    for (const { id, start, end } of runs) {
      const sums = this.#runs.get(id) ?? begin(energies[start]!, times[start]!);
      this.#runs.set(id, sums);
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
    const [first] = this.#runs.values();
    if (!first) return undefined;
    const { initial, final } = first;
    return { initial, final, relative: initial !== 0, error: this.#error, run: this.#run, drift: this.#drift() };
  }

  #drift(): EnergyAccount["drift"] {
    const slopes = [...this.#runs.values()].map(slopeOf).filter((slope) => slope !== undefined);
    if (slopes.length === 0) return undefined;
    const count = slopes.length;
    const rate = slopes.reduce((sum, slope) => sum + slope.rate, 0) / count;
    const uncertainty = Math.sqrt(slopes.reduce((sum, slope) => sum + slope.uncertainty ** 2, 0)) / count;
    return { rate, uncertainty };
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
