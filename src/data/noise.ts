import { HnncError } from "../errors.ts";
import { type Dataset, makeDataset, stateLength, stateNames } from "./dataset.ts";
import { randomStream } from "./random.ts";

export interface NoiseOptions {
  /** Default `normal`. `uniform` has the same standard deviation, a range of ±√3 σ. */
  readonly kind?: "normal" | "uniform" | undefined;
  /** Standard deviation, in the units of the state: one for all columns, or one a column by name (others get none). */
  readonly sigma: number | Readonly<Record<string, number>>;
  /** What is disturbed; default the states alone, as the data of arXiv:1906.01563. */
  readonly of?: "states" | "states-and-derivatives" | undefined;
  readonly seed: number;
}

/**
 * Adds independent noise to every number of the states. Row k of run r gets the same noise wherever it is computed.
 * Energies are left as they are: they belong to the true states.
 *
 * @param firstRow the place of the dataset's first row in its run, where the dataset is a later piece of one
 * @throws HnncError kind `usage` for a negative sigma or an unknown column
 */
export function addNoise(dataset: Dataset, options: NoiseOptions, firstRow = 0): Dataset {
  const sigmas = sigmasOf(dataset, options.sigma);
  const stream = randomStream(options.seed, "noise");
  const width = stateLength(dataset);
  const states = dataset.states.slice();
  const both = options.of === "states-and-derivatives";
  const derivatives = both ? dataset.derivatives?.slice() : dataset.derivatives;
  const draws = new Float64Array(both && derivatives ? 2 * width : width);
  for (const [k, { id, start, end }] of dataset.runs.entries()) {
    const first = k === 0 ? firstRow : 0;
    for (let row = start; row < end; row++) {
      if (options.kind === "uniform") uniformDraws(stream.at(id, first + row - start).uniform, draws);
      else stream.normals(id, first + row - start, draws);
      for (let c = 0; c < width; c++) states[row * width + c]! += sigmas[c]! * draws[c]!;
      if (both && derivatives) {
        for (let c = 0; c < width; c++) derivatives[row * width + c]! += sigmas[c]! * draws[width + c]!;
      }
    }
  }
  const { kind = "normal", sigma, of = "states", seed } = options;
  return makeDataset({
    ...dataset,
    states,
    derivatives,
    provenance: { ...dataset.provenance, noise: { kind, sigma, of, seed } },
  });
}

/** Of standard deviation 1. */
function uniformDraws(uniform: () => number, out: Float64Array): void {
  for (let c = 0; c < out.length; c++) out[c] = Math.sqrt(3) * (2 * uniform() - 1);
}

function sigmasOf(dataset: Dataset, sigma: NoiseOptions["sigma"]): Float64Array {
  const names = stateNames(dataset);
  const refuse = (message: string) => new HnncError({ kind: "usage", code: "bad-noise", message });
  if (typeof sigma !== "number") {
    const unknown = Object.keys(sigma).find((name) => !names.includes(name));
    if (unknown !== undefined) throw refuse(`there is no column \`${unknown}\` to add noise to: ${names.join(" ")}`);
  }
  return Float64Array.from(names, (name) => {
    const value = typeof sigma === "number" ? sigma : Object.hasOwn(sigma, name) ? sigma[name]! : 0;
    if (Number.isFinite(value) && value >= 0) return value;
    throw refuse(`the standard deviation ${value} of the noise is not a number from 0 on`);
  });
}
