import type { Op } from "../../expr/ops.ts";
import type { Integer } from "../program.ts";
import type { TaylorLayout } from "./layout.ts";
import { type Mask, nodesOf, type Operand, operandsOf, type Series, type SeriesProgram, type Step } from "./series.ts";

/** Elementary functions are written in place up to this many times. */
const mostInlined = 2;

/** How many sums over j a step takes. */
export function sumsOf({ rule }: Series): number {
  switch (rule.kind) {
    case "mul":
    case "quotient":
    case "chain":
    case "ratio":
      return 1;
    case "square":
    case "root":
      return 0.5;
    case "power":
      return 2;
    default:
      return 0.1;
  }
}

export function isState({ rule }: Series): boolean {
  return rule.kind === "state";
}

export const stateOffset = ({ rule }: Series): number => (rule as { at: Integer }).at.offset;

/** A square of an entry of the state, or its product with something else. */
export function stateFactor({ rule }: Series): { entry: Series; factor: Series | undefined } | undefined {
  if (rule.kind === "square") return isState(rule.a) ? { entry: rule.a, factor: undefined } : undefined;
  if (rule.kind !== "mul") return undefined;
  if (isState(rule.a) && !isState(rule.b)) return { entry: rule.a, factor: rule.b };
  return isState(rule.b) && !isState(rule.a) ? { entry: rule.b, factor: rule.a } : undefined;
}

/** Pairs of products in the outermost block, x·a and y·a or x² and y², x and y being neighbours in the state. */
export function partners({ segments }: SeriesProgram, { live }: TaylorLayout): ReadonlyMap<Series, Series> {
  const found = new Map<Series, Series>();
  for (const { block, steps } of segments) {
    if (block.id !== 0) continue;
    const waiting = new Map<string, Series>();
    const taken = new Set<Series>();
    for (const step of steps) {
      if (step.kind !== "series" || !live.has(step)) continue;
      const product = stateFactor(step);
      if (!product) continue;
      const offset = stateOffset(product.entry);
      const id = product.factor?.id ?? "square";
      const first = waiting.get(`${id} ${offset - 1}`);
      if (first && !taken.has(first)) {
        found.set(first, step);
        taken.add(first).add(step);
      } else waiting.set(`${id} ${offset}`, step);
    }
  }
  return found;
}

/** The operations that occur seldom enough to be written in place. */
export function inlined(steps: readonly Step[]): ReadonlySet<Op | "sincos"> {
  const counts = new Map<Op | "sincos", number>();
  const args = new Set<Operand>();
  for (const step of steps) {
    if (step.kind !== "series" || !step.initial || step.initial === "zero") continue;
    const { op } = step.initial;
    const isPair = op === "sin" || op === "cos";
    if (isPair && args.has(step.initial.args[0]!)) continue;
    if (isPair) args.add(step.initial.args[0]!);
    const name = isPair ? "sincos" : op;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count <= mostInlined).map(([op]) => op));
}

/** The steps that the coefficients of watches depend on, the masks excepted: those are known. */
export function neededForWatches({ segments }: SeriesProgram): ReadonlySet<Step> {
  const needed = new Set<Step>();
  const pending: (Operand | Mask)[] = [];
  const steps = segments.flatMap((segment) => segment.steps);
  for (const step of steps) {
    if (step.kind !== "watch") continue;
    needed.add(step);
    pending.push(step.value);
  }
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind !== "series" || needed.has(next)) continue;
    needed.add(next);
    pending.push(...operandsOf(next.rule));
    for (const step of steps) {
      if (step.kind !== "accumulate" || step.total !== next) continue;
      needed.add(step);
      pending.push(...nodesOf(step));
    }
  }
  return needed;
}

/** Several products with one factor. */
export interface ProductGroup {
  readonly factor: Series;
  readonly products: readonly { readonly product: Series; readonly other: Series }[];
}

/** Products of inner blocks with a factor in common, whose other factors are known when the first is written. */
export function productGroups({ segments }: SeriesProgram, { live }: TaylorLayout): ReadonlyMap<Series, ProductGroup> {
  const found = new Map<Series, ProductGroup>();
  for (const { block, steps } of segments) {
    if (block.id === 0) continue;
    const places = new Map(steps.map((step, place) => [step, place] as const));
    const byFactor = new Map<Series, { product: Series; other: Series }[]>();
    for (const step of steps) {
      if (step.kind !== "series" || step.rule.kind !== "mul" || !live.has(step)) continue;
      const { a, b } = step.rule;
      // the factor that others share stands on the left where a gradient made them
      const group = byFactor.get(a) ?? [];
      const start = places.get(group[0]?.product ?? step)!;
      if ((places.get(b) ?? 0) < start) byFactor.set(a, [...group, { product: step, other: b }]);
    }
    for (const [factor, products] of byFactor) {
      if (products.length > 1) found.set(products[0]!.product, { factor, products });
    }
  }
  return found;
}
