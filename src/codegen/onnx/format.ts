import { MessageWriter } from "./wire.ts";

/**
 * The messages of an ONNX model (onnx.proto3 of ONNX 1.13), as far as we use them. IR version 8 and operator set 18:
 * newer sets lose kernels for f64 in ONNX Runtime, older ones lack what we need.
 */
const irVersion = 8;
const operatorSet = 18;

/** Element types by their numbers in TensorProto.DataType. */
export const elementTypes = { f32: 1, int32: 6, int64: 7, bool: 9, f64: 11 } as const;

export type ElementType = keyof typeof elementTypes;

const arrays = {
  f32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  f64: Float64Array,
} as const;

/** A named constant array. */
export function tensor(
  name: string,
  type: ElementType,
  dims: readonly number[],
  values: ArrayLike<number>,
): MessageWriter {
  const made = new MessageWriter();
  for (const dim of dims) made.integer(1, dim);
  const raw = type === "int64" ? BigInt64Array.from(values, BigInt) : arrays[type].from(values);
  return made.integer(2, elementTypes[type]).text(8, name).bytes(9, new Uint8Array(raw.buffer));
}

/** What an attribute of a node may be. */
export type AttributeValue = number | string | readonly number[] | MessageWriter;

const attributeTypes = { integer: 2, text: 3, graph: 5, integers: 7 } as const;

/** Whole numbers, texts and graphs. */
export function attribute(name: string, value: AttributeValue): MessageWriter {
  const made = new MessageWriter().text(1, name);
  if (typeof value === "number") return made.integer(3, value).integer(20, attributeTypes.integer);
  if (typeof value === "string") return made.text(4, value).integer(20, attributeTypes.text);
  if (value instanceof MessageWriter) return made.message(6, value).integer(20, attributeTypes.graph);
  for (const each of value) made.integer(8, each);
  return made.integer(20, attributeTypes.integers);
}

/** One operation. */
export interface NodeParts {
  readonly op: string;
  /** Names; an empty one leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>> | undefined;
}

export function node({ op, inputs, outputs, attributes = {} }: NodeParts): MessageWriter {
  const made = new MessageWriter();
  for (const name of inputs) made.text(1, name);
  for (const name of outputs) made.text(2, name);
  made.text(4, op);
  for (const [name, value] of Object.entries(attributes)) made.message(5, attribute(name, value));
  return made;
}

/** An input or output of a graph; a dimension that is a text is a symbol. */
export interface ValueParts {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

export function value({ name, type, shape }: ValueParts): MessageWriter {
  const dims = new MessageWriter();
  for (const dim of shape) {
    const made = new MessageWriter();
    dims.message(1, typeof dim === "string" ? made.text(2, dim) : made.integer(1, dim));
  }
  const tensorType = new MessageWriter().integer(1, elementTypes[type]).message(2, dims);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensorType));
}

/** What a graph is made of; an input with an initializer of its name may be left out when the model is run. */
export interface GraphParts {
  readonly name: string;
  readonly nodes: readonly MessageWriter[];
  readonly initializers: readonly MessageWriter[];
  readonly inputs: readonly ValueParts[];
  readonly outputs: readonly ValueParts[];
}

export function graph({ name, nodes, initializers, inputs, outputs }: GraphParts): MessageWriter {
  const made = new MessageWriter();
  for (const each of nodes) made.message(1, each);
  made.text(2, name);
  for (const each of initializers) made.message(5, each);
  for (const each of inputs) made.message(11, value(each));
  for (const each of outputs) made.message(12, value(each));
  return made;
}

/** A whole model. */
export function model(
  main: MessageWriter,
  { version, metadata = {} }: { readonly version: string; readonly metadata?: Readonly<Record<string, string>> },
): Uint8Array<ArrayBuffer> {
  const made = new MessageWriter().integer(1, irVersion).text(2, "hnnc").text(3, version).message(7, main);
  made.message(8, new MessageWriter().text(1, "").integer(2, operatorSet));
  for (const [key, text] of Object.entries(metadata)) {
    made.message(14, new MessageWriter().text(1, key).text(2, text));
  }
  return made.finish();
}
