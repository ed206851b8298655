import {
  anyNumber,
  either,
  flag,
  listOf,
  object,
  oneOf,
  positiveNumber,
  recordOf,
  required,
  type Shape,
  shortList,
  text,
  value,
  wholeNumber,
} from "../data/json-shape.ts";
import { activationNames } from "../network.ts";
import type { ModelDescription } from "./description.ts";
import { models } from "./models.ts";

/** More than anybody trains; a hostile file would fill the memory with what is made of its layers. */
const [mostUnits, mostLayers, mostEntries] = [2 ** 20, 64, 2 ** 16];
const units = value(
  `a whole number from 1 to ${mostUnits}`,
  (found) => Number.isSafeInteger(found) && (found as number) >= 1 && (found as number) <= mostUnits,
);
const network = { hidden: shortList(units, mostLayers), activation: oneOf(activationNames) };
const numbers = listOf(anyNumber);

/** What a description may hold, in JSON: one entry a key, so that a new key of descriptions is one line here. */
const fields: Readonly<Record<keyof ModelDescription, Shape>> = {
  family: required(oneOf(Object.keys(models))),
  coordinates: required(shortList(text, mostEntries)),
  momenta: required(shortList(text, mostEntries)),
  ...network,
  normalisation: object({
    shift: required(numbers),
    scale: required(listOf(positiveNumber)),
    rates: required(listOf(positiveNumber)),
    energy: required(positiveNumber),
  }),
  prior: object({ text: required(text), parameters: recordOf(either(anyNumber, numbers)) }),
  functions: recordOf(object(network)),
  learn: listOf(text),
  residual: flag,
  features: units,
  featureSeed: wholeNumber(0),
};

/** A model's description as JSON. */
export const descriptionShape: Shape = {
  find: (found, path) => object(fields).find(found, path) ?? pairsFault(found as ModelDescription, path),
};

function pairsFault({ coordinates, momenta }: ModelDescription, path: string): string | undefined {
  if (coordinates.length > 0 && coordinates.length === momenta.length) return undefined;
  return `\`${path}\`: ${coordinates.length} coordinates do not pair with ${momenta.length} momenta`;
}
