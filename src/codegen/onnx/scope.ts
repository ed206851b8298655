import type { GraphNode, Precision } from "../../graph/graph.ts";
import { type Shape, shapeError } from "../../graph/shape.ts";
import { type AttributeValue, type ElementType, node, tensor, type ValueParts } from "./format.ts";
import type { MessageWriter } from "./wire.ts";

/** What all scopes of one model share. */
export interface Emission {
  readonly precision: Precision;
  /** The number of samples, where it is known when the model is written. */
  readonly batch: number | undefined;
  /** The name of an input with the batch as its first axis, to take the number of samples from where it is not known. */
  readonly batchInput: string | undefined;
  /** A name that no other value has. */
  fresh(): string;
}

/** @param batchInput see `Emission` */
export function emission(precision: Precision, batch: number | undefined, batchInput: string | undefined): Emission {
  let count = 0;
  // inputs and outputs have names of letters, so these cannot meet them
  return { precision, batch, batchInput, fresh: () => `%${++count}` };
}

export function elementType({ dtype }: GraphNode, precision: Precision): ElementType {
  if (dtype === "tuple") throw shapeError("a tuple is no array");
  return dtype === "real" ? precision : dtype;
}

/** The nodes and initializers of one ONNX graph, as they are written. */
export interface Sheet {
  readonly nodes: MessageWriter[];
  readonly initializers: MessageWriter[];
}

/**
 * Where nodes of an ONNX graph are written, and the names of the values of ours there. A scope inside another (the body
 * of a loop) sees the names around it.
 */
export class Scope {
  readonly emission: Emission;
  readonly sheet: Sheet;
  readonly #around: Scope | undefined;
  readonly #names = new Map<GraphNode, string>();
  readonly #constants = new Map<string, string>();
  readonly #made = new Set<string>();

  /** @param sheet another scope's, where this one writes beside it but names values of its own */
  constructor(emission: Emission, around?: Scope, sheet: Sheet = { nodes: [], initializers: [] }) {
    this.emission = emission;
    this.sheet = sheet;
    this.#around = around;
  }

  /** The name of a value that has been written here or around. */
  known(node: GraphNode): string | undefined {
    return this.#names.get(node) ?? this.#around?.known(node);
  }

  name(node: GraphNode, name: string): void {
    this.#names.set(node, name);
  }

  /** Adds an ONNX node with one output, or with as many as named; answers the first one's name. */
  add(
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, AttributeValue>>,
    outputs: readonly string[] = [this.emission.fresh()],
  ): string {
    this.sheet.nodes.push(node({ op, inputs, outputs, attributes }));
    for (const name of outputs) this.#made.add(name);
    return outputs[0]!;
  }

  /** Whether an operation of this scope gives this value, so that no other can be meant. */
  made(name: string): boolean {
    return this.#made.has(name);
  }

  /** A constant array. */
  constant(type: ElementType, dims: readonly number[], values: ArrayLike<number>): string {
    const key = values.length > 64 ? undefined : `${type}|${dims}|${Array.from(values, exactly)}`;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.emission.fresh();
    this.sheet.initializers.push(tensor(name, type, dims, values));
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  /** A constant vector of int64, which is what operators want as shapes, axes and places. */
  integers(values: readonly number[]): string {
    return this.constant("int64", [values.length], values);
  }

  /** A constant real number. */
  real(value: number, dims: readonly number[] = []): string {
    return this.constant(this.emission.precision, dims, [value]);
  }

  /** A shape as a value. */
  shape(shape: Shape): string {
    const { batch, batchInput } = this.emission;
    if (shape[0] !== "B") return this.integers(shape as number[]);
    const rest = shape.slice(1) as number[];
    if (batch !== undefined) return this.integers([batch, ...rest]);
    if (batchInput === undefined) throw shapeError("nothing tells the number of samples");
    const samples = this.add("Shape", [batchInput], { start: 0, end: 1 });
    return rest.length === 0 ? samples : this.add("Concat", [samples, this.integers(rest)], { axis: 0 });
  }

  /** The description of a value as an input or output of a graph. */
  parts(node: GraphNode, name: string): ValueParts {
    const { batch = "B", precision } = this.emission;
    return {
      name,
      type: elementType(node, precision),
      shape: node.shape.map((dim) => (dim === "B" ? batch : dim)),
    };
  }
}

/** −0 and NaN are numbers of their own. */
function exactly(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
