import type { GraphNode, NodeOf, Precision } from "../../graph/graph.ts";
import type { ElementwiseOp } from "../../graph/ops.ts";
import * as expanded from "./expansions.ts";

/** An operation out of others, of the same arguments. */
export type Expansion = (...inputs: GraphNode[]) => GraphNode;

/** The ONNX operator of the same meaning, or an expansion. */
export type ElementwiseRule = string | Expansion;

const both = (rule: ElementwiseRule): Rules => ({ f32: rule, f64: rule });

type Rules = { readonly [K in Precision]: ElementwiseRule };

/**
 * How each element-wise operation is written. ONNX Runtime 1.30 has no f64 kernels on the CPU for Tan, Asin, Acos, Atan,
 * Sinh, Cosh, Asinh, Acosh, Atanh, Erf; ONNX itself has no log1p, expm1, atan2.
 */
export const elementwiseRules: { readonly [K in ElementwiseOp | "finite"]: Rules } = {
  neg: both("Neg"),
  abs: both("Abs"),
  sign: both("Sign"),
  exp: both("Exp"),
  expm1: both(expanded.expm1),
  log: both("Log"),
  log1p: both(expanded.log1p),
  sqrt: both("Sqrt"),
  sin: both("Sin"),
  cos: both("Cos"),
  tan: { f32: "Tan", f64: expanded.tan },
  asin: { f32: "Asin", f64: expanded.asin },
  acos: { f32: "Acos", f64: expanded.acos },
  atan: { f32: "Atan", f64: expanded.atan },
  sinh: { f32: "Sinh", f64: expanded.sinh },
  cosh: { f32: "Cosh", f64: expanded.cosh },
  tanh: both("Tanh"),
  asinh: { f32: "Asinh", f64: expanded.asinh },
  acosh: { f32: "Acosh", f64: expanded.acosh },
  atanh: { f32: "Atanh", f64: expanded.atanh },
  erf: { f32: "Erf", f64: expanded.erf },
  sigmoid: both(expanded.sigmoid),
  softplus: { f32: "Softplus", f64: expanded.softplus },
  add: both("Add"),
  sub: both("Sub"),
  mul: both("Mul"),
  div: both("Div"),
  pow: both("Pow"),
  atan2: both(expanded.atan2),
  max: both("Max"),
  min: both("Min"),
  less: both("Less"),
  lessEqual: both("LessOrEqual"),
  equal: both("Equal"),
  and: both("And"),
  or: both("Or"),
  not: both("Not"),
  finite: both(expanded.finite),
};

/** The expansion of a node, made in its own graph; undefined where ONNX has the operation. */
export function expansionOf(node: GraphNode, precision: Precision): GraphNode | undefined {
  const rule = Object.hasOwn(elementwiseRules, node.op)
    ? elementwiseRules[node.op as keyof typeof elementwiseRules][precision]
    : "";
  return typeof rule === "string" ? undefined : rule(...(node as NodeOf<"add">).inputs);
}
