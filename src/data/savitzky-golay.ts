/** Values and slopes of a smooth curve through noisy samples of several columns. */
export interface Smoothed {
  /** [rows, width], like the samples. */
  readonly values: Float64Array;
  readonly slopes: Float64Array;
}

/**
 * Fits, around every sample, a polynomial to the nearest samples by least squares, and takes its value and slope there.
 * At the ends the window is one-sided. Times need not be equally spaced.
 * Source: Savitzky, Golay, Analytical Chemistry 36 (1964) 1627, doi:10.1021/ac60214a047.
 *
 * @param times [rows], increasing
 * @param samples [rows, width], row-major
 * @param window samples a fit, odd, at most rows
 * @param degree of the polynomial, below `window`
 */
export function savitzkyGolay(
  times: Float64Array,
  samples: Float64Array,
  { window, degree }: { readonly window: number; readonly degree: number },
): Smoothed {
  const rows = times.length;
  const width = samples.length / rows;
  const values = new Float64Array(samples.length);
  const slopes = new Float64Array(samples.length);
  for (let row = 0; row < rows; row++) {
    const first = Math.min(Math.max(row - (window >> 1), 0), rows - window);
    const weights = fitWeights(times.subarray(first, first + window), times[row]!, degree);
    for (let k = 0; k < window; k++) {
      for (let c = 0; c < width; c++) {
        const sample = samples[(first + k) * width + c]!;
        values[row * width + c]! += weights.value[k]! * sample;
        slopes[row * width + c]! += weights.slope[k]! * sample;
      }
    }
  }
  return { values, slopes };
}

/** The numbers by which samples are multiplied and summed to give the fit's value and slope at a time. */
export function fitWeights(
  times: Float64Array,
  at: number,
  degree: number,
): { readonly value: Float64Array; readonly slope: Float64Array } {
  const scale = times.at(-1)! - times[0]!;
  const u = times.map((t) => (t - at) / scale);
  // Polynomials orthonormal over the samples, made one from the other (Stieltjes); each with its value and slope at 0.
  const value = new Float64Array(times.length);
  const slope = new Float64Array(times.length);
  let last: Basis | undefined;
  let current = unit({ samples: u.map(() => 1), value: 1, slope: 0 });
  for (let k = 0; k <= degree; k++) {
    for (let s = 0; s < u.length; s++) {
      value[s]! += current.value * current.samples[s]!;
      slope[s]! += (current.slope * current.samples[s]!) / scale;
    }
    const next = unit(raised(u, current, last));
    last = current;
    current = next;
  }
  return { value, slope };
}

interface Basis {
  readonly samples: Float64Array;
  readonly value: number;
  readonly slope: number;
}

/** u times a polynomial, freed from its parts along the last two. */
function raised(u: Float64Array, current: Basis, last: Basis | undefined): Basis {
  const product = u.map((x, k) => x * current.samples[k]!);
  const along = dot(product, current.samples);
  const before = last ? dot(product, last.samples) : 0;
  return {
    samples: product.map((x, k) => x - along * current.samples[k]! - before * (last?.samples[k] ?? 0)),
    value: -along * current.value - before * (last?.value ?? 0),
    slope: current.value - along * current.slope - before * (last?.slope ?? 0),
  };
}

function unit({ samples, value, slope }: Basis): Basis {
  const norm = Math.sqrt(dot(samples, samples));
  return { samples: samples.map((x) => x / norm), value: value / norm, slope: slope / norm };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
