import { HnncError } from "../errors.ts";
import type { Range, Uniform } from "../systems/system.ts";

/**
 * Draws a state `[q1 … qn, p1 … pn]` from a seeded source of uniform numbers.
 *
 * @example
 * const inRegion: StateSampler = (uniform) => sampleState(system, variables, uniform);
 * inRegion(randomStream(seed, "starts").at(17).uniform); // the start of trajectory 17
 */
export type StateSampler = (uniform: Uniform) => ArrayLike<number>;

/** H as a function of the state. */
export type Energy = (state: Float64Array) => number;

/**
 * States uniform in a box.
 *
 * @param ranges one a state entry, `[2n]`
 */
export function boxSampler(ranges: readonly Range[]): StateSampler {
  return (uniform) => Float64Array.from(ranges, ([low, high]) => low + (high - low) * uniform());
}

export interface ShellOptions {
  /** Where states are drawn before they are brought to the energy. */
  readonly from: StateSampler;
  /**
   * A range: states of `from` whose energy lies in it. They are distributed as `from` is, so from a box uniformly in phase
   * space (the microcanonical measure of a thick shell); the box must reach around the shell.
   * A number: states of exactly this energy, to rounding. The coordinates and the direction of the momenta come from
   * `from`; the momenta are scaled. This is not the microcanonical measure.
   */
  readonly energy: number | Range;
  /** How many states of `from` are tried for one. Default 100 000. */
  readonly tries?: number | undefined;
}

/**
 * States on an energy shell.
 *
 * @throws HnncError `empty-shell` (usage), when a state is drawn, where no try succeeds
 */
export function energySampler(hamiltonian: Energy, { from, energy, tries = 100_000 }: ShellOptions): StateSampler {
  return (uniform) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < tries; k++) {
      const state = Float64Array.from(from(uniform));
      const value = hamiltonian(state);
      low = Math.min(low, value);
      high = Math.max(high, value);
      if (typeof energy === "number") {
        if (scaleMomenta(hamiltonian, state, energy)) return state;
      } else if (value >= energy[0] && value <= energy[1]) return state;
    }
    const wanted =
      typeof energy === "number" ? `of energy ${energy}` : `with energies from ${energy[0]} to ${energy[1]}`;
    throw new HnncError({
      kind: "usage",
      code: "empty-shell",
      message: `${tries} tries found no state ${wanted}; theirs were from ${low} to ${high}`,
      hint: "widen the region, or choose an energy inside it",
    });
  };
}

const doublings = 60;

/** Scales the momenta until H has the value wanted, by bisection on the smallest scale that crosses it. */
function scaleMomenta(hamiltonian: Energy, state: Float64Array, energy: number): boolean {
  const n = state.length / 2;
  const momenta = state.slice(n);
  const excess = (scale: number) => {
    for (let k = 0; k < n; k++) state[n + k] = scale * momenta[k]!;
    return hamiltonian(state) - energy;
  };
  if (!(excess(0) <= 0)) return false;
  let low = 0;
  let high = 2 ** -20;
  for (let k = 0; excess(high) < 0; k++) {
    if (k === doublings) return false;
    low = high;
    high *= 2;
  }
  if (!(excess(high) >= 0)) return false;
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  excess(Math.abs(excess(low)) < Math.abs(excess(high)) ? low : high);
  return true;
}
