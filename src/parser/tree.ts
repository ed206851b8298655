/** What a syntax node is. */
export const Node = {
  /** `value` is the place of the number. */
  Number: 0,
  /** A number (or list, child 0) with a unit; `value` is the number of the unit. */
  Quantity: 1,
  /** `value` is the number of the name. */
  Name: 2,
  /** `value` as in the token; children: arguments, primes, orders (−1 if none), power (place of the number, −1 if none). */
  Call: 3,
  /** `√`; `value` counts the signs. */
  Root: 4,
  /** A parenthesis; children: what its commas separate. */
  Group: 5,
  List: 6,
  Bars: 7,
  /** Children: base, then one an index. */
  Index: 8,
  /** A superscript; `value` is the place of the number. */
  Raise: 9,
  /** Children: base, then for each `^` the number of minus signs and the exponent. */
  Power: 10,
  /** An odd number of minus signs. */
  Negate: 11,
  /** Children: first factor, then for each further one the kind of its operator's token, the factor. */
  Product: 12,
  /** As in a product. */
  Sum: 13,
  /** As in a product, with the sign of the comparison; −1 is `..`. */
  Compare: 14,
  Not: 15,
  And: 16,
  Or: 17,
  /** Condition, then, otherwise. */
  Choose: 18,
  /** `i = 1..N` as an argument. */
  Equation: 19,
} as const;
export type Node = (typeof Node)[keyof typeof Node];

/**
 * The syntax of a text as flat arrays: a node is a number, and its children have smaller ones. (A million terms as
 * objects would take more memory than everything that follows.)
 */
export class Tree {
  length = 0;
  #capacity: number;
  #kinds: Uint8Array<ArrayBuffer>;
  #starts: Int32Array<ArrayBuffer>;
  #ends: Int32Array<ArrayBuffer>;
  #values: Int32Array<ArrayBuffer>;
  #firsts: Int32Array<ArrayBuffer>;
  #counts: Int32Array<ArrayBuffer>;
  #pool: Int32Array<ArrayBuffer>;
  #pooled = 0;

  /** A text of n tokens has about n nodes; room that is not used costs no memory. */
  constructor(capacity = 256) {
    this.#capacity = capacity;
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
    this.#values = new Int32Array(capacity);
    this.#firsts = new Int32Array(capacity);
    this.#counts = new Int32Array(capacity);
    this.#pool = new Int32Array(2 * capacity);
  }

  add(kind: Node, start: number, end: number, value: number, ...children: number[]): number {
    return this.addList(kind, start, end, value, children);
  }

  addList(kind: Node, start: number, end: number, value: number, children: readonly number[]): number {
    if (this.length === this.#capacity) this.#grow();
    while (this.#pooled + children.length > this.#pool.length) this.#pool = widen(this.#pool, this.#pool.length * 2);
    const node = this.length++;
    this.#kinds[node] = kind;
    this.#starts[node] = start;
    this.#ends[node] = end;
    this.#values[node] = value;
    this.#firsts[node] = this.#pooled;
    this.#counts[node] = children.length;
    for (const child of children) this.#pool[this.#pooled++] = child;
    return node;
  }

  kind(node: number): Node {
    return this.#kinds[node] as Node;
  }

  start(node: number): number {
    return this.#starts[node]!;
  }

  end(node: number): number {
    return this.#ends[node]!;
  }

  value(node: number): number {
    return this.#values[node]!;
  }

  count(node: number): number {
    return this.#counts[node]!;
  }

  child(node: number, k: number): number {
    return this.#pool[this.#firsts[node]! + k]!;
  }

  children(node: number): number[] {
    const first = this.#firsts[node]!;
    const children: number[] = [];
    for (let k = 0; k < this.#counts[node]!; k++) children.push(this.#pool[first + k]!);
    return children;
  }

  #grow(): void {
    this.#capacity *= 2;
    const kinds = new Uint8Array(this.#capacity);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    this.#starts = widen(this.#starts, this.#capacity);
    this.#ends = widen(this.#ends, this.#capacity);
    this.#values = widen(this.#values, this.#capacity);
    this.#firsts = widen(this.#firsts, this.#capacity);
    this.#counts = widen(this.#counts, this.#capacity);
  }
}

function widen(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(capacity);
  wide.set(array);
  return wide;
}
