import { stateLength } from "../data/dataset.ts";
import { sub } from "../graph/build.ts";
import type { Loss } from "./loss.ts";
import { gatherRows, requireDerivatives, samplePlaces } from "./samples.ts";

/** The field against derivatives that the data holds: the loss of arXiv:1906.01563. */
export const derivatives: Loss = {
  name: "derivatives",
  description: "the field at each row against the row's derivatives",
  samples(dataset, part) {
    const width = stateLength(dataset);
    const places = samplePlaces(dataset, part, 1);
    const arrays = {
      x: gatherRows(dataset.states, width, places),
      rates: gatherRows(requireDerivatives(dataset), width, places),
      ...(dataset.times ? { t: gatherRows(dataset.times, 1, places) } : {}),
    };
    return { count: places.length, arrays };
  },
  error: ({ field, sample, times }) => sub(field(sample("x"), times), sample("rates")),
};
