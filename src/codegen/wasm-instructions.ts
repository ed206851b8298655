import { ByteWriter, type Opcode, type WasmType } from "./wasm-encoder.ts";

/** A value in a function under construction: a parameter, a constant, a result or a variable. */
export type Ref = number;

/** What follows an opcode besides its operands, e.g. an alignment and offset, or a lane. */
export type Immediate = readonly number[];

/** One instruction, or the start or end of a block. */
export interface Item {
  readonly kind: "operation" | "call" | "assign" | "if" | "loop" | "repeat" | "end";
  readonly opcode: Opcode | undefined;
  readonly args: readonly Ref[];
  readonly outs: readonly Ref[];
  readonly immediate: Immediate;
  /** The block that it stands in. */
  readonly parent: Item | undefined;
  /** Must stay even if nothing uses its results. */
  readonly effect: boolean;
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

/** The items that effects and results depend on. */
export function liveItems(items: readonly Item[], results: readonly Ref[]): Set<Item> {
  const makers = new Map<Ref, Item[]>();
  const closing = new Map<Item, Item[]>();
  for (const item of items) {
    for (const out of item.outs) append(makers, out, item);
    if (item.kind === "repeat" || item.kind === "end") {
      append(closing, item.parent!, item);
    }
  }
  const live = new Set<Item>();
  const pending = items.filter((item) => item.effect);
  for (const result of results) pending.push(...(makers.get(result) ?? []));
  for (let item = pending.pop(); item; item = pending.pop()) {
    if (live.has(item)) continue;
    live.add(item);
    if (item.parent) pending.push(item.parent);
    pending.push(...(closing.get(item) ?? []));
    for (const arg of item.args) pending.push(...(makers.get(arg) ?? []));
  }
  return live;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** The last item that needs each value; values from before a loop are needed until its end. */
function lastUses(items: readonly Item[], results: readonly Ref[]): Map<Ref, number> {
  const last = new Map<Ref, number>();
  const firsts = new Map<Ref, number>();
  const open: { start: number; touched: Set<Ref> }[] = [];
  items.forEach((item, at) => {
    for (const out of item.outs) if (!firsts.has(out)) firsts.set(out, at);
    for (const ref of [...item.args, ...item.outs]) {
      last.set(ref, at);
      for (const loop of open) loop.touched.add(ref);
    }
    if (item.kind === "loop" || item.kind === "if") open.push({ start: at, touched: new Set() });
    if (item.kind !== "end") return;
    const { start, touched } = open.pop()!;
    if (item.parent!.kind !== "loop") return;
    for (const ref of touched) if ((firsts.get(ref) ?? -1) < start) last.set(ref, at);
  });
  for (const result of results) last.set(result, items.length);
  return last;
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
  readonly #uses = new Map<Ref, number>();
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
    this.#params = params;
    this.#constants = constants;
    this.#source = source;
  }

  write(results: readonly Ref[]): { locals: readonly WasmType[]; body: Uint8Array } {
    for (let k = 0; k < this.#params; k++) this.#localOf.set(k, k);
    for (const ref of [...this.#items.flatMap((item) => item.args), ...results]) {
      this.#uses.set(ref, (this.#uses.get(ref) ?? 0) + 1);
    }
    if (this.#source === "locals") this.#loadConstants();
    const last = lastUses(this.#items, results);
    const dying = new Map<number, Ref[]>();
    for (const [ref, at] of last) {
      if (ref >= this.#params && !this.#constants.has(ref)) append(dying, at, ref);
    }
    this.#items.forEach((item, at) => {
      this.#item(item, at, dying.get(at) ?? [], results);
    });
    for (const result of results) this.#get(result);
    return { locals: this.#locals, body: this.#out.view() };
  }

  #loadConstants(): void {
    for (const [ref, constant] of this.#constants) {
      if (constant.type === "i32" || !this.#uses.has(ref)) continue;
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

  #item(item: Item, at: number, dying: readonly Ref[], results: readonly Ref[]): void {
    const args = this.#ordered(item);
    for (const arg of args) this.#get(arg);
    this.#operation(item);
    for (const ref of dying) if (!item.outs.includes(ref)) this.#release(ref);
    const next = this.#items[at + 1];
    for (const out of item.outs.toReversed()) this.#keep(out, next, item, results);
    for (const ref of dying) if (item.outs.includes(ref)) this.#release(ref);
  }

  #release(ref: Ref): void {
    const local = this.#localOf.get(ref);
    if (local === undefined) return;
    this.#localOf.delete(ref);
    this.#free[this.#types[ref]!].push(local);
  }

  /** Operands in stack order: the value that is on the stack already comes first. */
  #ordered(item: Item): readonly Ref[] {
    const [a, b] = item.args;
    const swap = this.#onStack !== undefined && b === this.#onStack && item.opcode && commutative.has(item.opcode);
    return swap ? [b, a!] : item.args;
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
    }
  }

  /** Stores a result, or leaves it on the stack for the next item. */
  #keep(out: Ref, next: Item | undefined, item: Item, results: readonly Ref[]): void {
    const single = item.outs.length === 1 && item.kind !== "assign";
    const [a, b] = next?.args ?? [];
    const first = a === out || (b === out && next?.opcode !== undefined && commutative.has(next.opcode));
    const straight = single && first && next !== undefined;
    if (straight && this.#uses.get(out) === 1 && !results.includes(out)) {
      this.#onStack = out;
      return;
    }
    if (!this.#localOf.has(out)) this.#localOf.set(out, this.#newLocal(this.#types[out]!));
    this.#local(straight ? "local.tee" : "local.set", out);
    if (straight) this.#onStack = out;
  }
}
