import { meanings } from "../expr/evaluate.ts";
import type { DataSource } from "./domain.ts";
import type { Dtype, Graph, GraphNode, NodeOf } from "./graph.ts";
import type { BinaryGraphOp, ComparisonOp, LogicOp, UnaryGraphOp } from "./ops.ts";
import { broadcastShapes, type Shape, sameShape, shapeError, showShape } from "./shape.ts";

/**
 * Leaves and element-wise constructors. Each folds what its arguments alone show (x+0, 2·(3·x), −(a−b)), so that the
 * gradient comes out short without a simplifier. Numbers stand for themselves.
 *
 * The whole vocabulary of array programs:
 *
 * - here: leaves `input` (fed in), `constant` (one number everywhere), `data` (a constant array); element by element
 *   `neg abs sign exp log sqrt sin cos sinh cosh tanh sigmoid softplus relu swish square add sub mul div pow`, and
 *   `unary(op, …)`, `binary(op, …)` for the rest of `ops.ts`; conditions `less compare logic finite` for `where`; `broadcast`
 * - arrange.ts: `matmul` with transposes and further leading axes, `sum mean`, `reshape transpose slice pad concat`,
 *   `gather scatterAdd` by a vector of indices
 * - scan.ts: `scan`, a loop whose gradient is a loop
 * - gradient.ts: `gradient(output, inputs)`, nodes again, so that a gradient has a gradient
 * - substitute.ts: `substitute(outputs, replacements)`, composition
 *
 * Shapes are checked here and now. `"B"`, the number of samples, may lead a shape and is known only when a graph runs;
 * weights have no such axis and broadcast: `[B, 3] · [3, 4] + [4]`. A gradient is taken with respect to inputs only:
 * build on inputs, differentiate, then substitute. `engine/engine.ts` says how graphs are run and what makes them fast.
 */

type Operand = GraphNode | number;

/** A value to be fed in. Equal names are one leaf, which must be asked for with one shape. */
export function input(graph: Graph, name: string, shape: Shape, dtype: Dtype = "real"): NodeOf<"input"> {
  return graph.node({ op: "input", attributes: { name }, shape, dtype }) as NodeOf<"input">;
}

/** `value` everywhere. */
export function constant(graph: Graph, value: number, shape: Shape = []): GraphNode {
  return graph.node({ op: "const", attributes: { value }, shape });
}

/** A constant array: `int32` for indices, `real` for numbers. */
export function data(graph: Graph, source: DataSource, shape: Shape, dtype: Dtype): GraphNode {
  return graph.node({ op: "data", attributes: { source }, shape, dtype });
}

/** The number of a constant, otherwise undefined. */
export function numberOf(x: GraphNode): number | undefined {
  return x.op === "const" ? x.attributes.value : undefined;
}

/** `x` repeated to `shape`. */
export function broadcast(x: GraphNode, shape: Shape): GraphNode {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes(x.shape, shape), shape)) {
    throw shapeError(`${showShape(x.shape)} does not broadcast to ${showShape(shape)}`);
  }
  if (x.op === "const") return constant(x.graph, x.attributes.value, shape);
  const from = x.op === "broadcast" ? x.inputs[0]! : x;
  return x.graph.node({ op: "broadcast", inputs: [from], attributes: { shape }, shape, dtype: x.dtype });
}

// ── one argument ────────────────────────────────────────────────────────────────────────────────────────────────────

/** `op(x)`, element by element. */
export function unary(op: UnaryGraphOp, x: GraphNode): GraphNode {
  expectReal(op, [x]);
  const value = numberOf(x);
  const folded = value === undefined ? Number.NaN : meanings[op](value, 0, 0);
  if (Number.isFinite(folded)) return constant(x.graph, folded, x.shape);
  if (x.op === "broadcast") return broadcast(unary(op, x.inputs[0]!), x.shape);
  if (op === "neg") {
    const [a, b] = x.inputs;
    if (x.op === "neg") return a!;
    if (x.op === "sub") return sub(b!, a!);
    if (x.op === "mul" && numberOf(a!) !== undefined) return mul(-numberOf(a!)!, b!);
  }
  return x.graph.node({ op, inputs: [x], attributes: null, shape: x.shape });
}

/** Whether each entry is neither infinite nor NaN. */
export function finite(x: GraphNode): GraphNode {
  return x.graph.node({ op: "finite", inputs: [x], attributes: null, shape: x.shape, dtype: "bool" });
}

export const neg = (x: GraphNode): GraphNode => unary("neg", x);
export const abs = (x: GraphNode): GraphNode => unary("abs", x);
export const sign = (x: GraphNode): GraphNode => unary("sign", x);
export const exp = (x: GraphNode): GraphNode => unary("exp", x);
export const log = (x: GraphNode): GraphNode => unary("log", x);
export const sqrt = (x: GraphNode): GraphNode => unary("sqrt", x);
export const sin = (x: GraphNode): GraphNode => unary("sin", x);
export const cos = (x: GraphNode): GraphNode => unary("cos", x);
export const sinh = (x: GraphNode): GraphNode => unary("sinh", x);
export const cosh = (x: GraphNode): GraphNode => unary("cosh", x);
export const tanh = (x: GraphNode): GraphNode => unary("tanh", x);
export const sigmoid = (x: GraphNode): GraphNode => unary("sigmoid", x);
export const softplus = (x: GraphNode): GraphNode => unary("softplus", x);

// ── two arguments ───────────────────────────────────────────────────────────────────────────────────────────────────

/** `op(a, b)`, element by element, with broadcasting. */
export function binary(op: BinaryGraphOp, x: Operand, y: Operand): GraphNode {
  const [a, b] = operands(x, y);
  expectReal(op, [a, b]);
  const shape = broadcastShapes(a.shape, b.shape);
  const [va, vb] = [numberOf(a), numberOf(b)];
  if (va !== undefined && vb !== undefined) {
    const folded = meanings[op](va, vb, 0);
    if (Number.isFinite(folded)) return constant(a.graph, folded, shape);
  }
  return foldBinary(op, a, b, shape) ?? elementwise(op, a, b, shape);
}

export const add = (a: Operand, b: Operand): GraphNode => binary("add", a, b);
export const sub = (a: Operand, b: Operand): GraphNode => binary("sub", a, b);
export const mul = (a: Operand, b: Operand): GraphNode => binary("mul", a, b);
export const div = (a: Operand, b: Operand): GraphNode => binary("div", a, b);
export const square = (a: GraphNode): GraphNode => binary("mul", a, a);

/** `a^b`; whole and half-integer constant exponents become products and a square root. */
export function pow(a: Operand, b: Operand): GraphNode {
  return binary("pow", a, b);
}

function foldBinary(op: BinaryGraphOp, a: GraphNode, b: GraphNode, shape: Shape): GraphNode | undefined {
  switch (op) {
    case "add":
      return foldAdd(a, b, shape);
    case "sub":
      return foldSub(a, b, shape);
    case "mul":
      return foldMul(a, b, shape);
    case "div":
      return foldDiv(a, b, shape);
    case "pow":
      return foldPow(a, b, shape);
    default:
      return undefined;
  }
}

function foldAdd(a: GraphNode, b: GraphNode, shape: Shape): GraphNode | undefined {
  if (numberOf(a) === 0) return broadcast(b, shape);
  if (numberOf(b) === 0) return broadcast(a, shape);
  if (b.op === "neg") return sub(a, b.inputs[0]!);
  if (a.op === "neg") return sub(b, a.inputs[0]!);
  return foldMultiples(a, b, 1, shape);
}

/** c·x ± d·x = (c±d)·x, and c·x ± c·y = c·(x±y) where both have the shape of the sum. */
function foldMultiples(a: GraphNode, b: GraphNode, side: 1 | -1, shape: Shape): GraphNode | undefined {
  const [first, second] = [a, b].map((x) => factorOf(x) ?? { times: 1, of: x }) as [Multiple, Multiple];
  const times = side * second.times;
  if (first.of === second.of && first.of.op !== "const") return broadcast(mul(first.times + times, first.of), shape);
  const isEven = Math.abs(times) === Math.abs(first.times) && Math.abs(times) !== 1;
  if (!isEven || !sameShape(first.of.shape, shape) || !sameShape(second.of.shape, shape)) return undefined;
  if (times === first.times) return mul(times, add(first.of, second.of));
  return first.times > 0 ? mul(first.times, sub(first.of, second.of)) : mul(times, sub(second.of, first.of));
}

function foldSub(a: GraphNode, b: GraphNode, shape: Shape): GraphNode | undefined {
  if (numberOf(b) === 0) return broadcast(a, shape);
  if (numberOf(a) === 0) return broadcast(neg(b), shape);
  if (b.op === "neg") return add(a, b.inputs[0]!);
  if (a.op === "neg") return neg(add(a.inputs[0]!, b));
  return foldMultiples(a, b, -1, shape);
}

function foldMul(a: GraphNode, b: GraphNode, shape: Shape): GraphNode | undefined {
  if (numberOf(b) !== undefined) return numberOf(a) === undefined ? mul(b, a) : undefined;
  if (a.op === "neg" && b.op === "neg") return mul(a.inputs[0]!, b.inputs[0]!);
  const value = numberOf(a);
  if (value === 0) return constant(a.graph, 0, shape);
  if (value === 1) return broadcast(b, shape);
  if (value === -1) return broadcast(neg(b), shape);
  if (value === undefined) {
    if (a.op === "neg") return neg(mul(a.inputs[0]!, b));
    if (b.op === "neg") return neg(mul(a, b.inputs[0]!));
    return hoisted(a, b, shape) ?? hoisted(b, a, shape);
  }
  if (b.op === "neg") return broadcast(mul(-value, b.inputs[0]!), shape);
  const inner = b.op === "mul" ? numberOf(b.inputs[0]!) : undefined;
  if (inner !== undefined) return broadcast(mul(value * inner, b.inputs[1]!), shape);
  return undefined;
}

/** a·(c·b) = c·(a·b), where that makes the product with the number no larger. */
function hoisted(a: GraphNode, b: GraphNode, shape: Shape): GraphNode | undefined {
  const factor = factorOf(b);
  return factor && sameShape(b.shape, shape) ? mul(factor.times, mul(a, factor.of)) : undefined;
}

/** times · of. */
export interface Multiple {
  readonly times: number;
  readonly of: GraphNode;
}

/** The number c and the rest y of a product c·y; y has the shape of the product. */
export function factorOf(x: GraphNode): Multiple | undefined {
  const times = x.op === "mul" ? numberOf(x.inputs[0]!) : undefined;
  return times === undefined ? undefined : { times, of: x.inputs[1]! };
}

function foldDiv(a: GraphNode, b: GraphNode, shape: Shape): GraphNode | undefined {
  if (numberOf(a) === 0) return constant(a.graph, 0, shape);
  const value = numberOf(b);
  // dividing by a power of two is exact as a product
  if (value !== undefined && Number.isInteger(Math.log2(Math.abs(value)))) {
    return broadcast(mul(1 / value, a), shape);
  }
  if (a.op === "neg") return neg(div(a.inputs[0]!, b));
  const factor = factorOf(a);
  return factor && sameShape(a.shape, shape) ? mul(factor.times, div(factor.of, b)) : undefined;
}

const longestChain = 64;

function foldPow(a: GraphNode, b: GraphNode, shape: Shape): GraphNode | undefined {
  const exponent = numberOf(b);
  if (exponent === undefined || !Number.isInteger(2 * exponent) || Math.abs(exponent) > longestChain) return undefined;
  const whole = Math.floor(Math.abs(exponent));
  const chain = whole === Math.abs(exponent) ? power(a, whole) : mul(power(a, whole), sqrt(a));
  return broadcast(exponent < 0 ? div(1, chain) : chain, shape);
}

/** aⁿ by squaring. */
function power(a: GraphNode, n: number): GraphNode {
  let result: GraphNode | undefined;
  let base = a;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result ? mul(result, base) : base;
    if (left > 1) base = square(base);
  }
  return result ?? constant(a.graph, 1, a.shape);
}

/** max(a, 0). */
export const relu = (a: GraphNode): GraphNode => binary("max", a, 0);

/** a·σ(a). */
export const swish = (a: GraphNode): GraphNode => mul(a, sigmoid(a));

// ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A comparison, element by element, with broadcasting; false where an argument is NaN. */
export function compare(op: ComparisonOp, x: Operand, y: Operand): GraphNode {
  const [a, b] = operands(x, y);
  expectReal(op, [a, b]);
  return elementwise(op, a, b, broadcastShapes(a.shape, b.shape), "bool");
}

export const less = (a: Operand, b: Operand): GraphNode => compare("less", a, b);

/** `and`, `or` of two conditions, `not` of one. */
export function logic(op: LogicOp, a: GraphNode, b?: GraphNode): GraphNode {
  const inputs = b ? [a, b] : [a];
  if (inputs.some((x) => x.dtype !== "bool")) throw shapeError(`\`${op}\` needs conditions`);
  const shape = b ? broadcastShapes(a.shape, b.shape) : a.shape;
  return a.graph.node({ op, inputs, attributes: null, shape, dtype: "bool" });
}

/** `a` where the condition holds, else `b`; what the other holds there does not matter. */
export function where(condition: GraphNode, a: Operand, b: Operand): GraphNode {
  if (condition.dtype !== "bool") throw shapeError("`where` needs a condition");
  const wrap = (x: Operand) => (typeof x === "number" ? constant(condition.graph, x) : x);
  const [yes, no] = [wrap(a), wrap(b)];
  const shape = broadcastShapes(condition.shape, broadcastShapes(yes.shape, no.shape));
  if (yes === no) return broadcast(yes, shape);
  const inputs = [bare(condition), bare(yes), bare(no)] as const;
  const small = broadcastShapes(inputs[0].shape, broadcastShapes(inputs[1].shape, inputs[2].shape));
  return broadcast(condition.graph.node({ op: "where", inputs, attributes: null, shape: small }), shape);
}

// ── making the node ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Not max and min: where both operands are equal, their gradient goes to the first, in every target alike. */
const commutative: ReadonlySet<string> = new Set(["add", "mul", "equal"]);

function elementwise(
  op: BinaryGraphOp | ComparisonOp,
  x: GraphNode,
  y: GraphNode,
  shape: Shape,
  dtype: Dtype = "real",
): GraphNode {
  const small = broadcastShapes(bare(x).shape, bare(y).shape);
  if (!sameShape(small, shape)) return broadcast(elementwise(op, bare(x), bare(y), small, dtype), shape);
  let [a, b] = [bare(x), bare(y)];
  if (commutative.has(op) && numberOf(a) === undefined && (a.id > b.id || numberOf(b) !== undefined)) [a, b] = [b, a];
  return x.graph.node({ op, inputs: [a, b], attributes: null, shape, dtype });
}

/** `x` without the repetition that element-wise operations do by themselves. */
function bare(x: GraphNode): GraphNode {
  if (x.op === "broadcast") return x.inputs[0]!;
  return x.op === "const" ? constant(x.graph, x.attributes.value) : x;
}

function operands(x: Operand, y: Operand): readonly [GraphNode, GraphNode] {
  if (typeof x !== "number") return [x, typeof y === "number" ? constant(x.graph, y) : y];
  if (typeof y !== "number") return [constant(y.graph, x), y];
  throw shapeError("one operand must be a node");
}

function expectReal(op: string, inputs: readonly GraphNode[]): void {
  if (inputs.some((x) => x.dtype !== "real")) throw shapeError(`\`${op}\` needs real numbers`);
}
