import type { Dataset } from "../data/dataset.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { FieldFunction } from "../hnn/field-function.ts";
import type { TrainableModel } from "../hnn/model.ts";
import type { SamplePart, Samples } from "./samples.ts";

/** What a loss is written with. */
export interface LossInputs {
  /** `[count]`. */
  readonly parameters: GraphNode;
  readonly model: TrainableModel;
  /** The model's field at any nodes; made when it is first asked for. */
  readonly field: FieldFunction;
  /** The same in another graph, such as a loop's body: of parameters there. */
  readonly fieldOf: (parameters: GraphNode) => FieldFunction;
  /** An array of the samples, `[B, width]`. */
  readonly sample: (name: string) => GraphNode;
  /** The samples' times, `[B, 1]`, where they have any. */
  readonly times: GraphNode | undefined;
}

/** What some losses want to know. */
export interface LossOptions {
  /** Steps of a roll-out or a sequence. Default 8, of a sequence 16. */
  readonly length?: number | undefined;
}

/** How a model is compared with data: one object, one file, one line in the registry. */
export interface Loss {
  readonly name: string;
  /** One line for lists. */
  readonly description: string;
  /**
   * What rows of a dataset come to, for one part of it.
   *
   * @throws HnncError kind `data` where the dataset lacks what the loss needs
   */
  samples(dataset: Dataset, part: SamplePart, options?: LossOptions): Samples;
  /** What is to vanish, `[B, width]`; the loss is the mean of its squares. */
  error(inputs: LossInputs): GraphNode;
}
