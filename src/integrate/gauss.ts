import { HnncError } from "../errors.ts";
import { addCompensated } from "./compensated.ts";
import { describeState } from "./describe-state.ts";
import type { GaussScheme, Integrator, Motion, Stepper, Work } from "./integrator.ts";
import { extrapolationWeights } from "./quadrature.ts";
import { type StageNewton, stageNewton } from "./stage-newton.ts";

/** Implicit Gauss methods take any field; they keep areas and quadratic invariants. */
const family = {
  symplectic: true,
  reversible: true,
  adaptive: false,
  explicit: false,
  requires: "any",
  timeDependent: true,
  damping: true,
} as const;

type Particulars = Omit<Integrator, keyof typeof family | "scheme"> & {
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
};

/** A Gauss method from its tableau. */
export function gauss({ a, b, c, ...facts }: Particulars): Integrator {
  return { ...facts, ...family, scheme: { kind: "gauss", mu: symmetricRatios(a, b), b, c } };
}

/** aᵢⱼ/bⱼ with μᵢⱼ + μⱼᵢ = 1: the larger of the two is rounded, the other is the exact difference. */
function symmetricRatios(a: readonly (readonly number[])[], b: readonly number[]): number[][] {
  const ratio = (i: number, j: number) => a[i]![j]! / b[j]!;
  return b.map((_, i) =>
    b.map((_, j) => {
      if (i === j) return 0.5;
      return Math.abs(ratio(i, j)) > Math.abs(ratio(j, i)) ? ratio(i, j) : 1 - ratio(j, i);
    }),
  );
}

/** Rounds after which an iteration has failed. */
const mostRounds = 60;
/** Newton's method takes over where the fixed point needs more rounds than this … */
const patience = 16;
/** … if a step has at most this many unknowns; with more, an elimination costs more than many rounds. */
const fewUnknowns = 60;
/** Up to this many unknowns Newton's method is the last resort. */
const mostUnknowns = 600;
/** Increments below this fraction of the state that stop falling have reached round-off … */
const roundOff = 8 * Number.EPSILON;
/** … and so have larger ones below this one, where the field magnifies round-off, if they rest for three rounds. */
const magnifiedRoundOff = 1e-9;

/**
 * Solves the stages by fixed-point iteration from the extrapolation of the previous step's, until no increment falls
 * any more: a fixed tolerance would leave a drift of the energy (Hairer, McLachlan, Razakarivony, Achieving Brouwer's
 * law with implicit Runge–Kutta methods, BIT 48 (2008) 231–243, doi:10.1007/s10543-008-0170-3). Where that converges
 * slowly, by simplified Newton iteration with the same end.
 *
 * @param x0 the start, length 2n; it is copied
 */
export function gaussStepper(scheme: GaussScheme, motion: Motion, x0: ArrayLike<number>): Stepper {
  const state = Float64Array.from(x0);
  const [carry, move] = [new Float64Array(state.length), new Float64Array(state.length)];
  const work: Work = { evaluations: 0, iterations: 0 };
  const stages = stageMap(scheme, motion, { state, carry, work });
  const unknowns = stages.z.length;
  const iterate = iteration(stages, state, work);
  let newton: StageNewton | undefined;
  let previous = 0;

  const solve = (t: number, h: number): Convergence => {
    stages.begin(t, h, h === previous);
    if (!newton) {
      const found = iterate(unknowns <= fewUnknowns ? patience : mostRounds);
      if (found.converged || unknowns > mostUnknowns) return found;
      stages.begin(t, h, false);
    }
    newton ??= stageNewton(scheme, motion, state, work);
    return newton.begin(t, h) ? iterate(mostRounds, newton.correct) : { converged: false, increment: Number.NaN };
  };
  const step = (t: number, h: number) => {
    const { converged, increment } = solve(t, h);
    if (!converged) throw notConverged(t, h, state, increment);
    previous = h;
    stages.total(move);
    addCompensated(state, carry, move, 0, state.length);
  };
  return { state, phase: state, work, step };
}

/** The stages of one step as a fixed-point problem Z = map(Z), where x + Zᵢ are the stages' states. */
interface StageMap {
  /** [stages, 2n]. */
  readonly z: Float64Array;
  /** Sets the step, and the first Z: extrapolated from the last step of the same width, or zero. */
  begin(t: number, h: number, extrapolated: boolean): void;
  /** map(Z). */
  evaluate(out: Float64Array): void;
  /** The step's Σ Lⱼ, from the field that was evaluated last. */
  total(out: Float64Array): void;
}

interface Present {
  readonly state: Float64Array;
  readonly carry: Float64Array;
  readonly work: Work;
}

function stageMap({ mu, b, c }: GaussScheme, motion: Motion, { state, carry, work }: Present): StageMap {
  const length = state.length;
  const [z, l] = [new Float64Array(b.length * length), new Float64Array(b.length * length)];
  const [at, rate] = [new Float64Array(length), new Float64Array(length)];
  const predictor = extrapolationWeights(c).map((row) => row.map((weight, j) => weight / b[j]!));
  const ones = [b.map(() => 1)];
  let time = 0;
  let step = 0;
  let widths: readonly number[] = [];
  return {
    z,
    begin(t, h, extrapolated) {
      if (h !== step) widths = stageWidths(b, h);
      time = t;
      step = h;
      if (extrapolated) weightedSums(z, predictor, l, length);
      else z.fill(0);
    },
    evaluate(out) {
      for (let j = 0; j < b.length; j++) {
        for (let i = 0; i < length; i++) at[i] = state[i]! + (z[j * length + i]! + carry[i]!);
        motion.field(at, rate, time + c[j]! * step);
        for (let i = 0; i < length; i++) l[j * length + i] = widths[j]! * rate[i]!;
      }
      work.evaluations += b.length;
      weightedSums(out, mu, l, length);
    },
    total: (out) => weightedSums(out, ones, l, length),
  };
}

/** h bⱼ, rounded so that they add up to h: the middle one is what the others leave. */
function stageWidths(b: readonly number[], h: number): number[] {
  const widths = b.map((weight) => h * weight);
  if (b.length % 2 === 0) return widths;
  const middle = (b.length - 1) / 2;
  const others = widths.reduce((sum, width, j) => (j === middle ? sum : sum + width), 0);
  return widths.with(middle, h - others);
}

/** out[i] = Σⱼ weights[i][j] · vectors[j], for vectors of one length stored one after the other. */
function weightedSums(
  out: Float64Array,
  weights: readonly (readonly number[])[],
  vectors: Float64Array,
  length: number,
): void {
  for (let i = 0; i < weights.length; i++) {
    const row = weights[i]!;
    for (let d = 0; d < length; d++) {
      let sum = 0;
      for (let j = 0; j < row.length; j++) sum += row[j]! * vectors[j * length + d]!;
      out[i * length + d] = sum;
    }
  }
}

interface Convergence {
  readonly converged: boolean;
  /** The last increment as a fraction of the state. */
  readonly increment: number;
}

/**
 * Z ← Z + increment, until neither the coordinates' largest increment nor the momenta's reaches a new low. (Their units
 * differ; single entries may pass through zero, where noise goes on reaching new lows.) `correct` turns the fixed
 * point's increments into Newton's.
 */
function iteration({ z, evaluate }: StageMap, state: Float64Array, work: Work) {
  const next = new Float64Array(z.length);
  const least = new Float64Array(2);
  const extents = new Float64Array(4);
  return (mostRounds: number, correct?: (increments: Float64Array) => void): Convergence => {
    least.fill(Number.POSITIVE_INFINITY);
    let increment = 0;
    let resting = 0;
    for (let round = 1; round <= mostRounds; round++) {
      evaluate(next);
      work.iterations++;
      for (let i = 0; i < z.length; i++) next[i] = next[i]! - z[i]!;
      correct?.(next);
      for (let i = 0; i < z.length; i++) z[i] = z[i]! + next[i]!;
      measure(extents, next, z, state);
      resting++;
      increment = 0;
      for (let half = 0; half < 2; half++) {
        const size = extents[2 * half]!;
        if (size > 0 && size < least[half]!) resting = 0;
        least[half] = Math.min(least[half]!, size);
        increment = Math.max(increment, size > 0 ? size / extents[2 * half + 1]! : size);
      }
      if (!Number.isFinite(increment)) break;
      if (resting > 0 && increment <= (resting < 3 ? roundOff : magnifiedRoundOff))
        return { converged: true, increment };
    }
    return { converged: increment <= roundOff, increment };
  };
}

/** The largest increment of any stage, and the largest size of what it changes: of the coordinates, of the momenta. */
function measure(out: Float64Array, increments: Float64Array, z: Float64Array, state: Float64Array): void {
  const n = state.length / 2;
  for (let half = 0; half < 2; half++) {
    let size = 0;
    let scale = 0;
    for (let i = half * n; i < (half + 1) * n; i++) {
      scale = Math.max(scale, Math.abs(state[i]!));
      for (let k = i; k < z.length; k += state.length) {
        size = Math.max(size, Math.abs(increments[k]!));
        scale = Math.max(scale, Math.abs(z[k]!));
      }
    }
    out[2 * half] = size;
    out[2 * half + 1] = scale;
  }
}

function notConverged(t: number, h: number, state: Float64Array, increment: number): HnncError {
  const reason = Number.isFinite(increment)
    ? `its last increment is ${increment.toExponential(1)} of the state`
    : "its increments are not finite";
  return new HnncError({
    kind: "diverged",
    code: "no-convergence",
    message: `the implicit step from t = ${t} by ${h} does not converge (${reason})`,
    notes: [`state at t = ${t}: ${describeState(state)}`],
    hint: "take a smaller dt, or an adaptive method",
  });
}
