import type { Sample } from "./measure.ts";

/** One line of the report: the same work done by hnnc and by another, in one run. */
export interface Row {
  readonly work: string;
  /** What hnnc took, in nanoseconds (or another unit, for `unit`). */
  readonly ours: number;
  /** Who the other side is. */
  readonly against: string;
  /** What it took, in the same unit. */
  readonly theirs: number;
  /** The least acceptable `theirs / ours`, where there is a target. */
  readonly target?: number | undefined;
  /** `ns` unless stated. */
  readonly unit?: "ns" | "bytes" | "ops" | undefined;
}

/** A line without another side, to be read against a fixed limit. */
export interface Limit {
  readonly work: string;
  readonly ours: number;
  readonly limit: number;
  readonly unit?: "ns" | "bytes" | "ops" | "ratio" | undefined;
}

/** One run of one method: how far it is from the truth, and what it took. */
export interface Point {
  readonly work: string;
  readonly method: string;
  /** The step or the tolerance. */
  readonly setting: string;
  /** Relative; NaN where the run failed. */
  readonly error: number;
  readonly evaluations: number;
  /** In nanoseconds. */
  readonly time: number;
}

/** A line of a report. */
export type Line = Row | Limit | Point;

/** What a benchmark may use. */
export interface Tools {
  /** Times several ways of doing one thing, in turns; answers the medians in nanoseconds, in order. */
  readonly compare: (sides: readonly Sample[]) => Promise<number[]>;
  /** Starts the other side's process, or answers undefined where it is not installed. */
  readonly peer: (name: PeerName) => Promise<Peer | undefined>;
}

export type PeerName =
  | "python"
  | "heyoka"
  | "paper-data"
  | "jax"
  | "jax-avx2"
  | "c-o3"
  | "c-ofast"
  | "leapfrog-o3"
  | "leapfrog-ofast-avx2"
  | "leapfrog-ofast"
  | "dop853-o3"
  | "many-o3"
  | "many-ofast"
  | "many-jax"
  | "precision"
  | "jax-training"
  | "jax-roll-out"
  | "torch-training"
  | "reference-training"
  | "torch-network-roll-out";

/** A process that does named work repeatedly and tells how long it took. */
export interface Peer {
  readonly title: string;
  /** Does `task` `repetitions` times; answers nanoseconds for all of them. */
  time(task: string, repetitions: number): Promise<number>;
  stop(): void;
}

/** One benchmark: a file in this folder and a line in `benchmarks.ts`. */
export interface Benchmark {
  readonly title: string;
  run(tools: Tools): Promise<readonly Line[]>;
}
