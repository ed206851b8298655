import { type Affine, affine, type Index } from "./affine.ts";
import { ApplyTable } from "./apply-table.ts";
import { InternTable } from "./intern.ts";
import { type Op, ops } from "./ops.ts";

/** An array of coordinates, momenta or parameters, whose elements an expression may name. */
export interface VectorSymbol {
  readonly name: string;
  /** `[N]`, `[N, 3]`, …; elements are numbered from 1. */
  readonly shape: readonly number[];
}

/**
 * How an element is read where its index may leave the array: `exact` never does, `ring` wraps around, `clamp` reads
 * the nearest end (the surrounding `select` decides what stands there instead).
 */
export type Edge = "exact" | "ring" | "clamp";

interface NodeBase {
  /** Unique in this process and larger than those of the node's children. Not stable between runs: never order by it. */
  readonly id: number;
  /** Indices that occur but are not bound inside, by level. */
  readonly free: readonly Index[];
  /**
   * The highest level of an index bound inside a sum or product that has free indices itself; 0 for a closed
   * expression, which can stand under any binder without capture.
   */
  readonly height: number;
}

export interface Const extends NodeBase {
  readonly kind: "const";
  /** Finite. */
  readonly value: number;
}

export interface Named extends NodeBase {
  readonly kind: "symbol";
  readonly name: string;
}

export interface Element extends NodeBase {
  readonly kind: "element";
  readonly vector: VectorSymbol;
  /** One index expression a dimension, 1-based. */
  readonly at: readonly Affine[];
  readonly edge: Edge;
}

/** The value of a bound index as a real number. */
export interface IndexValue extends NodeBase {
  readonly kind: "index";
  readonly index: Index;
}

export interface Apply extends NodeBase {
  readonly kind: "apply";
  readonly op: Op;
  readonly args: readonly Expr[];
}

/** An unknown function of scalars, or its partial derivative of the given orders. */
export interface Call extends NodeBase {
  readonly kind: "call";
  readonly name: string;
  /** Order of the derivative with respect to each argument; all 0 for the function itself. */
  readonly orders: readonly number[];
  readonly args: readonly Expr[];
}

/** An indexed sum or product. Several indices are nested reduces. */
export interface Reduce extends NodeBase {
  readonly kind: "reduce";
  readonly op: "sum" | "prod";
  readonly index: Index;
  /** First and last value of the index, inclusive. */
  readonly lo: Affine;
  readonly hi: Affine;
  /** Values that are left out, as in `i != j`. */
  readonly except: readonly Affine[];
  readonly body: Expr;
}

/**
 * A scalar mathematical expression. Nodes are interned: two expressions are equal if and only if they are `===`, bound
 * indices apart from their names included. They are made by the constructors of `build.ts` and never changed.
 */
export type Expr = Const | Named | Element | IndexValue | Apply | Call | Reduce;

const none: readonly never[] = [];
const applications = new ApplyTable<Apply>();
const byKey = new InternTable<string, Expr>();
const consts = new InternTable<number, Const>();
let created = 0;

/** How many nodes this process has made: budgets are differences of it. */
export function nodesCreated(): number {
  return created;
}

function nextId(): number {
  created += 1;
  return created;
}

/** The children of a node, in order. */
export function children(e: Expr): readonly Expr[] {
  if (e.kind === "apply" || e.kind === "call") return e.args;
  return e.kind === "reduce" ? [e.body] : none;
}

/** Whether the node is a truth value. */
export function isBool(e: Expr): boolean {
  return e.kind === "apply" && ops[e.op].result === "bool";
}

/** The constant `value`; −0 is taken as 0. */
export function makeConst(value: number): Const {
  const canonical = value === 0 ? 0 : value;
  let node = consts.get(canonical);
  if (!node) {
    node = { kind: "const", value: canonical, id: nextId(), free: none, height: 0 };
    consts.set(canonical, node);
  }
  return node;
}

function intern<T extends Expr>(key: string, make: () => T): T {
  const known = byKey.get(key);
  if (known) return known as T;
  const made = make();
  byKey.set(key, made);
  return made;
}

export function makeSymbol(name: string): Named {
  return intern(`s${name}`, () => ({ kind: "symbol", name, id: nextId(), free: none, height: 0 }));
}

export function makeElement(vector: VectorSymbol, at: readonly Affine[], edge: Edge): Element {
  const key = `e${edge[0]}${vector.shape.join("x")}|${at.map((a) => a.key).join(";")}|${vector.name}`;
  return intern(key, () => ({ kind: "element", vector, at, edge, id: nextId(), free: freeOf(at), height: 0 }));
}

export function makeIndex(index: Index): IndexValue {
  return intern(`i${index.level}`, () => ({ kind: "index", index, id: nextId(), free: [index], height: 0 }));
}

/** The node `op(args)` as it stands, without folding. */
export function makeApply(op: Op, args: readonly Expr[]): Apply {
  return applications.get(op, args, applyNode);
}

function applyNode(op: Op, args: readonly Expr[]): Apply {
  const free = unionOf(args);
  return { kind: "apply", op, args, id: nextId(), free, height: heightOf(args, free) };
}

export function makeCall(name: string, args: readonly Expr[], orders: readonly number[]): Call {
  const key = `c${orders.join(",")}|${args.map((arg) => arg.id).join(",")}|${name}`;
  return intern(key, () => {
    const free = unionOf(args);
    return { kind: "call", name, orders, args, id: nextId(), free, height: heightOf(args, free) };
  });
}

/** The node as it stands: `index` must already be the canonical one of this binder (`reduce` sees to it). */
export function makeReduce(
  op: "sum" | "prod",
  index: Index,
  lo: Affine,
  hi: Affine,
  except: readonly Affine[],
  body: Expr,
): Reduce {
  const bounds = [lo, hi, ...except];
  const key = `r${op}${index.level}|${bounds.map((a) => a.key).join(";")}|${body.id}`;
  return intern(key, () => {
    const inside = body.free.filter((other) => other !== index);
    const free = sortedIndices([...inside, ...freeOf(bounds)]);
    return {
      kind: "reduce",
      op,
      index,
      lo,
      hi,
      except,
      body,
      id: nextId(),
      free,
      height: free.length === 0 ? 0 : Math.max(index.level, body.height),
    };
  });
}

function heightOf(args: readonly Expr[], free: readonly Index[]): number {
  let height = 0;
  if (free.length === 0) return height;
  for (const arg of args) if (arg.height > height) height = arg.height;
  return height;
}

function freeOf(at: readonly Affine[]): readonly Index[] {
  return sortedIndices(at.flatMap((a) => a.terms.map((term) => term.index)));
}

function unionOf(args: readonly Expr[]): readonly Index[] {
  let first: readonly Index[] = none;
  for (const { free } of args) {
    if (free.length === 0 || free === first) continue;
    if (first.length > 0) return sortedIndices(args.flatMap((arg) => arg.free));
    first = free;
  }
  return first;
}

function sortedIndices(all: readonly Index[]): readonly Index[] {
  if (all.length === 0) return none;
  return [...new Set(all)].sort((a, b) => a.level - b.level);
}

/** All nodes below and including `roots`, each once, children before parents, in an order that depends on them alone. */
export function postorder(roots: readonly Expr[]): Expr[] {
  const order: Expr[] = [];
  const seen = new Set<Expr>();
  const stack: { node: Expr; next: number }[] = [];
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    stack.push({ node: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const child = children(top.node)[top.next];
      top.next += 1;
      if (child === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(child)) {
        seen.add(child);
        stack.push({ node: child, next: 0 });
      }
    }
  }
  return order;
}

/** The index expression of a constant place. */
export function fixedAt(...indices: readonly number[]): readonly Affine[] {
  return indices.map((index) => affine(index));
}
