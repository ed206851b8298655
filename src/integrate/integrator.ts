/**
 * The rate of change of a state, or a part of it, at a time: reads `x`, writes into `out`, keeps `x` as it is.
 *
 * @param x the state `[q1 … qn, p1 … pn]`
 */
export type Rate = (x: Float64Array, out: Float64Array, t: number) => void;

/** The motion to be integrated: its field and what is known about it. */
export interface Motion {
  /** n; a state has 2n entries. */
  readonly degreesOfFreedom: number;
  /** ẋ = [∂H/∂p, −∂H/∂q − k ∂H/∂p + F], all 2n entries. */
  readonly field: Rate;
  /** Only q̇, written into entries 0 … n−1. Splitting methods call `field` where it is missing. */
  readonly velocity?: Rate | undefined;
  /** Only ṗ, written into entries n … 2n−1. */
  readonly force?: Rate | undefined;
  /** ∂ẋ/∂x, row-major [2n, 2n]. Newton's iteration takes differences of `field` where it is missing. */
  readonly jacobian?: Rate | undefined;
  /** H = T(p, t) + V(q, t): q̇ is free of q and −∂H/∂q is free of p. */
  readonly separable: boolean;
  /** H depends on t. */
  readonly timeDependent: boolean;
  /** T depends on t, in a separable H. */
  readonly kineticDependsOnTime?: boolean | undefined;
  /** There is damping, or a force that depends on momenta. (A force of q and t alone counts as part of −∂H/∂q.) */
  readonly damped: boolean;
}

/**
 * Drifts (q moves by ∂T/∂p) and kicks (p moves by −∂V/∂q) in turn, as fractions of the step: drift[0], kick[0],
 * drift[1], kick[1], … A drift advances the time, a kick does not. Zeros are skipped.
 */
export interface SplittingScheme {
  readonly kind: "splitting";
  readonly drift: readonly number[];
  /** As many as drifts, or one fewer. */
  readonly kick: readonly number[];
}

/** Kᵢ = f(x + h Σⱼ aᵢⱼ Kⱼ, t + cᵢ h), x ← x + h Σ bᵢ Kᵢ; row i of `a` has i entries. */
export interface RungeKuttaScheme {
  readonly kind: "runge-kutta";
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
}

/**
 * An implicit, symmetric and symplectic Runge–Kutta method in the form Lⱼ = h bⱼ f(x + Zⱼ, t + cⱼ h), Zᵢ = Σⱼ μᵢⱼ Lⱼ,
 * x ← x + Σ Lⱼ. μᵢⱼ = aᵢⱼ/bⱼ is rounded so that μᵢⱼ + μⱼᵢ = 1 holds exactly, which makes the method with rounded
 * coefficients symplectic (Antoñana, Makazaga, Murua 2017, doi:10.1007/s11075-017-0287-z).
 */
export interface GaussScheme {
  readonly kind: "gauss";
  readonly mu: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
}

/** An explicit Runge–Kutta method with an error estimate and dense output; the last stage is f at the new state. */
export interface EmbeddedScheme {
  readonly kind: "embedded";
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
  /**
   * Rows of weights of the stages and of f at the new state. One row e: the error is h e·K. Two rows e, g: it is
   * h (e·K)² / √((e·K)² + 0.01 (g·K)²) in root mean squares, the estimate of DOP853.
   */
  readonly estimates: readonly (readonly number[])[];
  /** The step changes as error^(−1/(errorOrder + 1)). */
  readonly errorOrder: number;
  /** Exponent of the previous error in the PI controller; 0 leaves an I controller. */
  readonly beta: number;
  readonly dense: DenseOutput;
}

/**
 * x(t + θh) = x + θ(F₀ + (1−θ)(F₁ + θ(F₂ + (1−θ)(F₃ + …)))), where F₀ = Δx, F₁ = h f₀ − Δx, F₂ = 2Δx − h (f₀ + f₁) and
 * the others are h Σ dᵢ Kᵢ, over the stages, f at the new state, and the extra stages.
 */
export interface DenseOutput {
  readonly order: number;
  /** Rows of extra stages, evaluated only where output is asked for. */
  readonly a: readonly (readonly number[])[];
  readonly c: readonly number[];
  readonly d: readonly (readonly number[])[];
}

/**
 * Tao's method: two copies (q, p) and (x, y) move under H(q, y) + H(x, p) + ω (|q−x|² + |p−y|²)/2, whose three parts
 * are solved exactly; a step of order 2 is repeated with the fractions `weights`.
 */
export interface ExtendedScheme {
  readonly kind: "extended";
  readonly weights: readonly number[];
  /** The default strength ω of the coupling, in radians a unit of time. */
  readonly omega: number;
}

export type Scheme = SplittingScheme | RungeKuttaScheme | GaussScheme | EmbeddedScheme | ExtendedScheme;

/**
 * A numerical method: coefficients, and claims that its tests hold it to.
 *
 * @example
 * import { leapfrog } from "./leapfrog.ts";
 * integrate(motion, [1, 0], { t: 100, dt: 0.1, method: leapfrog });
 */
export interface Integrator {
  /** kebab-case, the same as its file. */
  readonly name: string;
  readonly title: string;
  /** The error at a fixed time falls as stepᵒʳᵈᵉʳ. */
  readonly order: number;
  /** A step of a Hamiltonian motion is a symplectic map: of the state, for `extended` schemes of both copies. */
  readonly symplectic: boolean;
  /** A step by −h undoes a step by h, up to rounding. */
  readonly reversible: boolean;
  /** Chooses its steps from a tolerance; the others take a step size. */
  readonly adaptive: boolean;
  readonly explicit: boolean;
  /** What H must be: T(p) + V(q), or anything. */
  readonly requires: "separable" | "any";
  /** Keeps its order where H depends on t, in any part that `requires` allows. */
  readonly timeDependent: boolean;
  /** Keeps its order with damping and forces that depend on momenta. */
  readonly damping: boolean;
  readonly scheme: Scheme;
  readonly source: Citation;
}

export interface Citation {
  /** Authors, title, journal, year. */
  readonly citation: string;
  readonly doi: string;
}

/** How much a run has cost. */
export interface Work {
  /** Calls of the motion's `field`, `velocity` or `force`. */
  evaluations: number;
  /** Rounds of an implicit method's iteration. */
  iterations: number;
}

/** A method with a fixed step at work on one trajectory. */
export interface Stepper {
  /** `[q1 … qn, p1 … pn]` now: a view that `step` overwrites. */
  readonly state: Float64Array;
  /** What the method's map acts on: the state, or for `extended` schemes both copies `[q, p, x, y]`. */
  readonly phase: Float64Array;
  readonly work: Work;
  /**
   * Moves the state from time t to t + h; h may be negative.
   *
   * @throws HnncError kind `diverged` where an implicit method's iteration does not converge
   */
  step(t: number, h: number): void;
}
