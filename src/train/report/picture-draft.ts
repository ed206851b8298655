import type { Compiled } from "../../compile.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { PlainField } from "../../hnn/plain-field.ts";
import type { Panel } from "../../picture/panel.ts";
import type { DriftRun } from "../evaluate/drift.ts";
import type { Evaluated } from "../evaluate/evaluate-model.ts";

/** What pictures of a training run are drawn from; those that lack something are left out. */
export interface RunPicturesInput {
  /** The formula or the name of the model, for titles. */
  readonly title: string;
  /** The names of the state's entries. */
  readonly coordinates: readonly string[];
  readonly momenta: readonly string[];
  readonly losses?: LossHistory | undefined;
  readonly dataset?: Dataset | undefined;
  /** The trained model; absent for models of sequences. */
  readonly field?: PlainField | undefined;
  readonly truth?: Compiled | undefined;
  readonly evaluated?: Evaluated | undefined;
  /** Long runs of other models, for the picture of the drift. */
  readonly others?: readonly { readonly name: string; readonly drift: DriftRun }[] | undefined;
}

/** How the loss went. */
export interface LossHistory {
  /** The objective before each step, on its minibatch; or its means, up to each of `steps`. */
  readonly objective: ArrayLike<number>;
  /** The steps of `objective`. Default: one after the other from `firstStep` on. */
  readonly steps?: ArrayLike<number> | undefined;
  /** The number of the first of these steps. Default 0. */
  readonly firstStep?: number | undefined;
  /** The loss on rows for testing after some steps. */
  readonly test?: readonly { readonly step: number; readonly loss: number }[] | undefined;
}

/** A picture before it is drawn. */
export interface PictureDraft {
  readonly name: string;
  readonly caption: string;
  /** Stands over the picture beside the title. */
  readonly subject: string;
  readonly panels: readonly Panel[];
}
