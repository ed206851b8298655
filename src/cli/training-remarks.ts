import type { Compiled } from "../compile.ts";
import { type Dataset, stateLength, stateNames } from "../data/dataset.ts";
import type { TrainConfig } from "./training-data.ts";

/** What decides whether a model can become what it is to be. */
export interface RemarkedRun {
  readonly config: TrainConfig;
  readonly dataset: Dataset;
  readonly truth: Compiled | undefined;
}

/** What stands in the way of a good fit, however long it is trained: a sentence each. */
export function remarksOn({ config, dataset, truth }: RemarkedRun): string[] {
  const { family } = config.description;
  const remarks: string[] = [];
  if (family !== "hybrid" && truth?.meta.timeDependent) {
    remarks.push(`the true formula depends on time, and a model of the kind ${family} does not: a hybrid can`);
  }
  if (
    (family === "hnn" || family === "separable" || family === "random-features") &&
    truth?.meta.conservative === false
  ) {
    remarks.push(
      `the true formula has damping or forces, and a model of the kind ${family} has none: dissipative has damping`,
    );
  }
  const still = constantColumns(dataset);
  if (still.length > 0) {
    const [is, them] = still.length === 1 ? ["is", "it"] : ["are", "them"];
    remarks.push(`${still.join(", ")} ${is} the same in all rows: nothing is learned of how H depends on ${them}`);
  }
  return remarks;
}

function constantColumns(dataset: Dataset): string[] {
  const { states, rows } = dataset;
  const width = stateLength(dataset);
  if (rows < 2) return [];
  return stateNames(dataset).filter((_, k) => {
    for (let at = k + width; at < states.length; at += width) if (states[at] !== states[k]) return false;
    return true;
  });
}
