import type { Compiled } from "../compile.ts";
import { randomStream } from "../data/random.ts";
import { parameterVector } from "../ensemble/facts.ts";
import { HnncError } from "../errors.ts";
import type { System } from "../systems/system.ts";
import { initialStates } from "./initial-states.ts";
import { energyOf } from "./rows.ts";
import { startsOf } from "./starts.ts";

export interface DrawnStarts {
  readonly count: number;
  readonly seed: number;
  /** States to stay near, [B, 2n]: each drawn start lies about one of them, in turn. */
  readonly around: Float64Array | undefined;
  readonly system: System | undefined;
  /** The time of the start. */
  readonly time: number;
}

/** Starts about a state differ from it by normal numbers of this size, relative to each entry's size or 1, whichever is less. */
export const usualSpread = 1e-2;

/** Numbers of all starts together: they are held in memory. */
const mostNumbers = 2 ** 24;

/**
 * Starts of an ensemble: from the region of a system of the catalogue, or close to given states or the model's own.
 * Start k depends on k and the seed alone.
 *
 * @returns [count, 2n]
 * @throws HnncError kind `usage` where there is neither a region nor a start; kind `limit`
 */
export function drawnStarts(compiled: Compiled, options: DrawnStarts): Float64Array {
  const { count, seed, around, system, time } = options;
  const { dimension } = compiled.meta;
  if (count * dimension > mostNumbers) throw tooMany(count, dimension);
  const states = new Float64Array(count * dimension);
  if (system && !around) {
    const energy = energyOf(compiled.source, parameterVector(compiled.source));
    const starts = startsOf(compiled, (x) => energy(x, time), { seed }, system);
    for (let k = 0; k < count; k++) states.set(starts.at(k), k * dimension);
    return states;
  }
  const centres = initialStates(compiled.model, around);
  const stream = randomStream(seed, "starts");
  for (let k = 0; k < count; k++) {
    const { normal } = stream.at(k);
    const from = (k * dimension) % centres.length;
    for (let i = 0; i < dimension; i++) {
      const value = centres[from + i]!;
      const size = value === 0 ? 1 : Math.min(1, Math.abs(value));
      states[k * dimension + i] = value + usualSpread * size * normal();
    }
  }
  return states;
}

function tooMany(count: number, dimension: number): HnncError {
  return new HnncError({
    kind: "limit",
    code: "too-many-trajectories",
    message: `${count} starts of ${dimension} numbers are more than ${mostNumbers} numbers`,
    hint: "draw fewer, or make a training set of any size with `hnnc generate`",
  });
}
