import { randomStream } from "../data/random.ts";
import type { DenseLayer } from "../network.ts";
import { optionFault, type ResolvedOptions } from "./model.ts";

const usualFeatures = 200;
const mostFeatures = 5000;
/** Standard deviations, over data with a standard deviation of 1 in each direction, of a feature's argument and of its offset. */
const [steepness, offset] = [0.4, 0.5];

/**
 * A layer that is drawn once and stays: each feature's weights point anywhere, and are of a size at which it varies over
 * the region of the data without being flat in most of it.
 *
 * @throws HnncError `model-options` (usage)
 */
export function randomLayer({ dimension, normalisation, activation, ...options }: ResolvedOptions): DenseLayer {
  const { features = usualFeatures, featureSeed = 0 } = options;
  if (!Number.isInteger(features) || features < 1 || features > mostFeatures) {
    throw optionFault(`a model has 1 to ${mostFeatures} random features, not ${features}`);
  }
  const { shift, scale } = normalisation ?? {};
  const stream = randomStream(featureSeed, "random features");
  const weights = new Float64Array(dimension * features);
  const biases = new Float64Array(features);
  for (let k = 0; k < features; k++) {
    const { normal } = stream.at(k);
    let bias = offset * normal();
    for (let c = 0; c < dimension; c++) {
      const weight = (steepness * normal()) / (Math.sqrt(dimension) * (scale?.[c] ?? 1));
      weights[c * features + k] = weight;
      bias -= weight * (shift?.[c] ?? 0);
    }
    biases[k] = bias;
  }
  return { inputs: dimension, outputs: features, weights, biases, activation };
}
