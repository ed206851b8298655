/**
 * The closed vocabulary of array programs. Everything said about an operation — gradient, evaluation, each engine —
 * is a `PerGraphOp<…>` table, so that a row added here makes the type checker point at every missing rule.
 */

/** Real in, real out, element by element. */
export const unaryOps = [
  "neg",
  "abs",
  "sign",
  "exp",
  "expm1",
  "log",
  "log1p",
  "sqrt",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "acosh",
  "atanh",
  "erf",
  "sigmoid",
  "softplus",
] as const;

/** Two reals in, one real out; shapes broadcast. */
export const binaryOps = ["add", "sub", "mul", "div", "pow", "atan2", "max", "min"] as const;

/** Two reals in, a truth value out; shapes broadcast. */
export const comparisonOps = ["less", "lessEqual", "equal"] as const;

/** Truth values in and out; shapes broadcast. */
export const logicOps = ["and", "or", "not"] as const;

export type UnaryGraphOp = (typeof unaryOps)[number];
export type BinaryGraphOp = (typeof binaryOps)[number];
export type ComparisonOp = (typeof comparisonOps)[number];
export type LogicOp = (typeof logicOps)[number];
export type ElementwiseOp = UnaryGraphOp | BinaryGraphOp | ComparisonOp | LogicOp;

/** Leaves, and operations that are not element-wise; `graph.ts` says what each carries besides its inputs. */
export const arrayOps = [
  "input",
  "const",
  "data",
  "finite",
  "where",
  "matmul",
  "sum",
  "broadcast",
  "reshape",
  "transpose",
  "slice",
  "pad",
  "concat",
  "gather",
  "scatterAdd",
] as const;

/** A loop, and one of the arrays that a loop gives: they run other operations, and `scan.ts` is all about them. */
export const loopOps = ["scan", "item"] as const;

/** An operation that takes arrays and gives one. */
export type ArrayOp = ElementwiseOp | (typeof arrayOps)[number];
export type LoopOp = (typeof loopOps)[number];
export type GraphOp = ArrayOp | LoopOp;

/** A total table over the operations, loops apart. */
export type PerGraphOp<T> = { readonly [K in ArrayOp]: T };

const elementwise: ReadonlySet<string> = new Set([...unaryOps, ...binaryOps, ...comparisonOps, ...logicOps]);

export function isElementwise(op: GraphOp): op is ElementwiseOp {
  return elementwise.has(op);
}
