import { type Dataset, stateLength } from "../data/dataset.ts";
import { randomStream } from "../data/random.ts";
import { selectPart } from "../data/select.ts";
import { matrix } from "../fit/matrix.ts";
import { type RidgeFit, ridge } from "../fit/ridge.ts";
import { models } from "../hnn/models.ts";
import { normalisationOf } from "../hnn/normalisation.ts";
import { type PlainField, plainField } from "../hnn/plain-field.ts";
import { requireDerivatives } from "../train/samples.ts";

/** A network for H whose first layer is random and whose last one was solved for. */
export interface RandomFeatures {
  readonly field: PlainField;
  readonly fit: RidgeFit;
}

/** What features look like. */
export interface RandomFeatureOptions {
  readonly seed: number;
  /** How many features. */
  readonly features: number;
  /** The most rows that are fitted, drawn at random: a decomposition takes rows · features². */
  readonly mostRows: number;
}

/** Standard deviation of a feature's slope along one standard deviation of the data, over √2n; and of its offset. */
const [slope, offset] = [0.8, 1];

/**
 * H = Σ wₖ tanh(aₖ·x + bₖ) with random a and b and the w that ẋ = J∇H fits best: one ridge solve, λ by generalised
 * cross-validation, no training loop.
 * Sources: Rahimi, Recht, NIPS 2007; Bertalan, Dietrich, Mezić, Kevrekidis, doi:10.1063/1.5128231.
 */
export function randomFeatures(dataset: Dataset, { seed, features, mostRows }: RandomFeatureOptions): RandomFeatures {
  const training = selectPart(dataset, "train");
  const width = stateLength(dataset);
  const { shift, scale } = normalisationOf(dataset);
  const stream = randomStream(seed, "random features");
  const weights = new Float64Array(width * features);
  const biases = new Float64Array(features);
  for (let k = 0; k < features; k++) {
    const numbers = stream.at(k);
    let centre = offset * numbers.normal();
    for (let c = 0; c < width; c++) {
      const along = (slope * numbers.normal()) / (Math.sqrt(width) * scale[c]!);
      weights[c * features + k] = along;
      centre -= along * shift[c]!;
    }
    biases[k] = centre;
  }
  const rows = rowsOf(training.rows, mostRows, seed);
  const { a, b } = equations(training, rows, { weights, biases, features });
  const fit = ridge(a, b);
  const model = models.hnn.create({ dimension: width, hidden: [features] });
  const parameters = Float64Array.from([...weights, ...biases, ...fit.coefficients]);
  return { field: plainField(model, parameters), fit };
}

function rowsOf(count: number, most: number, seed: number): number[] {
  const all = Array.from({ length: count }, (_, row) => row);
  if (count <= most) return all;
  const stream = randomStream(seed, "fitted rows");
  const keys = Float64Array.from(all, (row) => stream.at(row).uniform());
  return all.sort((one, other) => keys[one]! - keys[other]!).slice(0, most);
}

interface Features {
  /** [2n, features] */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
  readonly features: number;
}

/** Each derivative as a linear equation for the last layer: q̇ᵢ = Σ wₖ ∂φₖ/∂pᵢ, ṗᵢ = −Σ wₖ ∂φₖ/∂qᵢ. */
function equations(dataset: Dataset, rows: readonly number[], { weights, biases, features }: Features) {
  const width = stateLength(dataset);
  const n = width / 2;
  const derivatives = requireDerivatives(dataset);
  const a = matrix(rows.length * width, features);
  const b = new Float64Array(rows.length * width);
  for (const [at, row] of rows.entries()) {
    for (let k = 0; k < features; k++) {
      let sum = biases[k]!;
      for (let c = 0; c < width; c++) sum += weights[c * features + k]! * dataset.states[row * width + c]!;
      const steep = 1 - Math.tanh(sum) ** 2;
      for (let c = 0; c < width; c++) {
        const target = c < n ? c + n : c - n;
        a.data[(at * width + target) * features + k] = (c < n ? -1 : 1) * steep * weights[c * features + k]!;
      }
    }
    for (let c = 0; c < width; c++) b[at * width + c] = derivatives[row * width + c]!;
  }
  return { a, b };
}
