import type { GraphNode, NodeOf } from "../../graph/graph.ts";
import type { ArrayOp } from "../../graph/ops.ts";
import { type Shape, sameShape } from "../../graph/shape.ts";
import { numberLiteral } from "../names.ts";
import type { TfjsHelper } from "./definitions.ts";

/** What an operation's text may ask of the module that it stands in. */
export interface TfjsContext {
  /** The name of a helper function, which the module will carry. */
  helper(name: TfjsHelper): string;
  /** The name of a constant array. */
  array(node: NodeOf<"data">): string;
  /** The expression of an input. */
  input(name: string): string;
  /** The name of the number of samples. */
  batch(): string;
}

type Emit<K extends ArrayOp> = (node: NodeOf<K>, args: readonly string[], context: TfjsContext) => string;

const call =
  <K extends ArrayOp>(name: string): Emit<K> =>
  (_node, args) =>
    `tf.${name}(${args.join(", ")})`;

const list = (values: readonly (number | string)[]): string => `[${values.join(", ")}]`;
/** A shape to be inferred: -1 stands for the batch. */
const inferred = (shape: Shape): string => list(shape.map((dim) => (dim === "B" ? -1 : dim)));
/** A shape in full. */
const full = (shape: Shape, { batch }: TfjsContext): string => list(shape.map((dim) => (dim === "B" ? batch() : dim)));

const longestLine = 100;
/** Sums of more terms than this are added up by rows: the wasm backend was off by 7e-4 at 5e5 terms, by rows 2e-7. */
const longestSum = 4096;

/** Each operation as an expression of TensorFlow.js, of the texts of its inputs. */
export const tfjsExpressions: { readonly [K in ArrayOp]: Emit<K> } = {
  input: ({ attributes }, _args, context) => context.input(attributes.name),
  const: ({ attributes: { value }, shape }, _args, context) => {
    if (shape.length === 0) return value < 0 ? String(value) : numberLiteral(value);
    return value === 0 ? `tf.zeros(${full(shape, context)})` : `tf.fill(${full(shape, context)}, ${value})`;
  },
  data: (node, _args, context) => {
    const name = context.array(node);
    return node.dtype === "int32" ? name : `tf.tensor(${name}, ${full(node.shape, context)})`;
  },
  neg: call("neg"),
  abs: call("abs"),
  sign: call("sign"),
  exp: call("exp"),
  expm1: call("expm1"),
  log: call("log"),
  log1p: call("log1p"),
  sqrt: call("sqrt"),
  sin: call("sin"),
  cos: call("cos"),
  tan: call("tan"),
  asin: call("asin"),
  acos: call("acos"),
  atan: call("atan"),
  sinh: call("sinh"),
  cosh: call("cosh"),
  tanh: call("tanh"),
  asinh: call("asinh"),
  acosh: call("acosh"),
  atanh: call("atanh"),
  erf: call("erf"),
  sigmoid: call("sigmoid"),
  softplus: call("softplus"),
  add: call("add"),
  sub: call("sub"),
  mul: (node, [a, b]) => (node.inputs[0] === node.inputs[1] ? `tf.square(${a})` : `tf.mul(${a}, ${b})`),
  div: call("div"),
  pow: call("pow"),
  atan2: call("atan2"),
  max: call("maximum"),
  min: call("minimum"),
  less: call("less"),
  lessEqual: call("lessEqual"),
  equal: call("equal"),
  and: call("logicalAnd"),
  or: call("logicalOr"),
  not: call("logicalNot"),
  finite: call("isFinite"),
  where: (node, [condition, a, b], context) => {
    const side = (k: number, text: string) => {
      const { op, shape } = node.inputs[k]!;
      if ((op === "const" && shape.length === 0) || sameShape(shape, node.shape)) return text;
      return `${context.helper("spread")}(${text}, ${full(node.shape, context)})`;
    };
    return `${context.helper("select")}(${condition}, ${side(1, a!)}, ${side(2, b!)})`;
  },
  // transposes stand apart: the wasm backend is 12 times slower when matMul does them
  matmul: ({ inputs, attributes: { transposeA, transposeB } }, [a, b]) => {
    const turned = (text: string, { shape }: GraphNode, isTurned: boolean) => {
      if (!isTurned) return text;
      const axes = shape.map((_, k) => k);
      return `tf.transpose(${text}, ${list([...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!])})`;
    };
    return `tf.matMul(${turned(a!, inputs[0]!, transposeA)}, ${turned(b!, inputs[1]!, transposeB)})`;
  },
  sum: (node, [a], context) => {
    const { axes, keep } = node.attributes;
    const { shape } = node.inputs[0]!;
    const isLong = (axis: number) => shape[axis] !== "B" && (shape[axis] as number) > longestSum;
    if (!axes.some(isLong)) return `tf.sum(${a}, ${axes.length === 1 ? axes[0] : list(axes)}${keep ? ", true" : ""})`;
    let text = a!;
    for (const axis of axes.toSorted((x, y) => y - x)) {
      text = `${isLong(axis) ? context.helper("sumLong") : "tf.sum"}(${text}, ${axis})`;
    }
    return keep ? `tf.reshape(${text}, ${inferred(node.shape)})` : text;
  },
  broadcast: ({ shape }, [a], context) => `${context.helper("spread")}(${a}, ${full(shape, context)})`,
  reshape: ({ shape }, [a]) => `tf.reshape(${a}, ${inferred(shape)})`,
  transpose: ({ attributes: { order } }, [a]) => `tf.transpose(${a}, ${list(order)})`,
  slice: ({ shape, attributes: { axis, start } }, [a]) => {
    const begin = shape.map((_, k) => (k === axis ? start : 0));
    return `tf.slice(${a}, ${list(begin)}, ${inferred(shape)})`;
  },
  pad: ({ shape, attributes: { axis, before, after } }, [a]) =>
    `tf.pad(${a}, ${list(shape.map((_, k) => (k === axis ? `[${before}, ${after}]` : "[0, 0]")))})`,
  concat: ({ attributes: { axis } }, args) => {
    const line = `tf.concat(${list(args)}, ${axis})`;
    return line.length <= longestLine ? line : `tf.concat([\n      ${args.join(",\n      ")},\n    ], ${axis})`;
  },
  gather: ({ attributes: { axis } }, [a, index], context) => `${context.helper("gather")}(${a}, ${index}, ${axis})`,
  scatterAdd: ({ attributes: { axis, length } }, [a, index], context) =>
    `${context.helper("scatterAdd")}(${a}, ${index}, ${axis}, ${length})`,
};
