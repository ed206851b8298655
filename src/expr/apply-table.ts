import { ageing } from "./intern.ts";
import { type Op, opNames } from "./ops.ts";

interface Identified {
  readonly id: number;
}

interface Application extends Identified {
  readonly op: Op;
  readonly args: readonly Identified[];
}

/**
 * Intern table of `op(args)`. It does the work of an `InternTable` whose key is the operation and the arguments'
 * identities, without making a key: open addressing by a hash of the ids is four times as fast as a `Map` here.
 */
export class ApplyTable<Node extends Application> {
  /** 1 + place in `#nodes`; 0 is free. The length is a power of two. */
  #slots = new Int32Array(1 << 10);
  #nodes: Node[] = [];
  readonly #old = new Map<string, WeakRef<Node>>();
  readonly #opNumbers = new Map<Op, number>(opNames.map((op, k) => [op, k + 1]));

  constructor() {
    ageing.add(this);
  }

  /** The node that stands for `op(args)`, or the one that `make` gives. */
  get(op: Op, args: Node["args"], make: () => Node): Node {
    let slot = this.#slot(op, args);
    for (let place = this.#slots[slot]!; place !== 0; place = this.#slots[slot]!) {
      const node = this.#nodes[place - 1]!;
      if (node.op === op && sameArguments(node.args, args)) return node;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    const node = (this.#old.size > 0 ? this.#old.get(keyOf(op, args))?.deref() : undefined) ?? make();
    this.#insert(node);
    return node;
  }

  #slot(op: Op, args: readonly Identified[]): number {
    let hash = this.#opNumbers.get(op)!;
    for (const arg of args) {
      hash = Math.imul(hash ^ arg.id, 0x85ebca6b);
      hash ^= hash >>> 13;
    }
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) & (this.#slots.length - 1);
  }

  #insert(node: Node): void {
    ageing.count();
    this.#nodes.push(node);
    if (2 * this.#nodes.length > this.#slots.length) this.#grow();
    else this.#put(node, this.#nodes.length);
  }

  #put(node: Node, place: number): void {
    let slot = this.#slot(node.op, node.args);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
    this.#slots[slot] = place;
  }

  #grow(): void {
    this.#slots = new Int32Array(4 * this.#slots.length);
    this.#nodes.forEach((node, k) => {
      this.#put(node, k + 1);
    });
  }

  /** See `InternTable`. */
  age(): void {
    for (const [key, reference] of this.#old) if (reference.deref() === undefined) this.#old.delete(key);
    for (const node of this.#nodes) this.#old.set(keyOf(node.op, node.args), new WeakRef(node));
    this.#slots = new Int32Array(1 << 10);
    this.#nodes = [];
  }
}

function sameArguments(a: readonly Identified[], b: readonly Identified[]): boolean {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

function keyOf(op: Op, args: readonly Identified[]): string {
  return args.reduce((key, arg) => `${key},${arg.id}`, op as string);
}
