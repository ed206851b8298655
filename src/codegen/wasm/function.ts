import { unsignedBytes, type WasmFunction, type WasmType } from "./encoder.ts";
import { FunctionWriter } from "./function-writer.ts";
import {
  type Constant,
  type ConstantSource,
  type Draft,
  type Immediate,
  type Item,
  Kind,
  type Ref,
  type StackCode,
} from "./instructions.ts";
import { findLifetimes } from "./lifetimes.ts";
import { type Opcode, opcodes } from "./opcodes.ts";

const floatBits = new DataView(new ArrayBuffer(8));

/** The bit pattern of a number. */
export function bitsOf(value: number): bigint {
  floatBits.setFloat64(0, value);
  return floatBits.getBigUint64(0);
}

/** A pure operation that was made, and the one before it whose hash is the same. */
interface Known {
  readonly hash: number;
  readonly code: number;
  readonly args: readonly Ref[];
  /** How often its arguments (three at most) had been assigned, 17 bits each. */
  readonly versions: number;
  readonly immediate: Immediate;
  readonly out: Ref;
  readonly before: Known | undefined;
}

const nothing: readonly never[] = [];

/**
 * Builds one WebAssembly function from single-assignment values; equal pure operations are computed once, unused ones
 * are dropped, and locals are reused as soon as their value is dead.
 *
 * Thousands of items go through here once in a process, in code that the machine has not compiled yet: what counts is
 * how few steps each takes, and how few objects.
 *
 * @example
 * const f = new FunctionBuilder(["f64"], ["f64"]);
 * const fn = f.finish([f.pure("f64.mul", "f64", [0, 0])], "locals");
 */
export class FunctionBuilder implements Draft {
  readonly params: number;
  readonly items: Item[] = [];
  readonly effective: Item[] = [];
  readonly types: WasmType[];
  readonly makers: (Item | undefined)[] = [];
  readonly assignments = new Map<Ref, Item[]>();
  readonly closings = new Map<Item, Item[]>();
  readonly constants = new Map<Ref, Constant>();
  readonly #signature: { readonly params: readonly WasmType[]; readonly results: readonly WasmType[] };
  readonly #integers = new Map<number, Ref>();
  readonly #numbers = new Map<number, Ref>();
  readonly #patterns = new Map<bigint, Ref>();
  /** For each variable, how often it has been assigned or may have been. */
  readonly #versions = new Map<Ref, number>();
  readonly #known = new Map<number, Known>();
  /** What became known in each open block, to be forgotten at its end. */
  readonly #scopes: Known[][] = [];
  #block: Item | undefined;

  /** Parameters are the values 0, 1, …. */
  constructor(params: readonly WasmType[], results: readonly WasmType[]) {
    this.#signature = { params, results };
    this.params = params.length;
    this.types = [...params];
  }

  i32(value: number): Ref {
    const known = this.#integers.get(value);
    if (known !== undefined) return known;
    const ref = this.#constant("i32", BigInt(value));
    this.#integers.set(value, ref);
    return ref;
  }

  /** Both lanes hold these 64 bits. */
  splatBits(bits: bigint): Ref {
    const pattern = BigInt.asUintN(64, bits);
    const known = this.#patterns.get(pattern);
    if (known !== undefined) return known;
    const ref = this.#constant("v128", pattern);
    this.#patterns.set(pattern, ref);
    return ref;
  }

  splat(value: number): Ref {
    // the map takes the zeros for one
    if (value === 0) return this.splatBits(bitsOf(value));
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const ref = this.splatBits(bitsOf(value));
    this.#numbers.set(value, ref);
    return ref;
  }

  #constant(type: WasmType, bits: bigint): Ref {
    const ref = this.#fresh(type);
    this.constants.set(ref, { type, bits, address: undefined });
    return ref;
  }

  #fresh(type: WasmType): Ref {
    return this.types.push(type) - 1;
  }

  /** @param out the first of `outs` results */
  #add(
    kind: Kind,
    code: number,
    args: readonly Ref[],
    out: Ref,
    outs: number,
    immediate: Immediate,
    run?: StackCode,
  ): Item {
    const at = this.items.length;
    const item: Item = { kind, code, args, out, outs, immediate, run, parent: this.#block, at, live: false };
    this.items.push(item);
    for (let ref = out; ref < out + outs; ref++) this.makers[ref] ??= item;
    return item;
  }

  /** An operation without effects, reading nothing that changes. */
  pure(opcode: Opcode, type: WasmType, args: readonly Ref[], immediate: Immediate = nothing): Ref {
    const code = opcodes[opcode];
    let versions = 0;
    let hash = code;
    for (let k = 0; k < args.length; k++) {
      const arg = args[k]!;
      hash = (hash * 31 + arg) | 0;
      versions = versions * 0x20000 + (this.#versions.get(arg) ?? 0);
    }
    const first = this.#known.get(hash);
    for (let known = first; known !== undefined; known = known.before) {
      if (
        known.code === code &&
        known.versions === versions &&
        equal(known.args, args) &&
        equal(known.immediate, immediate)
      ) {
        return known.out;
      }
    }
    const out = this.#fresh(type);
    this.#add(Kind.Operation, code, args, out, 1, immediate);
    const made: Known = { hash, code, args, versions, immediate, out, before: first };
    this.#known.set(hash, made);
    if (this.#scopes.length > 0) this.#scopes[this.#scopes.length - 1]!.push(made);
    return out;
  }

  /** An operation without effects that reads memory which changes. */
  read(opcode: Opcode, type: WasmType, args: readonly Ref[], immediate: Immediate = nothing): Ref {
    const out = this.#fresh(type);
    this.#add(Kind.Operation, opcodes[opcode], args, out, 1, immediate);
    return out;
  }

  /**
   * Stack code without effects, which may read memory that changes. It leaves one value, or, where it has temporaries,
   * `results` of them.
   *
   * @returns the first result; the others have the numbers behind it
   */
  run(run: StackCode, results = 1): Ref {
    const out = this.types.length;
    for (let k = 0; k < results; k++) this.#fresh("v128");
    this.#add(Kind.Run, 0, run.args, out, results, nothing, run);
    return out;
  }

  /** Stack code with effects that leaves nothing. */
  effects(run: StackCode): void {
    this.effective.push(this.#add(Kind.Run, 0, run.args, -1, 0, nothing, run));
  }

  /** An operation with an effect and no result. */
  effect(opcode: Opcode, args: readonly Ref[], immediate: Immediate = nothing): void {
    this.effective.push(this.#add(Kind.Operation, opcodes[opcode], args, -1, 0, immediate));
  }

  /** Calls function `index`; without `effect` it is dropped where its results are not used. */
  call(index: number, args: readonly Ref[], results: readonly WasmType[], effect = false): readonly Ref[] {
    const outs = results.map((type) => this.#fresh(type));
    const item = this.#add(Kind.Call, 0, args, outs[0] ?? -1, outs.length, unsignedBytes(index));
    if (effect) this.effective.push(item);
    return outs;
  }

  variable(initial: Ref): Ref {
    const ref = this.#fresh(this.types[initial]!);
    this.#versions.set(ref, 0);
    this.assignments.set(ref, []);
    this.assign(ref, initial);
    return ref;
  }

  assign(variable: Ref, value: Ref): void {
    this.#versions.set(variable, this.#versions.get(variable)! + 1);
    this.assignments.get(variable)!.push(this.#add(Kind.Assign, 0, [value], variable, 1, nothing));
  }

  /** Runs `body` where the i32 `condition` is not 0. */
  when(condition: Ref, body: () => void): void {
    this.#inside(this.#add(Kind.If, 0, [condition], -1, 0, nothing), body);
  }

  /** Runs `body` once, and again as long as the i32 that it answers is not 0. */
  loop(body: () => Ref): void {
    for (const [variable, version] of this.#versions) this.#versions.set(variable, version + 1);
    const loop = this.#add(Kind.Loop, 0, nothing, -1, 0, nothing);
    this.#inside(loop, () => {
      this.closings.get(loop)!.push(this.#add(Kind.Repeat, 0, [body()], -1, 0, nothing));
    });
  }

  #inside(block: Item, body: () => void): void {
    const around = this.#block;
    this.closings.set(block, []);
    this.#scopes.push([]);
    this.#block = block;
    body();
    this.closings.get(block)!.push(this.#add(Kind.End, 0, nothing, -1, 0, nothing));
    this.#block = around;
    const inside = this.#scopes.pop()!;
    for (let known = inside.pop(); known; known = inside.pop()) {
      if (known.before) this.#known.set(known.hash, known.before);
      else this.#known.delete(known.hash);
    }
  }

  /** The finished function, returning `results`. */
  finish(results: readonly Ref[], constants: ConstantSource, exported?: string): WasmFunction {
    const lifetimes = findLifetimes(this, results);
    const { locals, body } = new FunctionWriter(this, lifetimes, constants).write(results);
    return { ...this.#signature, locals, body, exported };
  }
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}
