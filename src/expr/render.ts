import { HnncError } from "../errors.ts";
import type { Affine, Index } from "./affine.ts";
import { children, type Expr, postorder } from "./expr.ts";
import type { PerOp } from "./ops.ts";

/** A rendered sub-expression and how tightly its outermost operation binds. */
export interface Piece {
  readonly text: string;
  readonly binds: Binding;
}

/** How tightly an operation binds, loosest first. */
export const binding = { or: 0, and: 1, not: 2, compare: 3, sum: 4, product: 5, sign: 6, power: 7, atom: 8 } as const;
export type Binding = (typeof binding)[keyof typeof binding];

/** One index of a sum or product, ready to be written. */
export interface RenderedRange {
  readonly index: string;
  readonly lo: string;
  readonly hi: string;
  readonly except: readonly string[];
}

/** How a notation writes each kind of node. */
export interface Notation {
  readonly apply: PerOp<(...args: Piece[]) => Piece>;
  /** The value is finite. */
  readonly constant: (value: number) => Piece;
  readonly symbol: (name: string) => string;
  readonly element: (name: string, at: readonly string[]) => string;
  readonly call: (name: string, orders: readonly number[], args: readonly Piece[]) => Piece;
  readonly reduce: (op: "sum" | "prod", ranges: readonly RenderedRange[], body: Piece) => Piece;
}

const indexNames = ["i", "j", "k", "l", "m", "n"] as const;
/** Printing writes shared sub-expressions out in full, so a small expression may be a long text. */
const longestText = 32 * 2 ** 20;

/**
 * Writes an expression in a notation.
 *
 * @throws HnncError `too-long` (limit) where the text would exceed 32 MiB
 */
export function render(root: Expr, notationFor: (used: UsedNames) => Notation): string {
  const used = namesIn(root);
  const free = new Map(root.free.map((index) => [index, index.name]));
  return new Rendering(notationFor(used), used).piece(root, free, free.size).text;
}

/** The names that an expression uses, so that nothing written by the notation is mistaken for one of them. */
export interface UsedNames {
  readonly symbols: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

function namesIn(root: Expr): UsedNames {
  const symbols = new Set<string>();
  const functions = new Set<string>();
  for (const node of postorder([root])) {
    if (node.kind === "symbol") symbols.add(node.name);
    else if (node.kind === "element") symbols.add(node.vector.name);
    else if (node.kind === "call") functions.add(node.name);
  }
  return { symbols, functions };
}

type IndexNames = ReadonlyMap<Index, string>;

class Rendering {
  readonly #notation: Notation;
  readonly #indexNames: readonly string[];

  constructor(notation: Notation, used: UsedNames) {
    this.#notation = notation;
    this.#indexNames = indexNames.filter((name) => !used.symbols.has(name) && !used.functions.has(name));
  }

  /**
   * `depth` counts the binders around. `names` may hold fewer: a closed sum may bind the index of one around it again.
   * Recursion goes one level down for each nested sum or product only.
   */
  piece(root: Expr, names: IndexNames, depth: number): Piece {
    const done = new Map<Expr, Piece>();
    const stack: Expr[] = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!;
      if (done.has(node)) {
        stack.pop();
        continue;
      }
      const parts = node.kind === "reduce" ? [] : children(node);
      const missing = parts.filter((part) => !done.has(part));
      for (let k = missing.length - 1; k >= 0; k--) stack.push(missing[k]!);
      if (missing.length > 0) continue;
      const made = this.#node(
        node,
        parts.map((part) => done.get(part)!),
        names,
        depth,
      );
      if (made.text.length > longestText) throw tooLong();
      done.set(node, made);
      stack.pop();
    }
    return done.get(root)!;
  }

  #node(node: Expr, args: readonly Piece[], names: IndexNames, depth: number): Piece {
    const notation = this.#notation;
    switch (node.kind) {
      case "const":
        return notation.constant(node.value);
      case "symbol":
        return { text: notation.symbol(node.name), binds: binding.atom };
      case "element":
        return {
          text: notation.element(
            node.vector.name,
            node.at.map((at) => writeAffine(at, names)),
          ),
          binds: binding.atom,
        };
      case "index":
        return { text: names.get(node.index) ?? node.index.name, binds: binding.atom };
      case "apply":
        return notation.apply[node.op](...args);
      case "call":
        return notation.call(node.name, node.orders, args);
      case "reduce":
        return this.#reduce(node, names, depth);
    }
  }

  /** Directly nested sums (or products) are written as one with several indices, the outermost first. */
  #reduce(outermost: Extract<Expr, { kind: "reduce" }>, names: IndexNames, depth: number): Piece {
    const inner = new Map(names);
    const ranges: RenderedRange[] = [];
    let node: Expr = outermost;
    while (node.kind === "reduce" && node.op === outermost.op) {
      const name = this.#nameAt(depth + ranges.length);
      const write = (at: Affine) => writeAffine(at, inner);
      ranges.push({ index: name, lo: write(node.lo), hi: write(node.hi), except: node.except.map(write) });
      inner.set(node.index, name);
      node = node.body;
    }
    return this.#notation.reduce(outermost.op, ranges, this.piece(node, inner, depth + ranges.length));
  }

  #nameAt(depth: number): string {
    return this.#indexNames[depth] ?? `i_${depth + 1}`;
  }
}

/** `2*i+j-1`. */
function writeAffine(at: Affine, names: IndexNames): string {
  let text = "";
  for (const { index, factor } of at.terms) {
    const sign = factor < 0 ? "-" : text === "" ? "" : "+";
    const size = Math.abs(factor) === 1 ? "" : `${Math.abs(factor)}*`;
    text += `${sign}${size}${names.get(index) ?? index.name}`;
  }
  if (text === "") return String(at.offset);
  return at.offset === 0 ? text : `${text}${at.offset < 0 ? "-" : "+"}${Math.abs(at.offset)}`;
}

function tooLong(): HnncError {
  return new HnncError({
    kind: "limit",
    code: "too-long",
    message: "the expression is too long to write out: it shares sub-expressions that a text repeats",
    hint: "compile it instead: emitted code computes each shared part once",
  });
}
