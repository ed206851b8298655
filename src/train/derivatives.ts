import { stateLength } from "../data/dataset.ts";
import { sub } from "../graph/build.ts";
import type { Loss } from "./loss.ts";
import { pickRows, requireDerivatives, samplePlaces } from "./samples.ts";

/** The field against derivatives that the data holds: the loss of arXiv:1906.01563. */
export const derivatives: Loss = {
  name: "derivatives",
  description: "the field at each row against the row's derivatives",
  samples(dataset, part) {
    const width = stateLength(dataset);
    const { rows } = samplePlaces(dataset, part, 1);
    const arrays = {
      x: pickRows(dataset.states, width, rows),
      rates: pickRows(requireDerivatives(dataset), width, rows),
      ...(dataset.times ? { t: pickRows(dataset.times, 1, rows) } : {}),
    };
    return { count: rows.length, arrays };
  },
  error: ({ field, sample, times }) => sub(field(sample("x"), times), sample("rates")),
};
