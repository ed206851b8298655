import type { Dataset } from "../data/dataset.ts";
import type { NetworkOptions } from "../hnn/model.ts";
import type { LossName } from "../train/losses.ts";
import type { OptimiserName } from "../train/optimisers.ts";

/** A number of a publication, with what it is said to be uncertain by. */
export interface PublishedFigure {
  readonly value: number;
  /** The standard error that the publication gives. */
  readonly spread: number;
}

/** A model's row of the published table. */
export interface PublishedRow {
  readonly trainLoss: PublishedFigure;
  readonly testLoss: PublishedFigure;
  readonly energy: PublishedFigure;
}

/** How the energy along a model's trajectories is compared with that along the true ones. */
export interface EnergyMetric {
  /** What it is, for tables. */
  readonly name: string;
  /** Of the state, in the names of the truth's formula. */
  readonly energy: string;
  /** Samples of a trajectory, equally spaced in time, both ends counted; none where the truth is a measurement. */
  readonly points?: number | undefined;
  /** The end of the trajectory from the k-th start, k = 0, 1, …; none where the truth is a measurement. */
  readonly horizon?: ((start: number) => number) | undefined;
}

/** How the publication trained its two models. */
export interface Protocol {
  readonly steps: number;
  /** Samples a step; none means all. */
  readonly batch?: number | undefined;
  readonly weightDecay: number;
}

/** A formula that is wrong or incomplete, and how what it lacks is learned. */
export interface HybridRecipe {
  /** For a person: what is known and what is learned. */
  readonly description: string;
  /** With `learn` parameters and unknown functions, starting from wrong numbers. */
  readonly prior: string;
  /** The networks behind the prior's unknown functions. */
  readonly functions?: Readonly<Record<string, NetworkOptions>> | undefined;
  /** Default: the derivatives of the data. */
  readonly loss?: LossName | undefined;
  readonly optimiser: Extract<OptimiserName, "lbfgs" | "levenberg-marquardt">;
  readonly steps: number;
  /** Of networks. Default 0. */
  readonly weightDecay?: number | undefined;
  /** The most rows that are fitted, spread over all. Default: all. */
  readonly rows?: number | undefined;
}

/** What a model is trained on and judged by. */
export interface TaskData {
  /** Rows with derivatives, and the split. */
  readonly dataset: Dataset;
  /** The same measurements as trajectories with times, where the derivatives are differences of them. */
  readonly trajectories?: Dataset | undefined;
  /** Where trajectories begin that energies are compared along, each `[2n]`. */
  readonly starts: readonly Float64Array[];
  /** A true trajectory that was measured, beside which the model's is put; otherwise the truth is computed. */
  readonly measured?: { readonly times: Float64Array; readonly states: Float64Array } | undefined;
  /** Where the data come from. */
  readonly origin: string;
}

/** A task of arXiv:1906.01563: one object, one file, one line in the registry. */
export interface Task {
  readonly name: string;
  readonly title: string;
  /** The true Hamiltonian, or for a measurement the one that it is scored with, as the publication's code has it. */
  readonly truth: string;
  readonly protocol: Protocol;
  readonly metrics: { readonly published: EnergyMetric; readonly trueH: EnergyMetric };
  readonly published: { readonly mlp: PublishedRow; readonly hnn: PublishedRow };
  /** The publication's models in the metric of the true H, where its own is another one: found by replay of its code. */
  readonly replayedTrueH?: { readonly mlp?: number; readonly hnn?: number } | undefined;
  /** The test loss of the true field: no model can be better but by chance. */
  readonly noiseFloor?: number | undefined;
  /** What one has to know to read the losses. */
  readonly remark?: string | undefined;
  readonly hybrid: HybridRecipe;
  /** Where its file lies in a data folder. */
  readonly file: string;
  /** Whether it can be generated where the file is absent. */
  readonly canGenerate: boolean;
  /**
   * Reads the file, or generates data of the same distribution.
   *
   * @param file undefined where there is none
   */
  load(file: string | undefined): Promise<TaskData>;
}
