import { ByteWriter, type WasmType } from "./encoder.ts";
import type { Opcode } from "./opcodes.ts";

/** A value in a function under construction: a parameter, a constant, a result or a variable. */
export type Ref = number;

/** What follows an opcode besides its operands, e.g. an alignment and offset, or a lane. */
export type Immediate = readonly number[];

/** A piece of stack code: a value that is pushed, or an instruction. */
export type Token = Ref | { readonly opcode: Opcode; readonly immediate: Immediate };

/** One instruction, a run of them that leaves one value, or the start or end of a block. */
export interface Item {
  readonly kind: "operation" | "sequence" | "call" | "assign" | "if" | "loop" | "repeat" | "end";
  readonly opcode: Opcode | undefined;
  readonly args: readonly Ref[];
  readonly outs: readonly Ref[];
  readonly immediate: Immediate;
  /** Of a sequence. */
  readonly code?: readonly Token[] | undefined;
  /** The block that it stands in. */
  readonly parent: Item | undefined;
  /** Must stay even if nothing uses its results. */
  readonly effect: boolean;
  /** Whether an effect or a result depends on it; known when the function is finished. */
  live: boolean;
}

/** A constant: an i32, or the 64 bits that fill an f64 or both lanes of a vector. */
export interface Constant {
  readonly type: WasmType;
  readonly bits: bigint;
}

/** Where constants of a function come from: locals set at its start (for loops), or memory at an address. */
export type ConstantSource = "locals" | ((bits: bigint) => number);

const commutative: ReadonlySet<Opcode> = new Set([
  "f64x2.add",
  "f64x2.mul",
  "f64x2.eq",
  "v128.and",
  "v128.or",
  "v128.xor",
  "i64x2.add",
  "i64x2.eq",
  "i32.add",
  "i32.mul",
]);

/** Marks the items that effects and results depend on. */
export function markLive(items: readonly Item[], results: readonly Ref[]): void {
  // most values have one maker; variables have several
  const makers: (Item | undefined)[] = [];
  const others = new Map<Ref, Item[]>();
  const closing = new Map<Item, Item[]>();
  const pending: Item[] = [];
  for (const item of items) {
    for (const out of item.outs) {
      if (makers[out] === undefined) makers[out] = item;
      else if (others.get(out)?.push(item) === undefined) others.set(out, [item]);
    }
    if (item.kind === "repeat" || item.kind === "end") {
      closing.set(item.parent!, [...(closing.get(item.parent!) ?? []), item]);
    }
    if (item.effect) pending.push(item);
  }
  const need = (ref: Ref): void => {
    const maker = makers[ref];
    if (maker && !maker.live) pending.push(maker);
    for (const other of others.get(ref) ?? none) if (!other.live) pending.push(other);
  };
  results.forEach(need);
  for (let item = pending.pop(); item; item = pending.pop()) {
    if (item.live) continue;
    item.live = true;
    if (item.parent && !item.parent.live) pending.push(item.parent);
    if (item.kind === "if" || item.kind === "loop") pending.push(...(closing.get(item) ?? none));
    for (const arg of item.args) need(arg);
  }
}

const none: readonly Item[] = [];

/** What ends where: the last item that needs each value, and the values whose need a loop's end prolongs. */
interface Lifetimes {
  readonly last: Int32Array;
  readonly prolonged: ReadonlyMap<number, readonly Ref[]>;
}

/** Values from before a loop that are used in it are needed until its end. */
function lifetimes(items: readonly Item[], values: number, results: readonly Ref[]): Lifetimes {
  const last = new Int32Array(values).fill(-1);
  const first = new Int32Array(values).fill(-1);
  const prolonged = new Map<number, Ref[]>();
  const open: { start: number; touched: Set<Ref> }[] = [];
  const touch = (ref: Ref, at: number): void => {
    last[ref] = at;
    for (const block of open) block.touched.add(ref);
  };
  items.forEach((item, at) => {
    for (const out of item.outs) {
      if (first[out] === -1) first[out] = at;
      touch(out, at);
    }
    for (const arg of item.args) touch(arg, at);
    if (item.kind === "loop") open.push({ start: at, touched: new Set() });
    if (item.kind !== "end" || item.parent!.kind !== "loop") return;
    const { start, touched } = open.pop()!;
    const outside = [...touched].filter((ref) => first[ref]! < start);
    for (const ref of outside) last[ref] = at;
    prolonged.set(at, outside);
  });
  for (const result of results) last[result] = items.length;
  return { last, prolonged };
}

/** Assigns locals and writes instructions. */
export class FunctionWriter {
  readonly #out = new ByteWriter();
  readonly #items: readonly Item[];
  readonly #types: readonly WasmType[];
  readonly #params: number;
  readonly #constants: ReadonlyMap<Ref, Constant>;
  readonly #source: ConstantSource;
  readonly #locals: WasmType[] = [];
  readonly #localOf = new Map<Ref, number>();
  readonly #free: Record<WasmType, number[]> = { i32: [], i64: [], f64: [], v128: [] };
  /** How often each value is an operand. */
  readonly #uses: Uint32Array;
  /** The value on top of the stack that no local holds. */
  #onStack: Ref | undefined;

  constructor(
    items: readonly Item[],
    types: readonly WasmType[],
    params: number,
    constants: ReadonlyMap<Ref, Constant>,
    source: ConstantSource,
  ) {
    this.#items = items;
    this.#types = types;
    this.#uses = new Uint32Array(types.length);
    this.#params = params;
    this.#constants = constants;
    this.#source = source;
  }

  write(results: readonly Ref[]): { locals: readonly WasmType[]; body: Uint8Array } {
    for (let k = 0; k < this.#params; k++) this.#localOf.set(k, k);
    for (const item of this.#items) for (const arg of item.args) this.#uses[arg]!++;
    // a result is never left on the stack
    for (const result of results) this.#uses[result]! += 2;
    if (this.#source === "locals") this.#loadConstants();
    const { last, prolonged } = lifetimes(this.#items, this.#types.length, results);
    this.#items.forEach((item, at) => {
      const ends = (ref: Ref): boolean => last[ref] === at;
      this.#item(item, this.#items[at + 1], ends);
      for (const ref of prolonged.get(at) ?? []) if (ends(ref)) this.#release(ref);
    });
    for (const result of results) this.#get(result);
    return { locals: this.#locals, body: this.#out.view() };
  }

  #loadConstants(): void {
    for (const [ref, constant] of this.#constants) {
      if (constant.type === "i32" || this.#uses[ref] === 0) continue;
      this.#writeConstant(constant);
      this.#localOf.set(ref, this.#newLocal(constant.type));
      this.#local("local.set", ref);
    }
  }

  #writeConstant({ type, bits }: Constant): void {
    const out = this.#out;
    if (type === "i32") {
      out.instruction("i32.const");
      out.signed(Number(bits));
    } else if (this.#source === "locals") {
      out.instruction("v128.const");
      out.i64(bits);
      out.i64(bits);
    } else {
      out.instruction("i32.const");
      out.signed(0);
      out.instruction("v128.load64_splat");
      out.unsigned(3);
      out.unsigned(this.#source(bits));
    }
  }

  #newLocal(type: WasmType): number {
    return this.#free[type].pop() ?? this.#params + this.#locals.push(type) - 1;
  }

  #local(opcode: Opcode, ref: Ref): void {
    this.#out.instruction(opcode);
    this.#out.unsigned(this.#localOf.get(ref)!);
  }

  #get(ref: Ref): void {
    if (this.#onStack === ref) {
      this.#onStack = undefined;
      return;
    }
    const constant = this.#constants.get(ref);
    if (constant && !this.#localOf.has(ref)) this.#writeConstant(constant);
    else this.#local("local.get", ref);
  }

  /** @param ends whether a value is not needed after this item */
  #item(item: Item, next: Item | undefined, ends: (ref: Ref) => boolean): void {
    if (item.kind === "sequence") this.#sequence(item.code!);
    else for (const arg of this.#ordered(item)) this.#get(arg);
    this.#operation(item);
    for (const arg of item.args) if (ends(arg) && !item.outs.includes(arg)) this.#release(arg);
    for (let k = item.outs.length - 1; k >= 0; k--) this.#keep(item.outs[k]!, next, item);
    for (const out of item.outs) if (ends(out)) this.#release(out);
  }

  #release(ref: Ref): void {
    const local = this.#localOf.get(ref);
    if (local === undefined || ref < this.#params || this.#constants.has(ref)) return;
    this.#localOf.delete(ref);
    this.#free[this.#types[ref]!].push(local);
  }

  /** Operands in stack order: the value that is on the stack already comes first. */
  #ordered(item: Item): readonly Ref[] {
    const [a, b] = item.args;
    const swap = this.#onStack !== undefined && b === this.#onStack && item.opcode && commutative.has(item.opcode);
    return swap ? [b, a!] : item.args;
  }

  #sequence(code: readonly Token[]): void {
    for (const token of code) {
      if (typeof token === "number") this.#get(token);
      else {
        this.#out.instruction(token.opcode);
        this.#out.append(token.immediate);
      }
    }
  }

  #operation(item: Item): void {
    const out = this.#out;
    switch (item.kind) {
      case "operation":
        out.instruction(item.opcode!);
        out.append(item.immediate);
        break;
      case "call":
        out.instruction("call");
        out.append(item.immediate);
        break;
      case "if":
      case "loop":
        out.instruction(item.kind);
        out.byte(0x40);
        break;
      case "repeat":
        out.instruction("br_if");
        out.unsigned(0);
        break;
      case "end":
        out.instruction("end");
        break;
      case "assign":
      case "sequence":
    }
  }

  /** Stores a result, or leaves it on the stack for the next item. */
  #keep(out: Ref, next: Item | undefined, item: Item): void {
    const single = item.outs.length === 1 && item.kind !== "assign";
    const [a, b] = next?.args ?? [];
    const first = a === out || (b === out && next?.opcode !== undefined && commutative.has(next.opcode));
    const straight = single && first && next !== undefined && next.kind !== "sequence";
    if (straight && this.#uses[out] === 1) {
      this.#onStack = out;
      return;
    }
    if (!this.#localOf.has(out)) this.#localOf.set(out, this.#newLocal(this.#types[out]!));
    this.#local(straight ? "local.tee" : "local.set", out);
    if (straight) this.#onStack = out;
  }
}
