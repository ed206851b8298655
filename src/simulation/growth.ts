/** How a displacement has grown: L(s) = ln |δ(s)|/|δ(0)| at times s after the start. */
export interface Growth {
  /** From the Lyapunov exponent's last nine tenths, in 1/time. */
  readonly exponent: number;
  readonly error: number;
  /** The time average of the mean exponential growth of nearby orbits. */
  readonly megno: number;
  /** Running values: `exponents[k]` is L/s at `times[k]`, times from the start. */
  readonly history: {
    readonly times: Float64Array;
    readonly exponents: Float64Array;
    readonly megno: Float64Array;
  };
}

/** Records are at least this factor or this part of the duration apart. */
const [nearest, part] = [1.02, 1 / 4096];
/** The part of the run that is left out: the displacement has yet to turn towards the direction that grows most. */
const settling = 0.1;
const blocks = 10;

/**
 * Follows the growth of a displacement, and MEGNO with it (Cincotta, Simó 2000, doi:10.1051/aas:2000108):
 *
 *     Y(s) = 2/s ∫ r L'(r) dr = 2 L(s) − 2/s ∫ L dr,   ⟨Y⟩(s) = 1/s ∫ Y dr
 *
 * ⟨Y⟩ tends to 2 where displacements grow linearly, as on a torus, to 0 where they do not grow, as in a harmonic
 * oscillator, and grows as λ s/2 where they grow exponentially.
 */
export class GrowthRecord {
  readonly #duration: number;
  readonly #times: number[] = [];
  readonly #growths: number[] = [];
  readonly #means: number[] = [];
  #time = 0;
  #growth = 0;
  /** ∫ L and ∫ Y so far, and Y. */
  #area = 0;
  #sum = 0;
  #megno = 0;
  #next = 0;

  constructor(duration: number) {
    this.#duration = duration;
  }

  /** Adds the growth at a later time. */
  add(time: number, growth: number): void {
    const step = time - this.#time;
    if (!(step > 0)) return;
    this.#area += (step * (growth + this.#growth)) / 2;
    const megno = 2 * growth - (2 * this.#area) / time;
    this.#sum += (step * (megno + this.#megno)) / 2;
    [this.#time, this.#growth, this.#megno] = [time, growth, megno];
    if (time < this.#next && time < this.#duration) return;
    this.#times.push(time);
    this.#growths.push(growth);
    this.#means.push(this.#sum / time);
    this.#next = Math.min(time * nearest, time + part * this.#duration);
  }

  /**
   * The error is the standard error of ten blocks of the last nine tenths, and how far their two halves differ: for
   * regular motion the exponent falls as ln(s)/s, which the second part shows.
   */
  result(): Growth {
    const end = this.#time;
    const at = (fraction: number) => this.#growthAt(end * (settling + fraction * (1 - settling)));
    const rate = (from: number, to: number) => (at(to) - at(from)) / ((to - from) * (1 - settling) * end);
    const exponent = rate(0, 1);
    const deviations = Array.from({ length: blocks }, (_, k) => rate(k / blocks, (k + 1) / blocks) - exponent);
    const variance = deviations.reduce((sum, each) => sum + each ** 2, 0) / (blocks - 1);
    return {
      exponent,
      error: Math.hypot(Math.sqrt(variance / blocks), rate(0, 0.5) - rate(0.5, 1)),
      megno: this.#sum / end,
      history: {
        times: Float64Array.from(this.#times),
        exponents: Float64Array.from(this.#growths, (growth, k) => growth / this.#times[k]!),
        megno: Float64Array.from(this.#means),
      },
    };
  }

  /** L at a time, between records linear. */
  #growthAt(time: number): number {
    let [low, high] = [-1, this.#times.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#times[middle]! < time) low = middle;
      else high = middle;
    }
    const [t0, g0] = low < 0 ? [0, 0] : [this.#times[low]!, this.#growths[low]!];
    const [t1, g1] = [this.#times[high]!, this.#growths[high]!];
    return t1 > t0 ? g0 + ((g1 - g0) * (time - t0)) / (t1 - t0) : g1;
  }
}
