import type { FitOptions } from "./column.ts";
import type { EngineShelf } from "./engine-shelf.ts";
import type { StudyOptions } from "./study.ts";

/** Where a part of the work lies in the whole, as shares of it. */
export interface Stretch {
  readonly from: number;
  readonly part: number;
}

/** The part `k` of `count` equal ones. */
export function stretchOf(k: number, count: number, { from, part }: Stretch = { from: 0, part: 1 }): Stretch {
  return { from: from + (part * k) / count, part: part / count };
}

/** What each seed's fit is told, and how its progress is part of the whole. */
export function seedFits(
  what: string,
  { steps, signal, onProgress }: StudyOptions,
  { shelf, seeds, stretch }: { readonly shelf: EngineShelf; readonly seeds: number; readonly stretch: Stretch },
): (seed: number) => FitOptions {
  return (seed) => {
    const { from, part } = stretchOf(seed, seeds, stretch);
    onProgress?.(`${what}, seed ${seed}`, from);
    return {
      seed,
      engine: shelf.take,
      steps,
      signal,
      onProgress: (at) => onProgress?.(`${what}, seed ${seed}`, from + (part * at.step) / at.steps),
    };
  };
}
