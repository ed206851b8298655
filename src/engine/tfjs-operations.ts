import type { Tensor } from "@tensorflow/tfjs";
import type { NodeOf } from "../graph/graph.ts";
import type { ArrayOp } from "../graph/ops.ts";
import type { Shape } from "../graph/shape.ts";

/** The API of TensorFlow.js, whichever package it comes from. */
export type Tf = typeof import("@tensorflow/tfjs");

/** What the operations of one run share. */
export interface TfjsRun {
  readonly tf: Tf;
  /** The number of samples. */
  readonly batch: number;
  /** The tensor of a leaf. */
  leaf(node: NodeOf<"input" | "const" | "data">): Tensor;
}

type Rule<K extends ArrayOp> = (node: NodeOf<K>, inputs: readonly Tensor[], run: TfjsRun) => Tensor;

/** The names of operations that TensorFlow.js has under the same meaning. */
type Unary =
  | "neg"
  | "abs"
  | "sign"
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sqrt"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos";
type More = "atan" | "sinh" | "cosh" | "tanh" | "asinh" | "acosh" | "atanh" | "erf" | "sigmoid" | "softplus";
type UnaryName = Unary | More | "isFinite" | "logicalNot";
type Binary = "add" | "sub" | "mul" | "div" | "pow" | "atan2" | "maximum" | "minimum";
type BinaryName = Binary | "less" | "lessEqual" | "equal" | "logicalAnd" | "logicalOr";

const one =
  <K extends ArrayOp>(name: UnaryName): Rule<K> =>
  (_node, [a], { tf }) =>
    tf[name](a!);

const two =
  <K extends ArrayOp>(name: BinaryName): Rule<K> =>
  (_node, [a, b], { tf }) =>
    tf[name](a!, b!);

const leaf = <K extends "input" | "const" | "data">(node: NodeOf<K>, _inputs: unknown, run: TfjsRun): Tensor =>
  run.leaf(node as NodeOf<"input" | "const" | "data">);

const dims = (shape: Shape, { batch }: TfjsRun): number[] => shape.map((dim) => (dim === "B" ? batch : dim));

/** Each operation, run at once. */
export const tfjsOperations: { readonly [K in ArrayOp]: Rule<K> } = {
  input: leaf,
  const: leaf,
  data: leaf,
  neg: one("neg"),
  abs: one("abs"),
  sign: one("sign"),
  exp: one("exp"),
  expm1: one("expm1"),
  log: one("log"),
  log1p: one("log1p"),
  sqrt: one("sqrt"),
  sin: one("sin"),
  cos: one("cos"),
  tan: one("tan"),
  asin: one("asin"),
  acos: one("acos"),
  atan: one("atan"),
  sinh: one("sinh"),
  cosh: one("cosh"),
  tanh: one("tanh"),
  asinh: one("asinh"),
  acosh: one("acosh"),
  atanh: one("atanh"),
  erf: one("erf"),
  sigmoid: one("sigmoid"),
  softplus: one("softplus"),
  add: two("add"),
  sub: two("sub"),
  mul: ({ inputs }, [a, b], { tf }) => (inputs[0] === inputs[1] ? tf.square(a!) : tf.mul(a!, b!)),
  div: two("div"),
  pow: two("pow"),
  atan2: two("atan2"),
  max: two("maximum"),
  min: two("minimum"),
  less: two("less"),
  lessEqual: two("lessEqual"),
  equal: two("equal"),
  and: two("logicalAnd"),
  or: two("logicalOr"),
  not: one("logicalNot"),
  finite: one("isFinite"),
  where: (_node, [condition, a, b], { tf }) => tf.where(condition!, a!, b!),
  // transposes stand apart: the wasm backend is 12 times slower when matMul does them
  matmul: ({ attributes: { transposeA, transposeB } }, [a, b], { tf }) =>
    tf.matMul(transposeA ? turned(tf, a!) : a!, transposeB ? turned(tf, b!) : b!),
  sum: ({ attributes: { axes, keep }, shape }, [a], run) => {
    const long = axes.filter((axis) => a!.shape[axis]! > longestSum);
    if (long.length === 0) return run.tf.sum(a!, [...axes], keep);
    const short = axes.filter((axis) => !long.includes(axis));
    const rest = long.reduce((x, axis) => sumByRows(run.tf, x, axis), a!);
    return run.tf.reshape(run.tf.sum(rest, short, true), dims(shape, run));
  },
  broadcast: ({ shape }, [a], run) => run.tf.broadcastTo(a!, dims(shape, run)),
  reshape: ({ shape }, [a], run) => run.tf.reshape(a!, dims(shape, run)),
  transpose: ({ attributes: { order } }, [a], { tf }) => tf.transpose(a!, [...order]),
  slice: ({ attributes: { axis, start }, shape }, [a], run) =>
    run.tf.slice(
      a!,
      shape.map((_, k) => (k === axis ? start : 0)),
      dims(shape, run),
    ),
  pad: ({ attributes: { axis, before, after }, shape }, [a], { tf }) =>
    tf.pad(
      a!,
      shape.map((_, k): [number, number] => (k === axis ? [before, after] : [0, 0])),
    ),
  concat: ({ attributes: { axis } }, inputs, { tf }) => tf.concat([...inputs], axis),
  gather: ({ attributes: { axis } }, [a, index], { tf }) => tf.gather(a!, index!, axis),
  scatterAdd: ({ attributes: { axis, length } }, [a, index], { tf }) => {
    const order = [axis, ...a!.shape.keys()].filter((k, at) => at === 0 || k !== axis);
    const first = tf.transpose(a!, order);
    const summed = tf.scatterND(tf.reshape(index!, [-1, 1]), first, [length, ...first.shape.slice(1)]);
    return tf.transpose(
      summed,
      order.map((_, k) => order.indexOf(k)),
    );
  },
};

/** Sums of more terms than this are added up by rows: one after the other in f32, they would lose digits. */
const longestSum = 4096;

function sumByRows(tf: Tf, x: Tensor, axis: number): Tensor {
  const length = x.shape[axis]!;
  const width = Math.ceil(Math.sqrt(length));
  const filled = tf.pad(
    x,
    x.shape.map((_, k): [number, number] => [0, k === axis ? width * width - length : 0]),
  );
  const rows = tf.reshape(filled, [...x.shape.slice(0, axis), width, width, ...x.shape.slice(axis + 1)]);
  return tf.expandDims(tf.sum(rows, [axis, axis + 1]), axis);
}

function turned(tf: Tf, x: Tensor): Tensor {
  const order = [...x.shape.keys()];
  return tf.transpose(x, [...order.slice(0, -2), order.at(-1)!, order.at(-2)!]);
}
