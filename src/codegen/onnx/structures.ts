import { materialise } from "../../graph/domain.ts";
import type { GraphNode, NodeOf } from "../../graph/graph.ts";
import type { ArrayOp, ElementwiseOp } from "../../graph/ops.ts";
import { type Shape, sameShape, shapeError } from "../../graph/shape.ts";
import { elementType, type Scope } from "./scope.ts";

type StructureOp = Exclude<ArrayOp, ElementwiseOp | "finite">;
type Rule<K extends StructureOp> = (node: NodeOf<K>, inputs: readonly string[], scope: Scope) => string;

/** A shape in which -1 stands for the number of samples. */
const inferred = (shape: Shape): number[] => shape.map((dim) => (dim === "B" ? -1 : dim));

/** How each operation that is not element-wise is written; answers the name of the result. */
export const structureRules: { readonly [K in StructureOp]: Rule<K> } = {
  input: ({ attributes: { name } }) => {
    throw shapeError(`the input \`${name}\` is not among the model's inputs`);
  },
  const: ({ attributes: { value }, shape }, _inputs, scope) => {
    if (shape.every((dim) => dim === 1)) return scope.real(value, shape as number[]);
    return scope.add("Expand", [scope.real(value), scope.shape(shape)]);
  },
  data: (node, _inputs, scope) =>
    scope.constant(
      elementType(node, scope.emission.precision),
      node.shape as number[],
      materialise(node.attributes.source),
    ),
  where: (_node, inputs, scope) => scope.add("Where", inputs),
  matmul: (node, [a, b], scope) => {
    const { transposeA, transposeB } = node.attributes;
    // not MatMul: ONNX Runtime makes a factor beside it an attribute, which is f32 also where numbers are f64
    if (isPlain(node)) return scope.add("Gemm", [a!, b!], gemmAttributes(node));
    const [left, right] = node.inputs as [GraphNode, GraphNode];
    return scope.add("MatMul", [transposeA ? turned(a!, left, scope) : a!, transposeB ? turned(b!, right, scope) : b!]);
  },
  sum: ({ attributes: { axes, keep } }, [a], scope) =>
    scope.add("ReduceSum", [a!, scope.integers(axes)], { keepdims: keep ? 1 : 0 }),
  broadcast: ({ shape }, [a], scope) => scope.add("Expand", [a!, scope.shape(shape)]),
  reshape: ({ shape }, [a], scope) => scope.add("Reshape", [a!, scope.integers(inferred(shape))]),
  transpose: ({ attributes: { order } }, [a], scope) => scope.add("Transpose", [a!], { perm: order }),
  slice: ({ attributes: { axis, start, end } }, [a], scope) =>
    scope.add("Slice", [a!, scope.integers([start]), scope.integers([end]), scope.integers([axis])]),
  pad: ({ attributes: { axis, before, after } }, [a], scope) =>
    scope.add("Pad", [a!, scope.integers([before, after]), "", scope.integers([axis])]),
  concat: ({ attributes: { axis } }, inputs, scope) => scope.add("Concat", inputs, { axis }),
  gather: ({ attributes: { axis } }, inputs, scope) => scope.add("Gather", inputs, { axis }),
  // ScatterND, which would take an index as it is, adds in a race of threads (microsoft/onnxruntime#18048)
  scatterAdd: (node, [a, index], scope) => {
    const { axis } = node.attributes;
    const { shape } = node.inputs[0]!;
    const column = shape.map((dim, k) => (k === axis ? (dim === "B" ? -1 : dim) : 1));
    const spread = scope.add("Reshape", [index!, scope.integers(column)]);
    const places = scope.add("Expand", [spread, scope.shape(shape)]);
    const zeros = scope.add("Expand", [scope.real(0), scope.shape(node.shape)]);
    return scope.add("ScatterElements", [zeros, places, a!], { axis, reduction: "add" });
  },
};

function turned(name: string, { shape }: GraphNode, scope: Scope): string {
  const order = shape.map((_, k) => k);
  return scope.add("Transpose", [name], { perm: [...order.slice(0, -2), order.at(-1)!, order.at(-2)!] });
}

/** Of two matrices, without further axes. */
function isPlain({ inputs }: NodeOf<"matmul">): boolean {
  return inputs.every(({ shape }) => shape.length === 2);
}

function gemmAttributes({ attributes: { transposeA, transposeB } }: NodeOf<"matmul">): Record<string, number> {
  return { ...(transposeA && { transA: 1 }), ...(transposeB && { transB: 1 }) };
}

/** A product of matrices and what is added to it, which one operator does. */
export interface Biased {
  readonly product: NodeOf<"matmul">;
  readonly bias: GraphNode;
}

/** The product among the operands of a sum that nothing else uses. */
export function biasedProduct(node: GraphNode, uses: ReadonlyMap<GraphNode, number>): Biased | undefined {
  if (node.op !== "add") return undefined;
  const [a, b] = node.inputs as [GraphNode, GraphNode];
  for (const [product, bias] of [
    [a, b],
    [b, a],
  ] as const) {
    if (product.op !== "matmul" || !isPlain(product) || uses.get(product) !== 1) continue;
    const fits = bias.op !== "const" && bias.shape.length > 0 && sameShape(product.shape, node.shape);
    if (fits) return { product, bias };
  }
  return undefined;
}

/** The name of product + bias. */
export function writeBiased({ product, bias }: Biased, scope: Scope): string {
  const names = [...product.inputs, bias].map((input) => scope.known(input)!);
  return scope.add("Gemm", names, gemmAttributes(product));
}
