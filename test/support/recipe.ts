import { affine, affineIndex, freshIndex, type Index } from "../../src/expr/affine.ts";
import {
  and,
  apply,
  call,
  constant,
  element,
  indexValue,
  lessEqual,
  one,
  select,
  symbol,
} from "../../src/expr/build.ts";
import { meanings, type Values } from "../../src/expr/evaluate.ts";
import { type Edge, type Expr, makeApply, type VectorSymbol } from "../../src/expr/expr.ts";
import type { Op } from "../../src/expr/ops.ts";
import { reduce } from "../../src/expr/reduce.ts";

/**
 * How to build an expression, apart from any representation: a plain tree, from which a test makes nodes in several
 * ways, and whose value it computes on a road of its own.
 */
export type Recipe =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "scalar"; readonly name: string }
  | {
      readonly kind: "entry";
      readonly vector: keyof typeof vectors;
      readonly at: readonly RecipeIndex[];
      readonly edge: Edge;
    }
  | { readonly kind: "index"; readonly binder: number }
  | { readonly kind: "op"; readonly op: Op; readonly args: readonly Recipe[] }
  | {
      readonly kind: "unknown";
      readonly name: "V" | "W";
      readonly orders: readonly number[];
      readonly args: readonly Recipe[];
    }
  | {
      readonly kind: "reduce";
      readonly op: "sum" | "prod";
      /** `all` is 1..3, `after` starts one past the index around it, `others` leaves that index out. */
      readonly range: "all" | "after" | "others";
      readonly body: Recipe;
    };

/** One index of an entry: that of a binder around it (0 is the innermost) plus a shift, or a fixed place. */
export interface RecipeIndex {
  readonly binder: number;
  readonly shift: number;
  readonly fixed: number;
}

/** Every index runs over 1 … 3. */
export const length = 3;

/** What stands past the ends of an array that is read with clamped indices. */
const boundary = "x";

/** The arrays that recipes name. */
export const vectors = {
  u: { name: "u", shape: [length] },
  w: { name: "w", shape: [length, 2] },
  k: { name: "k", shape: [length] },
} as const satisfies Record<string, VectorSymbol>;

// ── as an expression ────────────────────────────────────────────────────────────────────────────────────────────────

/** How the nodes of a recipe are made. */
export type Make = (op: Op, args: readonly Expr[]) => Expr;
/** With the folding constructors. */
export const folding: Make = apply;
/** As it stands. */
export const plain: Make = makeApply;

/** Builds a recipe; sums and products go through `reduce` either way. Recursive: recipes are shallow. */
export function build(recipe: Recipe, make: Make = folding, binders: readonly Index[] = []): Expr {
  switch (recipe.kind) {
    case "number":
      return constant(recipe.value);
    case "scalar":
      return symbol(recipe.name);
    case "index":
      return binders.length === 0 ? constant(recipe.binder) : indexValue(affineIndex(pick(binders, recipe.binder)));
    case "entry":
      return buildEntry(recipe, binders);
    case "op":
      return make(
        recipe.op,
        recipe.args.map((arg) => build(arg, make, binders)),
      );
    case "unknown":
      return call(
        recipe.name,
        recipe.args.map((arg) => build(arg, make, binders)),
        recipe.orders,
      );
    case "reduce": {
      const index = freshIndex("i");
      const outer = binders.at(-1);
      const range = {
        lo: recipe.range === "after" && outer ? affine(1, [{ index: outer, factor: 1 }]) : affine(1),
        hi: affine(length),
        except: recipe.range === "others" && outer ? [affineIndex(outer)] : [],
      };
      return reduce(recipe.op, index, range, build(recipe.body, make, [...binders, index]));
    }
  }
}

function buildEntry({ vector, at, edge }: Extract<Recipe, { kind: "entry" }>, binders: readonly Index[]): Expr {
  const symbolOf: VectorSymbol = vectors[vector];
  const places = symbolOf.shape.map((size, axis) => {
    const { binder, shift, fixed } = at[axis]!;
    if (axis > 0 || binders.length === 0) return affine(((fixed - 1) % size) + 1);
    return affine(edge === "exact" ? 0 : shift, [{ index: pick(binders, binder), factor: 1 }]);
  });
  const read = element(symbolOf, places, edge);
  if (edge !== "clamp" || binders.length === 0) return read;
  const place = indexValue(places[0]!);
  return select(and(lessEqual(one, place), lessEqual(place, constant(length))), read, symbol(boundary));
}

const pick = <T>(binders: readonly T[], binder: number): T => binders[binders.length - 1 - (binder % binders.length)]!;

// ── as a number ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** A value computed straight from the recipe, with every operation's result passed through `round`. */
export function recipeValue(recipe: Recipe, values: Values, round: (x: number) => number = (x) => x): number {
  return new Oracle(values, round).value(recipe, []);
}

/** An intermediate value at which a formula is not worth comparing: undefined, or of absurd size. */
export class Undefined extends Error {}

class Oracle {
  readonly #values: Values;
  readonly #round: (x: number) => number;

  constructor(values: Values, round: (x: number) => number) {
    this.#values = values;
    this.#round = round;
  }

  value(recipe: Recipe, indices: readonly number[]): number {
    switch (recipe.kind) {
      case "number":
        return recipe.value;
      case "scalar":
        return this.#values[recipe.name] as number;
      case "index":
        return indices.length === 0 ? recipe.binder : pick(indices, recipe.binder);
      case "entry":
        return this.#entry(recipe, indices);
      case "op":
        return this.#op(recipe.op, recipe.args, indices);
      case "unknown": {
        const bound = this.#values[recipe.name] as (args: readonly number[], orders: readonly number[]) => number;
        return this.#defined(
          bound(
            recipe.args.map((arg) => this.value(arg, indices)),
            recipe.orders,
          ),
        );
      }
      case "reduce": {
        let total = recipe.op === "sum" ? 0 : 1;
        const outer = indices.at(-1);
        for (let i = recipe.range === "after" && outer !== undefined ? outer + 1 : 1; i <= length; i++) {
          if (recipe.range === "others" && i === outer) continue;
          const term = this.value(recipe.body, [...indices, i]);
          total = this.#defined(recipe.op === "sum" ? total + term : total * term);
        }
        return total;
      }
    }
  }

  /** Only the branch that is taken is looked at. */
  #op(op: Op, args: readonly Recipe[], indices: readonly number[]): number {
    if (op === "select") return this.value(args[this.value(args[0]!, indices) === 1 ? 1 : 2]!, indices);
    const [a, b] = args.map((arg) => this.value(arg, indices));
    // The side of the cut depends on the sign of a zero, which formulas do not keep.
    if (op === "atan2" && a === 0) throw new Undefined();
    return this.#defined(meanings[op](a!, b ?? 0, 0));
  }

  #entry({ vector, at, edge }: Extract<Recipe, { kind: "entry" }>, indices: readonly number[]): number {
    const { name, shape }: VectorSymbol = vectors[vector];
    let place = 0;
    shape.forEach((size, axis) => {
      const { binder, shift, fixed } = at[axis]!;
      let k = (fixed - 1) % size;
      if (axis === 0 && indices.length > 0) {
        k = pick(indices, binder) - 1 + (edge === "exact" ? 0 : shift);
        if (edge === "ring") k = (k + size) % size;
      }
      place = k < 0 || k >= size ? Number.NaN : place * size + k;
    });
    if (Number.isNaN(place)) return this.#values[boundary] as number;
    return (this.#values[name] as ArrayLike<number>)[place]!;
  }

  #defined(value: number): number {
    if (!(Math.abs(value) < 1e60)) throw new Undefined();
    return this.#round(value);
  }
}

/**
 * What a recipe's value is and by how much rounding may move it: the spread of values whose operations were each
 * disturbed by 1e-9, scaled down to `ulps` units of 2⁻⁵². Undefined where an intermediate value is not finite.
 */
export function valueAndSpread(
  recipe: Recipe,
  values: Values,
  random: () => number,
  ulps: number,
): { readonly value: number; readonly spread: number } | undefined {
  const size = 1e-9;
  try {
    const value = recipeValue(recipe, values);
    let spread = 0;
    for (let run = 0; run < 4; run++) {
      const moved = recipeValue(recipe, values, (x) => x * (1 + size * (random() < 0.5 ? -1 : 1)));
      spread = Math.max(spread, Math.abs(moved - value));
    }
    // The four runs bound the effect of independent roundings to within a small factor; 4 is that factor.
    return { value, spread: 4 * (spread / size) * ulps * 2 ** -52 + ulps * 2 ** -52 * Math.abs(value) };
  } catch (error) {
    if (error instanceof Undefined) return undefined;
    throw error;
  }
}
