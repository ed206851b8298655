/** A cubic smoothing spline at its knots. */
export interface Spline {
  readonly values: Float64Array;
  readonly slopes: Float64Array;
  /** λ. */
  readonly smoothing: number;
  /** The standard deviation of the noise as the fit sees it: √(residual / (samples − degrees of freedom)). */
  readonly sigma: number;
}

/** The parts of the problem that do not depend on the samples. */
interface Knots {
  readonly steps: Float64Array;
  /** Bands of the tridiagonal R: diagonal and above. */
  readonly r0: Float64Array;
  readonly r1: Float64Array;
  /** Bands of QᵀQ, with Q the second divided differences. */
  readonly q0: Float64Array;
  readonly q1: Float64Array;
  readonly q2: Float64Array;
}

/**
 * The curve g that minimises Σ (xᵢ − g(tᵢ))² + λ ∫ g″², a natural cubic spline. Without λ, generalised cross-validation
 * chooses it. O(rows) for each λ.
 * Sources: Reinsch, Numerische Mathematik 10 (1967) 177, doi:10.1007/BF02162161; Hutchinson, de Hoog, ibid. 47 (1985) 99,
 * doi:10.1007/BF01389878 (the trace).
 *
 * @param times [rows], increasing, at least 5
 * @param samples [rows]
 * @param smoothing λ, in units of time³
 */
export function smoothingSpline(times: Float64Array, samples: Float64Array, smoothing?: number): Spline {
  const knots = knotsOf(times);
  const bends = secondDifferences(knots, samples);
  const lambda = smoothing ?? bestSmoothing(knots, bends, samples.length);
  const { gamma, residual, free } = solve(knots, bends, lambda);
  const pull = spread(knots, gamma);
  const values = samples.map((x, k) => x - lambda * pull[k]!);
  return {
    values,
    slopes: slopesOf(knots, values, gamma),
    smoothing: lambda,
    sigma: Math.sqrt(residual / Math.max(free, Number.MIN_VALUE)),
  };
}

function knotsOf(times: Float64Array): Knots {
  const steps = times.slice(1).map((t, k) => t - times[k]!);
  const inner = steps.length - 1;
  const rows = Array.from({ length: inner }, (_, k) => difference(steps, k));
  const product = (apart: number) =>
    Float64Array.from({ length: Math.max(0, inner - apart) }, (_, k) => {
      let sum = 0;
      for (let j = apart; j < 3; j++) sum += rows[k]![j]! * rows[k + apart]![j - apart]!;
      return sum;
    });
  return {
    steps,
    r0: Float64Array.from({ length: inner }, (_, k) => (steps[k]! + steps[k + 1]!) / 3),
    r1: Float64Array.from({ length: Math.max(0, inner - 1) }, (_, k) => steps[k + 1]! / 6),
    q0: product(0),
    q1: product(1),
    q2: product(2),
  };
}

/** Row k of Qᵀ: x ↦ (x[k+2] − x[k+1])/h[k+1] − (x[k+1] − x[k])/h[k]. */
function difference(steps: Float64Array, k: number): readonly [number, number, number] {
  return [1 / steps[k]!, -1 / steps[k]! - 1 / steps[k + 1]!, 1 / steps[k + 1]!];
}

function secondDifferences({ steps }: Knots, x: Float64Array): Float64Array {
  return Float64Array.from(
    { length: steps.length - 1 },
    (_, k) => (x[k + 2]! - x[k + 1]!) / steps[k + 1]! - (x[k + 1]! - x[k]!) / steps[k]!,
  );
}

/** Q γ. */
function spread({ steps }: Knots, gamma: Float64Array): Float64Array {
  const out = new Float64Array(steps.length + 1);
  for (const [k, value] of gamma.entries()) {
    const row = difference(steps, k);
    for (let j = 0; j < 3; j++) out[k + j]! += row[j]! * value;
  }
  return out;
}

interface Solution {
  /** Second derivatives at the inner knots. */
  readonly gamma: Float64Array;
  /** Σ (x − g)². */
  readonly residual: number;
  /** rows − trace of the map from samples to values. */
  readonly free: number;
}

/** Solves (R + λ QᵀQ) γ = Qᵀx by LDLᵀ of five bands, and takes the trace from the bands of the inverse. */
function solve(knots: Knots, bends: Float64Array, lambda: number): Solution {
  const m = bends.length;
  const d = new Float64Array(m);
  const u1 = new Float64Array(m);
  const u2 = new Float64Array(m);
  const gamma = bends.slice();
  for (let k = 0; k < m; k++) {
    const a = k > 0 ? d[k - 1]! * u1[k - 1]! : 0;
    const b = k > 1 ? d[k - 2]! * u2[k - 2]! : 0;
    d[k] = knots.r0[k]! + lambda * knots.q0[k]! - (k > 0 ? a * u1[k - 1]! : 0) - (k > 1 ? b * u2[k - 2]! : 0);
    if (k + 1 < m) u1[k] = (knots.r1[k]! + lambda * knots.q1[k]! - (k > 0 ? a * u2[k - 1]! : 0)) / d[k]!;
    if (k + 2 < m) u2[k] = (lambda * knots.q2[k]!) / d[k]!;
    gamma[k]! -= (k > 0 ? u1[k - 1]! * gamma[k - 1]! : 0) + (k > 1 ? u2[k - 2]! * gamma[k - 2]! : 0);
  }
  for (let k = m - 1; k >= 0; k--) {
    gamma[k] = gamma[k]! / d[k]! - u1[k]! * (gamma[k + 1] ?? 0) - u2[k]! * (gamma[k + 2] ?? 0);
  }
  const residual = spread(knots, gamma).reduce((sum, value) => sum + (lambda * value) ** 2, 0);
  return { gamma, residual, free: lambda * tracedProduct(knots, d, u1, u2) };
}

/** Σ (R + λ QᵀQ)⁻¹ᵢⱼ (QᵀQ)ᵢⱼ; only the five bands of the inverse occur. */
function tracedProduct({ q0, q1, q2 }: Knots, d: Float64Array, u1: Float64Array, u2: Float64Array): number {
  let sum = 0;
  // Bands of the inverse, from the last row up: on the diagonal in this row and the next two, and one above.
  let next0 = 0;
  let afterNext0 = 0;
  let next1 = 0;
  for (let k = d.length - 1; k >= 0; k--) {
    const c1 = -u1[k]! * next0 - u2[k]! * next1;
    const c2 = -u1[k]! * next1 - u2[k]! * afterNext0;
    const c0 = 1 / d[k]! - u1[k]! * c1 - u2[k]! * c2;
    sum += c0 * q0[k]! + 2 * c1 * (q1[k] ?? 0) + 2 * c2 * (q2[k] ?? 0);
    afterNext0 = next0;
    next0 = c0;
    next1 = c1;
  }
  return sum;
}

const decades = 12;

/** The minimum of rows · residual / free² over λ: a coarse search by powers of ten, then golden sections. */
function bestSmoothing(knots: Knots, bends: Float64Array, rows: number): number {
  const cube = (knots.steps.reduce((sum, step) => sum + step, 0) / knots.steps.length) ** 3;
  const score = (exponent: number) => {
    const { residual, free } = solve(knots, bends, cube * 10 ** exponent);
    return (rows * residual) / free ** 2;
  };
  let best = -4;
  let least = score(best);
  for (let exponent = -4; exponent <= decades; exponent += 0.5) {
    const value = score(exponent);
    if (value < least) {
      least = value;
      best = exponent;
    }
  }
  return cube * 10 ** goldenSection(score, best - 0.5, best + 0.5);
}

function goldenSection(score: (x: number) => number, low: number, high: number): number {
  const part = (Math.sqrt(5) - 1) / 2;
  let left = high - part * (high - low);
  let right = low + part * (high - low);
  for (let k = 0; k < 24; k++) {
    if (score(left) < score(right)) high = right;
    else low = left;
    left = high - part * (high - low);
    right = low + part * (high - low);
  }
  return (low + high) / 2;
}

function slopesOf({ steps }: Knots, values: Float64Array, gamma: Float64Array): Float64Array {
  const bend = (k: number) => (k === 0 || k === values.length - 1 ? 0 : gamma[k - 1]!);
  return values.map((value, k) => {
    if (k < steps.length) {
      const h = steps[k]!;
      return (values[k + 1]! - value) / h - (h * (2 * bend(k) + bend(k + 1))) / 6;
    }
    const h = steps[k - 1]!;
    return (value - values[k - 1]!) / h + (h * (bend(k - 1) + 2 * bend(k))) / 6;
  });
}
