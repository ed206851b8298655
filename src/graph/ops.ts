import type { DataSource } from "./domain.ts";
import type { Shape } from "./shape.ts";

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

/** What the operations that are not element-wise functions of their inputs carry besides them. */
export interface GraphOpAttributes {
  /** A value that is fed in; equal names are one leaf. */
  input: { readonly name: string };
  /** The same number everywhere. */
  const: { readonly value: number };
  /** Numbers fixed when the graph was built. */
  data: { readonly source: DataSource };
  /** Whether a real is neither infinite nor NaN. */
  finite: null;
  /** where(condition, a, b). */
  where: null;
  /** The last two axes are multiplied, the axes before them broadcast. */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  sum: { readonly axes: readonly number[]; readonly keep: boolean };
  broadcast: { readonly shape: Shape };
  reshape: { readonly shape: Shape };
  /** Axis k of the result is axis `order[k]` of the input. */
  transpose: { readonly order: readonly number[] };
  /** Entries `start … end−1` along the axis. */
  slice: { readonly axis: number; readonly start: number; readonly end: number };
  /** Zeros before and after, along the axis. */
  pad: { readonly axis: number; readonly before: number; readonly after: number };
  concat: { readonly axis: number };
  /** gather(x, index)[…, m, …] = x[…, index[m], …] along the axis. */
  gather: { readonly axis: number };
  /** scatterAdd(x, index)[…, n, …] = Σ over m with index[m] = n of x[…, m, …]; the transpose of gather. */
  scatterAdd: { readonly axis: number; readonly length: number };
}

export type GraphOp = ElementwiseOp | keyof GraphOpAttributes;

/** A total table over the operations. */
export type PerGraphOp<T> = { readonly [K in GraphOp]: T };

export type AttributesOf<K extends GraphOp> = K extends keyof GraphOpAttributes ? GraphOpAttributes[K] : null;

const elementwise: ReadonlySet<string> = new Set([...unaryOps, ...binaryOps, ...comparisonOps, ...logicOps]);

export function isElementwise(op: GraphOp): op is ElementwiseOp {
  return elementwise.has(op);
}
