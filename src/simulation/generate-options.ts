import type { NoiseOptions } from "../data/noise.ts";
import type { Shard } from "../data/provenance.ts";
import type { SplitOptions } from "../data/split.ts";
import { HnncError } from "../errors.ts";
import type { System, TrainingSet } from "../systems/system.ts";
import type { SimulateOptions } from "./options.ts";
import type { StartOptions } from "./starts.ts";

type FromSimulation =
  | "dt"
  | "rtol"
  | "atol"
  | "method"
  | "params"
  | "derivatives"
  | "workers"
  | "fma"
  | "signal"
  | "progress";

export interface GenerateOptions extends StartOptions, Pick<SimulateOptions, FromSimulation> {
  /** How many. Default: as many as `x0` gives, or the system's training set has, else 50. */
  readonly trajectories?: number | undefined;
  /** Rows a trajectory, equally spaced in time, both ends counted. Default: of the system's training set, else 50. */
  readonly points?: number | undefined;
  /** The end of trajectories that begin at 0, or `[start, end]`. Default: of the system's training set. */
  readonly t?: number | readonly [start: number, end: number] | undefined;
  /**
   * Standard deviation of the normal noise on states, for all columns or by name. Derivatives and energies stay those of
   * the true states, as in arXiv:1906.01563. Default 0, and where trajectories, points and t are left out that of the
   * system's training set.
   */
  readonly noise?: NoiseOptions["sigma"] | undefined;
  /** What is for testing; the seed is that of everything. Default: of the system's training set, else a random fifth of the trajectories. */
  readonly split?: Omit<SplitOptions, "seed"> | undefined;
  /** Computes a part: exactly the rows that the whole holds at that place. */
  readonly shard?: Shard | undefined;
  /** The system of the catalogue that the model is: its region and training set are the defaults. */
  readonly system?: Pick<System, "region" | "initialStates" | "trainingSet"> | undefined;
}

/** The numbers of a training set, defaults filled in. */
export interface Sizes {
  readonly trajectories: number;
  readonly points: number;
  readonly t: readonly [start: number, end: number];
  readonly noise: NoiseOptions["sigma"];
  readonly split: Omit<SplitOptions, "seed">;
}

const usual = { trajectories: 50, points: 50, split: { test: 0.2 } } as const;
/** Run numbers are 32-bit integers in files. */
const mostTrajectories = 2 ** 31 - 1;
/** Times of a trajectory are held in memory, and so are the marks of a split. */
const mostPoints = 1e7;
const mostMarks = 2 ** 27;

/**
 * Fills in the defaults.
 *
 * @param given how many starts are given, where they are
 * @throws HnncError kind `usage`
 */
export function sizesOf(options: GenerateOptions, given: number | undefined): Sizes {
  const known: Partial<TrainingSet> = options.system?.trainingSet ?? {};
  const asPublished = options.trajectories === undefined && options.points === undefined && options.t === undefined;
  const trajectories = options.trajectories ?? given ?? known.trajectories ?? usual.trajectories;
  const points = options.points ?? known.points ?? usual.points;
  const t = options.t ?? known.t;
  requireWhole("trajectories", trajectories, 1, mostTrajectories);
  requireWhole("points", points, 2, mostPoints);
  if (given !== undefined && given !== trajectories) {
    throw usage("starts-differ", `${given} starts are given for ${trajectories} trajectories`);
  }
  if (t === undefined) {
    throw usage("missing-time", "it is not said how long trajectories are", "give their end, --t 10");
  }
  const [start, end] = typeof t === "number" ? [0, t] : t;
  if (!(Number.isFinite(start) && Number.isFinite(end) && start !== end)) {
    throw usage("bad-time", `trajectories from t = ${start} to t = ${end} have no rows`, "give two finite times");
  }
  const split = options.split ?? known.split ?? usual.split;
  requireMarks(split, trajectories, points);
  const noise = options.noise ?? (asPublished ? known.noise : undefined) ?? 0;
  return { trajectories, points, t: [start, end], noise, split };
}

function requireMarks({ test, by = "run" }: Sizes["split"], trajectories: number, points: number): void {
  const marks = by === "run" ? trajectories : trajectories * points;
  if (test === 0 || marks <= mostMarks) return;
  throw new HnncError({
    kind: "limit",
    code: "too-many-marks",
    message: `${marks} ${by === "run" ? "trajectories" : "rows"} are too many to be divided; the limit is ${mostMarks}`,
    hint: by === "row" ? "divide whole trajectories: --split-by run" : "leave the split to a later step: --split 0",
  });
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw usage("bad-number", `${name} = ${value} is not a whole number from ${least} to ${most}`);
}

function usage(code: string, message: string, hint?: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
