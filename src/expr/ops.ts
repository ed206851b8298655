/**
 * The closed vocabulary of operations. This table is the only place where an operation is named; evaluation,
 * differentiation, printing and every target are `PerOp<…>` tables, so that adding a row here makes the type checker
 * point at each rule that is missing.
 */

/** The type of an operation's arguments or result: a real number or a truth value. */
export type Sort = "real" | "bool";

/** Signature of one operation. */
export interface OpInfo {
  readonly args: readonly Sort[];
  readonly result: Sort;
}

const unary = { args: ["real"], result: "real" } as const;
const binary = { args: ["real", "real"], result: "real" } as const;
const compare = { args: ["real", "real"], result: "bool" } as const;
const logic = { args: ["bool", "bool"], result: "bool" } as const;

export const ops = {
  neg: unary,
  abs: unary,
  sign: unary,
  exp: unary,
  expm1: unary,
  log: unary,
  log1p: unary,
  log2: unary,
  log10: unary,
  sqrt: unary,
  cbrt: unary,
  sin: unary,
  cos: unary,
  tan: unary,
  asin: unary,
  acos: unary,
  atan: unary,
  sinh: unary,
  cosh: unary,
  tanh: unary,
  asinh: unary,
  acosh: unary,
  atanh: unary,
  erf: unary,
  sigmoid: unary,
  softplus: unary,
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  pow: binary,
  atan2: binary,
  hypot: binary,
  min: binary,
  max: binary,
  less: compare,
  lessEqual: compare,
  equal: compare,
  and: logic,
  or: logic,
  not: { args: ["bool"], result: "bool" },
  select: { args: ["bool", "real", "real"], result: "real" },
} as const satisfies Record<string, OpInfo>;

export type Op = keyof typeof ops;

/** A total table over the operations: one entry for each, or the build breaks. */
export type PerOp<T> = { readonly [K in Op]: T };

type OpsWhere<Args extends readonly Sort[], Result extends Sort> = {
  [K in Op]: (typeof ops)[K] extends { readonly args: Args; readonly result: Result } ? K : never;
}[Op];

/** Operations of one real argument with a real result. */
export type UnaryOp = OpsWhere<readonly ["real"], "real">;
/** Operations of two real arguments with a real result. */
export type BinaryOp = OpsWhere<readonly ["real", "real"], "real">;

export const opNames = Object.keys(ops) as readonly Op[];
