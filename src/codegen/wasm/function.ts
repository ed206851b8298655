import { unsignedBytes, type WasmFunction, type WasmType } from "./encoder.ts";
import {
  type Constant,
  type ConstantSource,
  FunctionWriter,
  type Immediate,
  type Item,
  markLive,
  type Ref,
  type Token,
} from "./instructions.ts";
import type { Opcode } from "./opcodes.ts";

const floatBits = new DataView(new ArrayBuffer(8));

/** The bit pattern of a number. */
export function bitsOf(value: number): bigint {
  floatBits.setFloat64(0, value);
  return floatBits.getBigUint64(0);
}

/**
 * Builds one WebAssembly function from single-assignment values; equal pure operations are computed once, unused ones
 * are dropped, and locals are reused as soon as their value is dead.
 *
 * @example
 * const f = new FunctionBuilder(["f64"], ["f64"]);
 * const fn = f.finish([f.pure("f64.mul", "f64", [0, 0])], "locals");
 */
export class FunctionBuilder {
  readonly #params: readonly WasmType[];
  readonly #results: readonly WasmType[];
  readonly #types: WasmType[];
  readonly #items: Item[] = [];
  readonly #constants = new Map<Ref, Constant>();
  readonly #constantRefs = new Map<string, Ref>();
  readonly #variables = new Map<Ref, number>();
  readonly #scopes: Map<string, Ref>[] = [new Map()];
  readonly #blocks: Item[] = [];

  /** Parameters are the values 0, 1, …. */
  constructor(params: readonly WasmType[], results: readonly WasmType[]) {
    this.#params = params;
    this.#results = results;
    this.#types = [...params];
  }

  i32(value: number): Ref {
    return this.#constant("i32", BigInt(value));
  }

  /** Both lanes hold these 64 bits. */
  splatBits(bits: bigint): Ref {
    return this.#constant("v128", BigInt.asUintN(64, bits));
  }

  splat(value: number): Ref {
    return this.splatBits(bitsOf(value));
  }

  #constant(type: WasmType, bits: bigint): Ref {
    const key = `${type}${bits}`;
    const known = this.#constantRefs.get(key);
    if (known !== undefined) return known;
    const ref = this.#fresh(type);
    this.#constantRefs.set(key, ref);
    this.#constants.set(ref, { type, bits });
    return ref;
  }

  #fresh(type: WasmType): Ref {
    return this.#types.push(type) - 1;
  }

  #add(
    kind: Item["kind"],
    { opcode, args = [], outs = [], immediate = [], code, effect = false }: Partial<Item>,
  ): Item {
    const item: Item = { kind, opcode, args, outs, immediate, code, effect, parent: this.#blocks.at(-1), live: false };
    this.#items.push(item);
    return item;
  }

  /** An operation without effects, reading nothing that changes. */
  pure(opcode: Opcode, type: WasmType, args: readonly Ref[], immediate: Immediate = []): Ref {
    const names = args.map((arg) => (this.#variables.has(arg) ? `${arg}v${this.#variables.get(arg)}` : arg));
    const key = `${opcode} ${names} ${immediate}`;
    for (const scope of this.#scopes) {
      const known = scope.get(key);
      if (known !== undefined) return known;
    }
    const out = this.read(opcode, type, args, immediate);
    this.#scopes.at(-1)!.set(key, out);
    return out;
  }

  /** An operation without effects that reads memory which changes. */
  read(opcode: Opcode, type: WasmType, args: readonly Ref[], immediate: Immediate = []): Ref {
    const out = this.#fresh(type);
    this.#add("operation", { opcode, args, outs: [out], immediate });
    return out;
  }

  /**
   * Stack code that leaves one value and has no effects; it may read memory which changes. Much quicker to make than
   * its operations one by one.
   */
  sequence(type: WasmType, code: readonly Token[]): Ref {
    const out = this.#fresh(type);
    const args = code.filter((token) => typeof token === "number");
    this.#add("sequence", { args, outs: [out], code });
    return out;
  }

  /** An operation with an effect and no result. */
  effect(opcode: Opcode, args: readonly Ref[], immediate: Immediate = []): void {
    this.#add("operation", { opcode, args, immediate, effect: true });
  }

  /** Calls function `index`; without `effect` it is dropped where its results are not used. */
  call(index: number, args: readonly Ref[], results: readonly WasmType[], effect = false): readonly Ref[] {
    const outs = results.map((type) => this.#fresh(type));
    this.#add("call", { args, outs, immediate: unsignedBytes(index), effect });
    return outs;
  }

  variable(initial: Ref): Ref {
    const ref = this.#fresh(this.#types[initial]!);
    this.#variables.set(ref, 0);
    this.assign(ref, initial);
    return ref;
  }

  assign(variable: Ref, value: Ref): void {
    this.#variables.set(variable, this.#variables.get(variable)! + 1);
    this.#add("assign", { args: [value], outs: [variable] });
  }

  /** Runs `body` where the i32 `condition` is not 0. */
  when(condition: Ref, body: () => void): void {
    this.#block("if", [condition], body);
  }

  /** Runs `body` once, and again as long as the i32 that it answers is not 0. */
  loop(body: () => Ref): void {
    for (const [variable, version] of this.#variables) this.#variables.set(variable, version + 1);
    this.#block("loop", [], () => {
      this.#add("repeat", { args: [body()] });
    });
  }

  #block(kind: "if" | "loop", args: readonly Ref[], body: () => void): void {
    const item = this.#add(kind, { args });
    this.#blocks.push(item);
    this.#scopes.push(new Map());
    body();
    this.#scopes.pop();
    this.#add("end", {});
    this.#blocks.pop();
  }

  /** The finished function, returning `results`. */
  finish(results: readonly Ref[], constants: ConstantSource, exported?: string): WasmFunction {
    markLive(this.#items, results);
    const items = this.#items.filter((item) => item.live);
    const writer = new FunctionWriter(items, this.#types, this.#params.length, this.#constants, constants);
    const { locals, body } = writer.write(results);
    return { params: this.#params, results: this.#results, locals, body, exported };
  }
}
