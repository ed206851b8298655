import type { Op } from "../../expr/ops.ts";
import type { Integer, LoopId, Value } from "../program.ts";

/**
 * A formula as relations between power series in time. The normalised coefficients of a value a(t₀ + s) = Σ aₖ sᵏ are
 * aₖ = a⁽ᵏ⁾/k!; one pass over the steps for k = 0, 1, 2, … gives all of them, since each rule needs of its operands
 * only what is known by then (Jorba, Zou 2005, doi:10.1080/10586458.2005.10128904; Griewank, Walther, Evaluating
 * Derivatives, 2nd edition, SIAM 2008, chapter 13).
 */
export interface SeriesProgram {
  readonly blocks: readonly Block[];
  /** In the order in which they run, for every k. */
  readonly segments: readonly Segment[];
  /** Quantities of time and parameters alone that the series need, operands first. */
  readonly fixed: readonly Fixed[];
  /** Quantities whose series are kept for their roots: first the events, then where a branch changes. */
  readonly watches: readonly Watch[];
}

/** A place where code runs once for each value of some nested indices; block 0 has none and runs once. */
export interface Block {
  readonly id: number;
  readonly parent: Block | undefined;
  readonly loop: LoopId;
  readonly lo: Integer;
  readonly hi: Integer;
  readonly except: readonly Integer[];
}

/** Steps of one block that can run for all of its indices before the next segment begins. */
export interface Segment {
  readonly block: Block;
  readonly steps: Step[];
}

export type Step =
  | Series
  | Mask
  /** x′[at] = value */
  | { readonly kind: "store"; readonly at: Integer; readonly value: Operand }
  /** x′[at] += value */
  | { readonly kind: "scatter"; readonly at: Integer; readonly value: Operand }
  /** Adds to the total of a block further out. */
  | { readonly kind: "accumulate"; readonly total: Series; readonly value: Operand }
  | Watch;

export interface Watch {
  readonly kind: "watch";
  readonly block: Block;
  readonly value: Operand;
  /** An event that was asked for; the others are changes of branch. */
  readonly event: boolean;
}

/** A value that does not change along the motion: all of its coefficients but the first are 0. */
export interface Fixed {
  readonly kind: "fixed";
  readonly id: number;
  readonly block: Block;
  readonly value:
    | Exclude<Value, { kind: "op" | "state" | "time" | "output" }>
    | { readonly kind: "op"; readonly op: Op; readonly args: readonly Fixed[] }
    | { readonly kind: "total"; readonly parts: Fixed[] };
}

/** A truth value of the expansion point, and so of the whole step. */
export interface Mask {
  readonly kind: "mask";
  readonly id: number;
  readonly block: Block;
  readonly op: Op;
  readonly args: readonly (Operand | Truth)[];
}

export type Truth = Mask | Fixed;
export type Operand = Series | Fixed;

export interface Series {
  readonly kind: "series";
  readonly id: number;
  readonly block: Block;
  readonly segment: Segment;
  rule: Rule;
  /** How the value itself, k = 0, is computed where that is not what the rule says: an operation, or 0. */
  readonly initial: { readonly op: Op; readonly args: readonly Operand[] } | "zero" | undefined;
}

/** The recurrences. All that is not linear costs one sum over j ≤ k, a power two. */
export type Rule =
  | { readonly kind: "state"; readonly at: Integer }
  | { readonly kind: "time" }
  /** The entry of x′ as it stands. */
  | { readonly kind: "output"; readonly at: Integer }
  /** Σ of what inner blocks accumulate. */
  | { readonly kind: "total" }
  | { readonly kind: "add" | "sub"; readonly a: Operand; readonly b: Operand }
  | { readonly kind: "neg"; readonly a: Series }
  | { readonly kind: "scale"; readonly a: Series; readonly by: Fixed }
  /** a/by; `inverse` is 1/by. */
  | { readonly kind: "over"; readonly a: Series; readonly by: Fixed; readonly inverse: Fixed }
  | { readonly kind: "choose"; readonly mask: Truth; readonly a: Operand; readonly b: Operand }
  /** cₖ = Σ aⱼ bₖ₋ⱼ */
  | { readonly kind: "mul"; readonly a: Series; readonly b: Series }
  | { readonly kind: "square"; readonly a: Series }
  /** a/b: cₖ = (aₖ − Σ_{j≥1} bⱼ cₖ₋ⱼ)/b₀ */
  | { readonly kind: "quotient"; readonly a: Operand; readonly b: Series }
  /** √a: cₖ = (aₖ − Σ_{0<j<k} cⱼ cₖ₋ⱼ)/(2c₀) */
  | { readonly kind: "root"; readonly a: Series }
  /** a^α: cₖ = Σ_{j<k} (α(k−j) − j) aₖ₋ⱼ cⱼ / (k a₀); `next` is α + 1. */
  | { readonly kind: "power"; readonly a: Series; readonly exponent: Fixed; readonly next: Fixed }
  /** c′ = ±a′g: cₖ = ± Σ_{j≥1} j aⱼ gₖ₋ⱼ / k */
  | { readonly kind: "chain"; readonly a: Series; readonly g: Operand; readonly sign: 1 | -1 }
  /** c′ = a′/g: cₖ = (aₖ − Σ_{0<j<k} j cⱼ gₖ₋ⱼ / k)/g₀ */
  | { readonly kind: "ratio"; readonly a: Series; readonly g: Series };

/** Whether a node is a number that is written into the code. */
export function literalOf(node: Operand | Mask): number | undefined {
  return node.kind === "fixed" && node.value.kind === "const" ? node.value.value : undefined;
}

/** The operands of a rule. */
export function operandsOf(rule: Rule): readonly (Operand | Mask)[] {
  switch (rule.kind) {
    case "state":
    case "time":
    case "output":
    case "total":
      return [];
    case "add":
    case "sub":
    case "mul":
    case "quotient":
      return [rule.a, rule.b];
    case "neg":
    case "square":
    case "root":
      return [rule.a];
    case "scale":
      return [rule.a, rule.by];
    case "over":
      return [rule.a, rule.by, rule.inverse];
    case "choose":
      return [rule.mask, rule.a, rule.b];
    case "power":
      return [rule.a, rule.exponent, rule.next];
    case "chain":
    case "ratio":
      return [rule.a, rule.g];
  }
}

/** How a step keeps the coefficients of series that its sums read: as they are, or times their number. */
export function historiesOf(series: Series): { plain: Series[]; weighted: Series[] } {
  const { rule } = series;
  const real = (node: Operand): Series[] => (node.kind === "series" ? [node] : []);
  switch (rule.kind) {
    case "mul":
      return { plain: [rule.a, rule.b], weighted: [] };
    case "square":
      return { plain: [rule.a], weighted: [] };
    case "quotient":
      return { plain: [rule.b, series], weighted: [] };
    case "root":
      return { plain: [series], weighted: [] };
    case "power":
      return { plain: [rule.a, series], weighted: [series] };
    case "chain":
      return { plain: real(rule.g), weighted: [rule.a] };
    case "ratio":
      return { plain: [rule.g], weighted: [series] };
    default:
      return { plain: [], weighted: [] };
  }
}

/** Everything that a step reads. */
export function nodesOf(step: Step): readonly (Operand | Mask)[] {
  switch (step.kind) {
    case "series": {
      const own = operandsOf(step.rule);
      return step.initial && step.initial !== "zero" ? [...own, ...step.initial.args] : own;
    }
    case "mask":
      return step.args;
    default:
      return [step.value];
  }
}

/** The series that effects depend on beyond their first coefficient. */
export function liveSeries({ segments }: SeriesProgram): Set<Series> {
  const live = new Set<Series>();
  const pending: Series[] = [];
  const need = (node: Operand | Mask): void => {
    if (node.kind !== "series" || live.has(node)) return;
    live.add(node);
    pending.push(node);
  };
  for (const { steps } of segments) {
    for (const step of steps) {
      if (step.kind !== "series" && step.kind !== "mask") need(step.value);
      if (step.kind === "accumulate") need(step.total);
    }
  }
  for (let next = pending.pop(); next; next = pending.pop()) operandsOf(next.rule).forEach(need);
  return live;
}
