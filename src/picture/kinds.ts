import type { Dataset } from "../data/dataset.ts";
import { bodiesOf } from "./bodies.ts";
import { energy } from "./energy.ts";
import type { PictureKind } from "./kind.ts";
import { orbit } from "./orbit.ts";
import { phase } from "./phase.ts";
import { poincare } from "./poincare.ts";
import { time } from "./time.ts";

/** Every kind of picture by name. */
export const pictureKinds = { phase, energy, time, poincare, orbit } as const satisfies Record<string, PictureKind>;

export type PictureKindName = keyof typeof pictureKinds;

export const pictureKindNames: readonly PictureKindName[] = Object.keys(pictureKinds) as PictureKindName[];

/** One kind, or several to stand one above the other; `auto` chooses by the coordinates. */
export type KindChoice = PictureKindName | "auto" | readonly (PictureKindName | "auto")[];

/** Bodies in a plane are drawn as orbits, one degree of freedom in its phase plane, all else against time. */
export function usualKind(dataset: Dataset): PictureKindName {
  if (bodiesOf(dataset).length > 0) return "orbit";
  return dataset.coordinates.length === 1 || !dataset.times ? "phase" : "time";
}
