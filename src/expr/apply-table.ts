import { ageing } from "./intern.ts";
import { type Op, opNames } from "./ops.ts";

interface Identified {
  readonly id: number;
}

interface Application extends Identified {
  readonly op: Op;
  readonly args: readonly Identified[];
}

/** A number for each operation, to hash. */
const opNumbers = Object.fromEntries(opNames.map((op, k) => [op, k + 1])) as { readonly [K in Op]: number };

const smallest = 1 << 10;

/**
 * Intern table of `op(args)`. It does the work of an `InternTable` whose key is the operation and the arguments'
 * identities, without making a key: open addressing by a hash of the ids.
 */
export class ApplyTable<Node extends Application> {
  /** 1 + place in `#nodes`; 0 is free. The length is a power of two. */
  #slots = new Int32Array(smallest);
  /** The whole hash of what a slot holds: most of what does not match is seen without looking at the node. */
  #hashes = new Int32Array(smallest);
  #nodes: Node[] = [];
  readonly #old = new Map<string, WeakRef<Node>>();

  constructor() {
    ageing.add(this);
  }

  /** The node that stands for `op(args)`, or the one that `make` gives. */
  get(op: Op, args: Node["args"], make: (op: Op, args: Node["args"]) => Node): Node {
    const hash = hashOf(op, args);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let place = this.#slots[slot]!; place !== 0; place = this.#slots[slot]!) {
      if (this.#hashes[slot] === hash) {
        const node = this.#nodes[place - 1]!;
        if (node.op === op && sameArguments(node.args, args)) return node;
      }
      slot = (slot + 1) & mask;
    }
    const node = (this.#old.size > 0 ? this.#old.get(keyOf(op, args))?.deref() : undefined) ?? make(op, args);
    this.#insert(node, hash);
    return node;
  }

  #insert(node: Node, hash: number): void {
    ageing.count();
    this.#nodes.push(node);
    if (2 * this.#nodes.length > this.#slots.length) this.#grow();
    this.#put(hash, this.#nodes.length);
  }

  #put(hash: number, place: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = place;
    this.#hashes[slot] = hash;
  }

  #grow(): void {
    const [slots, hashes] = [this.#slots, this.#hashes];
    this.#slots = new Int32Array(4 * slots.length);
    this.#hashes = new Int32Array(4 * slots.length);
    for (let slot = 0; slot < slots.length; slot++) if (slots[slot] !== 0) this.#put(hashes[slot]!, slots[slot]!);
  }

  /** See `InternTable`. */
  age(): void {
    for (const [key, reference] of this.#old) if (reference.deref() === undefined) this.#old.delete(key);
    for (const node of this.#nodes) this.#old.set(keyOf(node.op, node.args), new WeakRef(node));
    this.#slots = new Int32Array(smallest);
    this.#hashes = new Int32Array(smallest);
    this.#nodes = [];
  }
}

/** Mixes the bits as MurmurHash3 does. */
function hashOf(op: Op, args: readonly Identified[]): number {
  let hash = opNumbers[op];
  for (let k = 0; k < args.length; k++) {
    hash = Math.imul(hash ^ args[k]!.id, 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function sameArguments(a: readonly Identified[], b: readonly Identified[]): boolean {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

function keyOf(op: Op, args: readonly Identified[]): string {
  return args.reduce((key, arg) => `${key},${arg.id}`, op as string);
}
