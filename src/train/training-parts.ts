import { HnncError } from "../errors.ts";
import type { TrainableModel } from "../hnn/model.ts";
import type { Loss } from "./loss.ts";
import type { TrainOptions } from "./options.ts";
import type { Samples } from "./samples.ts";

/** What is trained on what. */
export interface TrainingParts {
  readonly model: TrainableModel;
  readonly loss: Loss;
  readonly samples: Samples;
  readonly options: TrainOptions;
}

/** The parameters to begin with, `[count]`: given, or of the seed. */
export function firstParameters({ model, options }: Pick<TrainingParts, "model" | "options">): Float64Array {
  const { count } = model.parameters;
  const first = options.parameters ?? model.parameters.initial(options.seed ?? 0);
  if (first.length === count) return first;
  const message = `the model has ${count} parameters, not ${first.length}`;
  throw new HnncError({ kind: "usage", code: "training-options", message });
}
