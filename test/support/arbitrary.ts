import fc from "fast-check";
import type { Values } from "../../src/expr/evaluate.ts";
import type { Edge } from "../../src/expr/expr.ts";
import { type Op, opNames, ops } from "../../src/expr/ops.ts";
import { length, type Recipe, type RecipeIndex } from "./recipe.ts";

/** What random expressions may hold beyond numbers, scalars and operations. */
export interface ArbitraryOptions {
  /** Names of scalars. Default x y a. */
  readonly scalars?: readonly string[];
  /** Operations with a real result. Default all but `select`. */
  readonly operations?: readonly Op[];
  /** Indexed sums and products, and array elements. Default true. */
  readonly sums?: boolean;
  /** Array elements that are read past the ends, on a ring or with a boundary. Default true. */
  readonly edges?: boolean;
  /** Conditions. Default true. */
  readonly conditions?: boolean;
  /** Calls of unknown functions. Default false. */
  readonly unknown?: boolean;
  /** Nesting depth. Default 5. */
  readonly depth?: number;
}

const realOperations = opNames.filter((op) => ops[op].result === "real" && op !== "select");
/** The operations whose every result is the correctly rounded one. */
export const exactOperations: readonly Op[] = ["neg", "abs", "add", "sub", "mul", "div", "sqrt", "min", "max"];
/** Those that occur in nearly every formula come up more often. */
const common: readonly Op[] = ["add", "sub", "mul", "mul", "div", "neg", "pow"];

const recipeIndex: fc.Arbitrary<RecipeIndex> = fc.record({
  binder: fc.nat(2),
  shift: fc.constantFrom(-1, 0, 1),
  fixed: fc.integer({ min: 1, max: length }),
});

const number: fc.Arbitrary<Recipe> = fc
  .oneof(
    { arbitrary: fc.integer({ min: -3, max: 4 }), weight: 4 },
    { arbitrary: fc.constantFrom(0.5, 0.25, -1.5, 0.1, Math.PI), weight: 2 },
    { arbitrary: fc.double({ min: -8, max: 8, noNaN: true, noDefaultInfinity: true }), weight: 1 },
  )
  .map((value) => ({ kind: "number", value: Math.abs(value) < 1e-9 ? 0 : value }) as const);

const entryWith = (...edges: Edge[]): fc.Arbitrary<Recipe> =>
  fc.record({
    kind: fc.constant("entry" as const),
    vector: fc.constantFrom("u", "u", "w", "k"),
    at: fc.tuple(recipeIndex, recipeIndex),
    edge: fc.constantFrom(...edges),
  });

/** A random expression with a real value. Fixed seeds are the caller's. */
export function arbitraryRecipe(options: ArbitraryOptions = {}): fc.Arbitrary<Recipe> {
  const {
    scalars = ["x", "y", "a"],
    sums = true,
    edges = true,
    conditions = true,
    unknown = false,
    depth = 5,
  } = options;
  const operations = options.operations ?? realOperations;
  const frequent = common.filter((op) => operations.includes(op));
  const entry = edges ? entryWith("exact", "exact", "ring", "clamp") : entryWith("exact");
  const scalar = fc.constantFrom(...scalars).map((name) => ({ kind: "scalar", name }) as const);
  const { real } = fc.letrec<{ real: Recipe; truth: Recipe }>((tie) => {
    const applied = (names: readonly Op[]) =>
      fc
        .constantFrom(...names)
        .chain((op) =>
          fc
            .tuple(...ops[op].args.map((sort) => (sort === "bool" ? tie("truth") : tie("real"))))
            .map((args) => ({ kind: "op", op, args }) as const),
        );
    const reduced = fc.record({
      kind: fc.constant("reduce" as const),
      op: fc.constantFrom("sum", "sum", "sum", "prod"),
      range: fc.constantFrom("all", "all", "after", "others"),
      body: tie("real"),
    });
    return {
      real: fc.oneof(
        { maxDepth: depth, depthSize: "max" },
        { arbitrary: scalar, weight: 4 },
        { arbitrary: number, weight: 2 },
        ...(sums ? [{ arbitrary: entry, weight: 4 }] : []),
        ...(sums ? [{ arbitrary: fc.nat(2).map((binder) => ({ kind: "index", binder }) as const), weight: 1 }] : []),
        { arbitrary: applied(operations), weight: 12 },
        ...(frequent.length > 0 ? [{ arbitrary: applied(frequent), weight: 14 }] : []),
        ...(sums ? [{ arbitrary: reduced, weight: 6 }] : []),
        ...(conditions ? [{ arbitrary: applied(["select"]), weight: 3 }] : []),
        ...(unknown ? [{ arbitrary: unknownCall(tie("real")), weight: 5 }] : []),
      ),
      truth: fc.oneof(
        { maxDepth: depth, depthSize: "max" },
        { arbitrary: applied(["less", "lessEqual", "equal"]), weight: 3 },
        { arbitrary: applied(["and", "or", "not"]), weight: 1 },
      ),
    };
  });
  return real;
}

function unknownCall(argument: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> {
  const called = (name: "V" | "W", arity: number) =>
    fc.record({
      kind: fc.constant("unknown" as const),
      name: fc.constant(name),
      orders: fc.array(fc.nat(2), { minLength: arity, maxLength: arity }),
      args: fc.array(argument, { minLength: arity, maxLength: arity }),
    });
  return fc.oneof(called("V", 1), called("W", 2));
}

/** The n-th derivative of the cosine. */
const cosine = (v: number, n: number): number => [Math.cos(v), -Math.sin(v), -Math.cos(v), Math.sin(v)][n % 4]!;

/** V(u) = cos(u + 0.3) and W(u, v) = e^(0.3 u) cos v, with all their derivatives. */
export const unknownFunctions = {
  V: ([u]: readonly number[], [n]: readonly number[]): number => cosine(u! + 0.3, n!),
  W: ([u, v]: readonly number[], [m, n]: readonly number[]): number => 0.3 ** m! * Math.exp(0.3 * u!) * cosine(v!, n!),
};

/** Values for everything that a random expression may name. */
export const arbitraryValues = (scalars: readonly string[] = ["x", "y", "a"]): fc.Arbitrary<Values> => {
  const value = fc
    .double({ min: 0.2, max: 1.8, noNaN: true })
    .chain((size) => fc.constantFrom(size, size, size, -size));
  const array = (size: number) => fc.array(value, { minLength: size, maxLength: size });
  return fc
    .tuple(fc.tuple(...scalars.map(() => value)), array(length), array(2 * length), array(length))
    .map(([numbers, u, w, k]) => ({
      ...Object.fromEntries(scalars.map((name, at) => [name, numbers[at]!])),
      u,
      w,
      k,
      ...unknownFunctions,
    }));
};
