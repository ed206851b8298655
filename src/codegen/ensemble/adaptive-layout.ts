import type { EmbeddedScheme } from "../../integrate/integrator.ts";
import { entryBytes } from "../wasm/vectors.ts";
import { tileRows } from "./tile.ts";

/** Numbers of each lane, in rows behind the common ones; masks and f64. */
export const laneRows = {
  ...tileRows,
  time: 6,
  timeCarry: 7,
  width: 8,
  previous: 9,
  afterRejection: 10,
  lastT: 11,
  lastH: 12,
  due: 13,
  steps: 14,
  rejected: 15,
  evaluations: 16,
  /** i32 a lane: the next sample. */
  next: 17,
  state: 18,
} as const;

/** f64 settings, in bytes from `control.settings`; a `firstStep` of 0 is guessed. */
export const settings = { rtol: 0, atol: 8, end: 16, sign: 24, maxStep: 32, firstStep: 40 } as const;

/** Where the vectors of a tile stand, in bytes. */
export interface AdaptiveLayout {
  readonly state: number;
  readonly phaseLength: number;
  readonly carry: number;
  /** f at the state. */
  readonly rate: number;
  /** The state before the last step that held samples, and the dense output of that step, row by row. */
  readonly old: number;
  readonly dense: number;
  readonly denseRows: number;
  readonly bytes: number;
}

export function adaptiveLayout(n: number, width: number, { dense }: EmbeddedScheme): AdaptiveLayout {
  const vector = entryBytes(width) * 2 * n;
  const state = entryBytes(width) * laneRows.state;
  const [carry, rate, old, rows] = [1, 2, 3, 4].map((k) => state + k * vector) as [number, number, number, number];
  const denseRows = 3 + dense.d.length;
  return { state, phaseLength: 2 * n, carry, rate, old, dense: rows, denseRows, bytes: rows + denseRows * vector };
}
