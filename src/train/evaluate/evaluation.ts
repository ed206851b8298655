import type { Region } from "../../hnn/region.ts";
import type { LossName } from "../losses.ts";
import type { Disagreement } from "./disagreement.ts";
import type { Drift } from "./drift.ts";
import type { EnergyError } from "./energy-error.ts";
import type { Outside } from "./region.ts";
import type { RollOutError } from "./roll-out-error.ts";
import type { Figure } from "./statistics.ts";

/** What was measured of a trained model: plain JSON, null where a figure cannot be had. */
export interface Evaluation {
  /** The loss on the rows for training and on those for testing, in units of ẋ squared. */
  readonly losses: { readonly loss: LossName; readonly train: Figure; readonly test: Figure } | undefined;
  /** How the model's trajectories were computed. */
  readonly rollOuts: RollOutSummary | undefined;
  /** The error of energies along trajectories: true H, learned H, then those that were asked for. */
  readonly energy: readonly EnergyError[];
  /** How far trajectories are from true ones. */
  readonly error: RollOutError | undefined;
  /** What becomes of the energy over very many cycles. */
  readonly drift: Drift | undefined;
  /** Where the model was trained, and how much of its trajectories is elsewhere. */
  readonly region: (Region & Outside) | undefined;
  /** How far models of other seeds are from this one, along its trajectories. */
  readonly disagreement: Disagreement | undefined;
}

/** How trajectories were computed. */
export interface RollOutSummary {
  readonly starts: number;
  /** Samples of a trajectory. */
  readonly samples: number;
  readonly t: readonly [start: number, end: number];
  readonly method: string;
  /** Those that could not be followed to the end; what they came to before is counted. */
  readonly diverged: readonly { readonly start: number; readonly t: number; readonly reason: string }[];
}
