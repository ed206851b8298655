import { compile } from "../compile.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import { randomStream } from "../data/random.ts";
import { readArrays, readDataset } from "../data/read.ts";
import { HnncError } from "../errors.ts";
import { generate } from "../simulation/generate.ts";
import { type System, sampleState, type TrainingSet } from "../systems/system.ts";
import type { TaskData } from "./task.ts";

/** Where energies are compared from, where no file says so. */
const startsOf = 15;

/**
 * The data of a simulated task: the arrays of the publication's own code from a file, or else a set of the same
 * distribution, with starts drawn from the system's region.
 *
 * @param file an archive with `x dx test_x test_dx eval_x0`, or `coords dcoords …`
 */
export async function simulatedData(system: System, file: string | undefined): Promise<TaskData> {
  const compiled = compile(system);
  const { model } = compiled;
  if (file === undefined) {
    const dataset = await generate(compiled, { system, seed: 0, derivatives: true });
    const stream = randomStream(0, "evaluation starts");
    const variables = [...model.coordinates, ...model.momenta];
    const starts = Array.from({ length: startsOf }, (_, k) =>
      Float64Array.from(sampleState(system, variables, stream.at(k).uniform)),
    );
    return { dataset, starts, origin: "generated, seed 0" };
  }
  const names = { coordinates: dataNames(model.coordinates), momenta: dataNames(model.momenta) };
  return {
    dataset: asTrajectories(await readDataset(file, { names }), system.trainingSet),
    starts: await startsIn(file, 2 * names.coordinates.length),
    origin: "the publication's arrays",
  };
}

/** The arrays hold trajectory after trajectory, at equal times: what they do not say is put back. */
function asTrajectories(dataset: Dataset, set: TrainingSet | undefined): Dataset {
  if (!set || dataset.rows % set.points !== 0) return dataset;
  const { points, t } = set;
  const step = (t[1] - t[0]) / (points - 1);
  const times = Float64Array.from({ length: dataset.rows }, (_, row) => t[0] + step * (row % points));
  const runs = Array.from({ length: dataset.rows / points }, (_, id) => ({
    id,
    start: id * points,
    end: (id + 1) * points,
  }));
  return makeDataset({ ...dataset, times, runs });
}

function dataNames(variables: readonly { readonly name: string }[]): string[] {
  return variables.map(({ name }) => name);
}

async function startsIn(file: string, width: number): Promise<Float64Array[]> {
  const { arrays } = await readArrays(file);
  const array = arrays.get("eval_x0");
  const values = array?.values;
  if (!(values instanceof Float64Array) || array?.shape.length !== 2 || array.shape[1] !== width) {
    throw new HnncError({
      kind: "data",
      code: "no-starts",
      message: `\`${file}\` has no array \`eval_x0\` of states of ${width} numbers`,
    });
  }
  return Array.from({ length: values.length / width }, (_, k) => values.slice(k * width, (k + 1) * width));
}
