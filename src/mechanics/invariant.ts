import { affineConstant } from "../expr/affine.ts";
import { evaluate, type UnknownFunctionValue, type Values } from "../expr/evaluate.ts";
import { networkFunction } from "../expr/evaluate-network.ts";
import { children, type Expr, postorder, type Reduce } from "../expr/expr.ts";
import type { Model, Parameter, Variable } from "../model.ts";
import { rateOfChange } from "./bracket.ts";
import { expandsToZero } from "./polynomial.ts";

/** What a check of dI/dt = 0 found. */
export type InvariantCheck =
  /** dI/dt folds to 0, for all states and parameters. */
  | { readonly verdict: "symbolic" }
  /** dI/dt is 0 to round-off at random points; `worst` is relative to the magnitude of its terms. */
  | { readonly verdict: "numeric"; readonly points: number; readonly worst: number }
  | {
      readonly verdict: "violated";
      /** Where: time and every state variable by name. */
      readonly point: Readonly<Record<string, number | readonly number[]>>;
      /** dI/dt there, and the sum of the absolute values of its terms. */
      readonly rate: number;
      readonly magnitude: number;
    }
  /** No random point gave finite numbers. */
  | { readonly verdict: "undecided" };

/**
 * |dI/dt| relative to its terms' magnitude that counts as 0. Round-off of some thousand operations with cancellation
 * inside a term stays below 1e-11; a quantity that is not conserved changes by the order of its terms at a random point.
 */
export const invariantTolerance = 1e-9;

const wantedPoints = 8;
const mostTries = 200;
/** Scalar operations that all points together may cost: about a second. */
const evaluationBudget = 1e7;

/**
 * Verifies that a quantity is conserved by a model: symbolically if dI/dt multiplies out to 0, otherwise numerically at
 * random states with a fixed seed, at the default parameters (random ones for `m = ?`) and with unknown functions bound
 * to smooth ones. Forces, damping and explicit time dependence count.
 */
export function verifyInvariant(model: Model, invariant: Expr): InvariantCheck {
  const { rate, magnitude } = rateOfChange(model, invariant);
  if (expandsToZero(rate)) return { verdict: "symbolic" };
  const affordable = Math.floor(evaluationBudget / (evaluationCost(rate) + evaluationCost(magnitude)));
  const wanted = Math.max(1, Math.min(wantedPoints, affordable));
  const random = generator(0x1e3779b9);
  let points = 0;
  let worst = 0;
  for (let attempt = 0; attempt < mostTries && points < wanted; attempt++) {
    const values = randomPoint(model, attempt, random);
    const value = evaluate(rate, values);
    const scale = evaluate(magnitude, values);
    if (!Number.isFinite(value) || !Number.isFinite(scale)) continue;
    points += 1;
    const relative = scale === 0 ? 0 : Math.abs(value) / scale;
    if (relative > invariantTolerance) {
      return { verdict: "violated", point: stateOf(model, values), rate: value, magnitude: scale };
    }
    worst = Math.max(worst, relative);
  }
  return points === 0 ? { verdict: "undecided" } : { verdict: "numeric", points, worst };
}

/**
 * A random state. Every third is near the initial state, where there is one, every third is positive (for roots and
 * logarithms), the others have both signs.
 */
function randomPoint(model: Model, attempt: number, random: () => number): Values {
  const draw = (variable: Variable): number | number[] => {
    const start = model.initial.get(variable.name);
    return entries(variable, (at) => {
      if (attempt % 3 === 1) return 0.1 + 1.9 * random();
      const offset = 3 * random() - 1.5;
      const origin = typeof start === "number" ? start : start?.[at];
      return attempt % 3 === 0 && origin !== undefined ? origin + 0.1 * offset * Math.max(1, Math.abs(origin)) : offset;
    });
  };
  const values: Record<string, number | readonly number[] | UnknownFunctionValue> = { t: 2 * random() };
  for (const variable of [...model.coordinates, ...model.momenta]) values[variable.name] = draw(variable);
  for (const parameter of model.parameters) {
    values[parameter.name] = parameter.value ?? entries(parameter, () => 0.5 + random());
  }
  model.unknownFunctions.forEach(({ name }, k) => {
    values[name] = smoothFunction(k + 1);
  });
  for (const [name, network] of model.networks ?? []) values[name] = networkFunction(network);
  return values;
}

function entries({ shape }: Variable | Parameter, draw: (at: number) => number): number | number[] {
  const size = shape.reduce((product, length) => product * length, 1);
  return shape.length === 0 ? draw(0) : Array.from({ length: size }, (_, at) => draw(at));
}

/** sin(Σ cₖ uₖ + φ) with all its derivatives. */
function smoothFunction(phase: number): UnknownFunctionValue {
  const rate = (k: number): number => 0.7 + 0.3 * Math.cos(phase + k);
  return (args, orders) => {
    const angle = args.reduce((sum, arg, k) => sum + rate(k) * arg, phase);
    const order = orders.reduce((sum, each) => sum + each, 0);
    const factor = orders.reduce((product, each, k) => product * rate(k) ** each, 1);
    return factor * Math.sin(angle + (order * Math.PI) / 2);
  };
}

function stateOf(model: Model, values: Values): Record<string, number | readonly number[]> {
  const names = [...model.coordinates, ...model.momenta].map(({ name }) => name);
  if (model.timeDependent) names.unshift("t");
  return Object.fromEntries(names.map((name) => [name, values[name] as number | readonly number[]]));
}

/** An upper bound of the operations of one evaluation: nodes times the length of the deepest nest of loops. */
function evaluationCost(e: Expr): number {
  const loops = new Map<Expr, number>();
  const order = postorder([e]);
  for (const node of order) {
    let most = 1;
    for (const child of children(node)) most = Math.max(most, loops.get(child)!);
    loops.set(node, node.kind === "reduce" ? most * trips(node) : most);
  }
  return order.length * loops.get(e)!;
}

/** How often a loop runs, with bounds that depend on outer indices taken at their widest guess. */
function trips({ lo, hi }: Reduce): number {
  const first = affineConstant(lo) ?? 1;
  const last = affineConstant(hi) ?? first + 100;
  return Math.max(1, last - first + 1);
}

/** Mulberry32: uniform in [0, 1), the same sequence on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
