import { type Dataset, stateLength } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { reshape } from "../graph/arrange.ts";
import { div, sub } from "../graph/build.ts";
import { lengthAlong } from "../graph/shape.ts";
import { optionFault } from "../hnn/model.ts";
import type { Loss } from "./loss.ts";
import { gatherRows, requireTimes, type SamplePart, samplePlaces, stepLengths } from "./samples.ts";

/** Steps of a window where nothing else is said and runs are long enough. */
const defaultLength = 16;

/**
 * Windows of rows, each of which predicts the next with the memory of those before; the rows are the data's, not the
 * model's own (teacher forcing). The difference is divided by the step, so that the loss is measured in derivatives,
 * like the others.
 */
export const sequence: Loss = {
  name: "sequence",
  description: "the change after each row of a window, for models with a memory",
  samples(dataset, part, { length = usualLength(dataset, part) } = {}) {
    if (!Number.isInteger(length) || length < 1) throw badLength(length);
    const width = stateLength(dataset);
    const times = requireTimes(dataset);
    const places = samplePlaces(dataset, part, length + 1);
    const arrays = {
      x: gatherRows(dataset.states, width, places, { length }),
      next: gatherRows(dataset.states, width, places, { shift: 1, length }),
      dt: stepLengths(times, places, length),
    };
    return { count: places.length, arrays };
  },
  error({ model, parameters, sample }) {
    if (!model.sequence)
      throw optionFault(`the model \`${model.family}\` has a field: the loss \`sequence\` is not for it`);
    const [x, next, dt] = [sample("x"), sample("next"), sample("dt")];
    const length = lengthAlong(dt.shape, 1);
    const [states, after] = [x, next].map((rows) => reshape(rows, ["B", length, model.dimension]));
    const wanted = div(sub(after!, states!), reshape(dt, ["B", length, 1]));
    return reshape(sub(model.sequence.rates({ parameters, states: states! }), wanted), x.shape);
  },
};

/** As long as fits the longest stretch of rows of that part. */
function usualLength({ runs, test }: Dataset, part: SamplePart): number {
  const wanted = part === "test" ? 1 : 0;
  let [longest, current] = [0, 0];
  for (const { start, end } of runs) {
    current = 0;
    for (let row = start; row < end; row++) {
      current = (test?.[row] ?? 0) === wanted ? current + 1 : 0;
      longest = Math.max(longest, current);
    }
  }
  return Math.min(defaultLength, Math.max(longest - 1, 1));
}

function badLength(length: number): HnncError {
  const message = `a sequence has a whole number of steps, at least 1, not ${length}`;
  return new HnncError({ kind: "usage", code: "training-options", message });
}
