import type { LoadedEngine } from "../engine/engine.ts";
import type { Precision } from "../graph/graph.ts";
import type { PlainField } from "../hnn/plain-field.ts";
import type { Predictor } from "../train/evaluate/roll-out.ts";
import type { TrainingProgress } from "../train/options.ts";
import type { Task, TaskData } from "./task.ts";

/** How a column is fitted. */
export interface FitOptions {
  readonly seed: number;
  /** Gives an engine that has the precision, or the one that was wished for with the best it has. */
  readonly engine: (precision: Precision) => Promise<{ readonly engine: LoadedEngine; readonly precision: Precision }>;
  /** Instead of the task's own number of steps, to see the work quickly. */
  readonly steps?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

/** A model that was fitted to a task's data. */
export interface Fitted {
  readonly predictor: Predictor;
  /** What the predictor follows; none where it has a memory instead. */
  readonly field?: PlainField | undefined;
  /** What computed: an engine with its precision, or `direct` for a solve. */
  readonly engine: string;
  /** Numbers that were learned. */
  readonly parameters: number;
  /** The publication's loss, or the column's own where `ownLoss` says what it is. */
  readonly trainLoss: number;
  readonly testLoss: number;
  readonly ownLoss?: string | undefined;
  /** Of the fit alone, without data and evaluation. */
  readonly seconds: number;
  /** Learned physical constants by name. */
  readonly constants?: Readonly<Record<string, number>> | undefined;
}

/** A model of the table: one object, one file, one line in the registry. */
export interface Column {
  readonly name: string;
  /** One line for a task. */
  describe(task: Task): string;
  fit(task: Task, data: TaskData, options: FitOptions): Promise<Fitted>;
}
