import { ByteWriter, type WasmType } from "./encoder.ts";
import {
  type Constant,
  type ConstantSource,
  commutative,
  type Draft,
  type Item,
  Kind,
  type Ref,
  type StackCode,
} from "./instructions.ts";
import type { Lifetimes } from "./lifetimes.ts";
import { opcodes } from "./opcodes.ts";
import { following, isTemporary } from "./run.ts";

const { "local.get": localGet, "local.set": localSet, "local.tee": localTee } = opcodes;
const none = -1;

/** Assigns locals and writes instructions. */
export class FunctionWriter {
  readonly #out = new ByteWriter();
  readonly #draft: Draft;
  readonly #source: ConstantSource;
  readonly #lifetimes: Lifetimes;
  readonly #locals: WasmType[] = [];
  /** The local that holds each value, or none. */
  readonly #localOf: Int32Array;
  readonly #free: Record<WasmType, number[]> = { i32: [], i64: [], f64: [], v128: [] };
  /** The value on top of the stack that no local holds, or none. */
  #onStack: Ref = none;

  constructor(draft: Draft, lifetimes: Lifetimes, source: ConstantSource) {
    this.#draft = draft;
    this.#lifetimes = lifetimes;
    this.#source = source;
    this.#localOf = new Int32Array(draft.types.length).fill(none);
  }

  write(results: readonly Ref[]): { locals: readonly WasmType[]; body: Uint8Array } {
    const { items, params } = this.#draft;
    const { prolonged, last } = this.#lifetimes;
    for (let k = 0; k < params; k++) this.#localOf[k] = k;
    if (this.#source === "locals") this.#loadConstants();
    let item = nextLive(items, 0);
    while (item !== undefined) {
      const next = nextLive(items, item.at + 1);
      this.#item(item, next);
      const kept = item.kind === Kind.End ? prolonged.get(item) : undefined;
      if (kept) for (const ref of kept) if (last[ref] === item.at) this.#release(ref);
      item = next;
    }
    for (const result of results) this.#get(result);
    return { locals: this.#locals, body: this.#out.view() };
  }

  #loadConstants(): void {
    for (const [ref, constant] of this.#draft.constants) {
      if (constant.type === "i32" || this.#lifetimes.uses[ref] === 0) continue;
      this.#writeConstant(constant);
      const local = this.#newLocal(constant.type);
      this.#localOf[ref] = local;
      this.#out.indexed(localSet, local);
    }
  }

  #writeConstant(constant: Constant): void {
    const out = this.#out;
    const { type, bits } = constant;
    if (type === "i32") {
      out.code(opcodes["i32.const"]);
      out.signed(Number(bits));
    } else if (this.#source === "locals") {
      out.code(opcodes["v128.const"]);
      out.i64(bits);
      out.i64(bits);
    } else {
      constant.address ??= this.#source(bits);
      out.indexed(opcodes["i32.const"], 0);
      out.code(opcodes["v128.load64_splat"]);
      out.indexed(3, constant.address);
    }
  }

  #newLocal(type: WasmType): number {
    return this.#free[type].pop() ?? this.#draft.params + this.#locals.push(type) - 1;
  }

  #get(ref: Ref): void {
    if (this.#onStack === ref) {
      this.#onStack = none;
      return;
    }
    const local = this.#localOf[ref]!;
    if (local >= 0) this.#out.indexed(localGet, local);
    else this.#writeConstant(this.#draft.constants.get(ref)!);
  }

  #item(item: Item, next: Item | undefined): void {
    const { kind, args, at, out, outs } = item;
    const { last } = this.#lifetimes;
    if (kind === Kind.Run) this.#run(item, item.run!);
    else if (this.#onStack !== none && args[1] === this.#onStack && commutative.has(item.code)) {
      // the value that is on the stack already comes first
      this.#get(args[1]);
      this.#get(args[0]!);
    } else for (let k = 0; k < args.length; k++) this.#get(args[k]!);
    this.#operation(item);
    for (let k = 0; k < args.length; k++) {
      const arg = args[k]!;
      if (last[arg] === at && (arg < out || arg >= out + outs)) this.#release(arg);
    }
    if (item.run === undefined || item.run.temporaries === 0) {
      for (let ref = out + outs - 1; ref >= out && outs > 0; ref--) this.#keep(ref, next, item);
    }
    for (let ref = out; ref < out + outs; ref++) if (last[ref] === at) this.#release(ref);
  }

  #release(ref: Ref): void {
    const local = this.#localOf[ref]!;
    const { params, constants, types } = this.#draft;
    if (local < 0 || ref < params || constants.has(ref)) return;
    this.#localOf[ref] = none;
    this.#free[types[ref]!].push(local);
  }

  #run({ out: first, outs }: Item, { tokens, temporaries }: StackCode): void {
    const out = this.#out;
    const own: number[] = [];
    for (let k = 0; k < temporaries; k++) own.push(this.#newLocal("v128"));
    for (let k = 0; k < tokens.length; k++) {
      const token = tokens[k]!;
      if (token >= 0) {
        this.#get(token);
        continue;
      }
      const code = ~token;
      if (isTemporary(code)) {
        out.indexed(code, own[tokens[++k]!]!);
        continue;
      }
      out.code(code);
      const more = following.get(code);
      if (more !== undefined) out.indexed(3, tokens[++k]!);
      if (more === 2) out.byte(tokens[++k]!);
    }
    for (let k = 0; k < temporaries; k++) {
      if (k < outs) this.#localOf[first + k] = own[k]!;
      else this.#free.v128.push(own[k]!);
    }
  }

  #operation({ kind, code, immediate }: Item): void {
    const out = this.#out;
    switch (kind) {
      case Kind.Operation:
        out.code(code);
        if (immediate.length > 0) out.few(immediate);
        break;
      case Kind.Call:
        out.code(opcodes.call);
        out.few(immediate);
        break;
      case Kind.If:
      case Kind.Loop:
        out.code(kind === Kind.If ? opcodes.if : opcodes.loop);
        out.byte(0x40);
        break;
      case Kind.Repeat:
        out.indexed(opcodes.br_if, 0);
        break;
      case Kind.End:
        out.code(opcodes.end);
        break;
      case Kind.Assign:
      case Kind.Run:
    }
  }

  /** Stores a result, or leaves it on the stack for the next item. */
  #keep(ref: Ref, next: Item | undefined, item: Item): void {
    const straight =
      item.outs === 1 &&
      item.kind !== Kind.Assign &&
      next !== undefined &&
      next.kind !== Kind.Run &&
      (next.args[0] === ref || (next.args[1] === ref && commutative.has(next.code)));
    if (straight && this.#lifetimes.uses[ref] === 1) {
      this.#onStack = ref;
      return;
    }
    if (this.#localOf[ref]! < 0) this.#localOf[ref] = this.#newLocal(this.#draft.types[ref]!);
    this.#out.indexed(straight ? localTee : localSet, this.#localOf[ref]!);
    if (straight) this.#onStack = ref;
  }
}

function nextLive(items: readonly Item[], from: number): Item | undefined {
  for (let at = from; at < items.length; at++) if (items[at]!.live) return items[at];
  return undefined;
}
