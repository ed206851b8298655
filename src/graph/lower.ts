import { HnncError } from "../errors.ts";
import { affineIndex, type Binder } from "../expr/affine.ts";
import type { Apply, Call, Element, Expr, Reduce } from "../expr/expr.ts";
import type { PerOp } from "../expr/ops.ts";
import { reshape } from "./arrange.ts";
import {
  abs,
  add,
  binary,
  broadcast,
  compare,
  constant,
  data,
  div,
  log,
  logic,
  mul,
  pow,
  sign,
  sqrt,
  square,
  unary,
  where,
} from "./build.ts";
import { type Extent, Extents, loopsOf, positionOf } from "./extent.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { layoutShape, lift } from "./lift.ts";
import { lowerElement } from "./lower-element.ts";
import { lowerReduce } from "./lower-reduce.ts";

/** A node and the extent over which its value is wanted. */
interface Request {
  readonly node: Expr;
  readonly extent: Extent;
}

/**
 * What stands for a call of an unknown function, or of its derivative of the call's orders.
 *
 * @param args the arguments, all of one shape: `[B, 1]`, or `[B, …]` inside sums, an entry a term
 * @returns a value of that shape
 */
export type UnknownFunctionValue = (call: Call, args: readonly GraphNode[]) => GraphNode;

type Arguments = readonly [GraphNode, GraphNode, GraphNode];

/** Each operation of a formula as operations of a graph. */
const applications: PerOp<(...args: Arguments) => GraphNode> = {
  neg: (a) => unary("neg", a),
  abs: (a) => unary("abs", a),
  sign: (a) => unary("sign", a),
  exp: (a) => unary("exp", a),
  expm1: (a) => unary("expm1", a),
  log: (a) => unary("log", a),
  log1p: (a) => unary("log1p", a),
  log2: (a) => mul(Math.LOG2E, log(a)),
  log10: (a) => mul(Math.LOG10E, log(a)),
  sqrt: (a) => unary("sqrt", a),
  // ∛a = sign(a)·|a|^(1/3)
  cbrt: (a) => mul(sign(a), pow(abs(a), 1 / 3)),
  sin: (a) => unary("sin", a),
  cos: (a) => unary("cos", a),
  tan: (a) => unary("tan", a),
  asin: (a) => unary("asin", a),
  acos: (a) => unary("acos", a),
  atan: (a) => unary("atan", a),
  sinh: (a) => unary("sinh", a),
  cosh: (a) => unary("cosh", a),
  tanh: (a) => unary("tanh", a),
  asinh: (a) => unary("asinh", a),
  acosh: (a) => unary("acosh", a),
  atanh: (a) => unary("atanh", a),
  erf: (a) => unary("erf", a),
  sigmoid: (a) => unary("sigmoid", a),
  softplus: (a) => unary("softplus", a),
  add: (a, b) => binary("add", a, b),
  sub: (a, b) => binary("sub", a, b),
  mul: (a, b) => binary("mul", a, b),
  div: (a, b) => div(a, b),
  pow: (a, b) => pow(a, b),
  atan2: (a, b) => binary("atan2", a, b),
  hypot: (a, b) => sqrt(add(square(a), square(b))),
  min: (a, b) => binary("min", a, b),
  max: (a, b) => binary("max", a, b),
  less: (a, b) => compare("less", a, b),
  lessEqual: (a, b) => compare("lessEqual", a, b),
  equal: (a, b) => compare("equal", a, b),
  and: (a, b) => logic("and", a, b),
  or: (a, b) => logic("or", a, b),
  not: (a) => logic("not", a),
  select: (condition, a, b) => where(condition, a, b),
};

/**
 * Lowers expressions into a graph. A sub-expression becomes one value over the indices it depends on — `[B, M]` for
 * the M terms of a sum — never a value a term, so the number of operations does not depend on N.
 */
export class Lowering {
  readonly #graph: Graph;
  readonly #leaves: ReadonlyMap<string, GraphNode>;
  readonly #unknown: UnknownFunctionValue | undefined;
  readonly #extents = new Extents();
  readonly #done = new Map<Expr, Map<string, GraphNode>>();

  /**
   * @param leaves what each name stands for: `[B, 1]` or `[]` for scalars, `[B, size]` or `[size]` for arrays
   * @param unknown what stands for unknown functions; without it they are refused
   */
  constructor(graph: Graph, leaves: ReadonlyMap<string, GraphNode>, unknown?: UnknownFunctionValue) {
    this.#graph = graph;
    this.#leaves = leaves;
    this.#unknown = unknown;
  }

  /** The value of a closed expression: `[B, 1]`, or `[]` where it is the same for all samples. */
  scalar(e: Expr): GraphNode {
    return this.#lower({ node: e, extent: this.#extents.none });
  }

  /** The values of an expression for all values of its free indices, which the binders bind, outermost first. */
  over(e: Expr, binders: readonly Binder[]): { readonly value: GraphNode; readonly extent: Extent } {
    const extent = this.#extents.inside(this.#extents.none, binders);
    const own = this.#extents.of(e.free, extent);
    return { value: lift(this.#lower({ node: e, extent: own }), own, extent), extent };
  }

  #lower(root: Request): GraphNode {
    const stack = [root];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const missing = this.#known(top) ? [] : this.#needs(top).filter((request) => !this.#known(request));
      for (let k = missing.length - 1; k >= 0; k--) stack.push(missing[k]!);
      if (missing.length > 0) continue;
      if (!this.#known(top)) this.#remember(top, this.#make(top));
      stack.pop();
    }
    return this.#known(root)!;
  }

  #known({ node, extent }: Request): GraphNode | undefined {
    return this.#done.get(node)?.get(extent.key);
  }

  #remember({ node, extent }: Request, value: GraphNode): void {
    const values = this.#done.get(node) ?? new Map<string, GraphNode>();
    this.#done.set(node, values.set(extent.key, value));
  }

  #needs({ node, extent }: Request): Request[] {
    if (node.kind === "reduce") return [this.#body(node, extent).request];
    if (node.kind !== "apply" && node.kind !== "call") return [];
    return node.args.map((arg) => ({ node: arg, extent: this.#extents.of(arg.free, extent) }));
  }

  /** The body of a sum of sums (a product of products): all their indices are taken at once. */
  #body(node: Reduce, extent: Extent): { readonly inner: Extent; readonly request: Request } {
    const binders: Binder[] = [node];
    let body = node.body;
    for (; body.kind === "reduce" && body.op === node.op && body.free.includes(node.index); body = body.body) {
      binders.push(body);
    }
    const inner = this.#extents.inside(extent, binders);
    return { inner, request: { node: body, extent: this.#extents.of(body.free, inner) } };
  }

  #make({ node, extent }: Request): GraphNode {
    switch (node.kind) {
      case "const":
        return constant(this.#graph, node.value);
      case "symbol":
        return this.#leaf(node.name);
      case "element":
        return lowerElement(this.#leaf(node.vector.name), node as Element, extent);
      case "index":
        return this.#index(node, extent);
      case "apply":
        return this.#apply(node, extent);
      case "reduce": {
        const { inner, request } = this.#body(node, extent);
        return lowerReduce(node.op, lift(this.#known(request)!, request.extent, inner), inner, extent);
      }
      case "call":
        return this.#call(node, extent);
    }
  }

  #apply(node: Apply, extent: Extent): GraphNode {
    return applications[node.op](...(this.#arguments(node, extent) as unknown as Arguments));
  }

  #call(node: Call, extent: Extent): GraphNode {
    if (!this.#unknown) throw unboundFunction(node.name);
    const shape = layoutShape(
      true,
      extent.blocks.map(({ size }) => size),
    );
    return this.#unknown(
      node,
      this.#arguments(node, extent).map((arg) => broadcast(arg, shape)),
    );
  }

  /** The values of a node's arguments, arranged so that they broadcast over its extent. */
  #arguments(node: Apply | Call, extent: Extent): GraphNode[] {
    return node.args.map((arg) => {
      const own = this.#extents.of(arg.free, extent);
      return lift(this.#known({ node: arg, extent: own })!, own, extent);
    });
  }

  #index(node: Extract<Expr, { kind: "index" }>, { bounds, blocks }: Extent): GraphNode {
    const at = positionOf(affineIndex(node.index), bounds);
    const lengths = blocks.map(({ size }) => size);
    const size = lengths.reduce((product, length) => product * length, 1);
    const source = { kind: "entries", domain: loopsOf(bounds), at, edges: [] } as const;
    return reshape(data(this.#graph, source, [size], "real"), layoutShape(false, lengths));
  }

  #leaf(name: string): GraphNode {
    const leaf = this.#leaves.get(name);
    if (!leaf) throw new RangeError(`\`${name}\` has no leaf`);
    return leaf;
  }
}

function unboundFunction(name: string): HnncError {
  return new HnncError({
    kind: "formula",
    code: "unknown-function",
    message: `\`${name}\` is an unknown function: there is nothing to evaluate yet`,
    hint: `give it a body: \`${name}(u) = …\``,
  });
}
