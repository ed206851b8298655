import type { Panel } from "../picture/panel.ts";

/** What a study is asked for. */
export interface StudyOptions {
  /** A folder with reference data; see `dataFolder`. */
  readonly data?: string | undefined;
  /** Tasks by name. Default: all for which there are data. */
  readonly tasks?: readonly string[] | undefined;
  /** Models by name. Default all. */
  readonly models?: readonly string[] | undefined;
  /** 0 … seeds − 1 are fitted. Default 5; 3 for figures. */
  readonly seeds?: number | undefined;
  /** Instead of the steps that each model takes, to see the work quickly. */
  readonly steps?: number | undefined;
  /** An engine's name. Default: the first that works. */
  readonly engine?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is being done, and what share of it all is done, 0 … 1. */
  readonly onProgress?: ((what: string, share: number) => void) | undefined;
  /** Called with text as soon as a part of the report stands. */
  readonly onPart?: ((text: string) => void | Promise<void>) | undefined;
}

/** What came of a study. */
export interface StudyReport {
  /** One object a task and model, for machines. */
  readonly rows: readonly object[];
  /** What is said below the tables. */
  readonly notes: readonly string[];
}

/** What came of a figure: its numbers, and what is to be drawn. */
export interface FigureReport extends StudyReport {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A piece of work that was published and is done again: one object, one file, one line in the registry. */
export interface Study {
  readonly name: string;
  /** One line for lists. */
  readonly description: string;
  readonly tasks: readonly string[];
  readonly models: readonly string[];
  run(options: StudyOptions): Promise<StudyReport>;
  /** Curves besides the table, by name. */
  readonly figures: Readonly<Record<string, (options: StudyOptions) => Promise<FigureReport>>>;
}
