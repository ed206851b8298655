import type { Network } from "../../network.ts";
import type { Routine, Table } from "../elementary/lanes.ts";
import type { MachineUnit } from "../ensemble/wide.ts";
import type { NetworkWish } from "../program.ts";
import { encodeModule, type ImportedFunction, type WasmFunction, type WasmType } from "./encoder.ts";
import { bitsOf, FunctionBuilder } from "./function.ts";
import type { Ref } from "./instructions.ts";
import { type LateCall, wasmLanes } from "./lanes.ts";
import { networkFunction, pairFunction } from "./network.ts";
import type { NetworkMemory } from "./network-memory.ts";

const pageSize = 65536;

/** A module under construction: functions, the routines they call, and their constants at the start of the memory. */
export class WasmUnit implements MachineUnit {
  readonly fma: boolean;
  readonly #functions: (WasmFunction | undefined)[] = [];
  readonly #routines = new Map<string, number>();
  readonly #tables = new Map<string, number>();
  readonly #places = new Map<bigint, number>();
  readonly #words: bigint[] = [];
  readonly #start: number;
  /** Reads constants from the memory: what functions without loops do. */
  readonly constants = (bits: bigint): number => this.#place(bits);

  readonly late: LateCall | undefined;
  readonly #networks: NetworkMemory | undefined;
  readonly #networkFunctions = new Map<Network, Map<string, number>>();
  readonly #imported: readonly ImportedFunction[];

  /**
   * @param options.reserved bytes at the start of the memory that the functions use themselves
   * @param options.networks what its functions may call; they stand within `reserved`
   * @param options.late how rare routines are called; what it imports is function 0
   */
  constructor(options: {
    readonly fma: boolean;
    readonly reserved?: number;
    readonly networks?: NetworkMemory | undefined;
    readonly late?: { readonly imported: ImportedFunction; readonly call: LateCall } | undefined;
  }) {
    this.fma = options.fma;
    this.#start = options.reserved ?? 0;
    this.late = options.late?.call;
    this.#networks = options.networks;
    this.#imported = options.late ? [options.late.imported] : [];
  }

  /** The index of the function that does this routine on pairs. */
  routine(routine: Routine): number {
    const known = this.#routines.get(routine.name);
    if (known !== undefined) return known;
    const place = this.#functions.push(undefined) - 1;
    const index = this.#imported.length + place;
    this.#routines.set(routine.name, index);
    const vectors = (count: number): WasmType[] => new Array<WasmType>(count).fill("v128");
    const f = new FunctionBuilder(vectors(routine.arity), vectors(routine.results));
    const args: Ref[] = Array.from({ length: routine.arity }, (_, k) => k);
    const results = routine.body(wasmLanes(f, this), ...args);
    this.#functions[place] = f.finish(results, this.constants);
    return index;
  }

  network(network: Network, wish: NetworkWish): number {
    const own = this.#networkFunctions.get(network) ?? new Map<string, number>();
    this.#networkFunctions.set(network, own);
    const key = `${wish.slopes} ${wish.rows}`;
    const known = own.get(key);
    if (known !== undefined) return known;
    const one = this.add(networkFunction(this, network, this.#networks!.places.get(network)!, wish));
    const index = this.add(pairFunction(one, network, wish));
    own.set(key, index);
    return index;
  }

  table(table: Table): number {
    const known = this.#tables.get(table.name);
    if (known !== undefined) return known;
    const address = this.#start + 8 * this.#words.length;
    this.#tables.set(table.name, address);
    for (const value of table.values) this.#words.push(bitsOf(value));
    return address;
  }

  #place(bits: bigint): number {
    const known = this.#places.get(bits);
    if (known !== undefined) return known;
    const address = this.#start + 8 * (this.#words.push(bits) - 1);
    this.#places.set(bits, address);
    return address;
  }

  add(fn: WasmFunction): number {
    return this.#imported.length + this.#functions.push(fn) - 1;
  }

  /** The first free address, a multiple of 64. */
  get heap(): number {
    return Math.ceil((this.#start + 8 * this.#words.length) / 64) * 64;
  }

  /** @param sharedPages for a module that imports a shared memory: the most pages that it may have */
  encode(custom: Readonly<Record<string, Uint8Array>> = {}, sharedPages?: number): Uint8Array<ArrayBuffer> {
    const data = new DataView(new ArrayBuffer(8 * this.#words.length));
    this.#words.forEach((bits, k) => {
      data.setBigUint64(8 * k, bits, true);
    });
    return encodeModule({
      imported: this.#imported,
      functions: this.#functions.map((fn) => fn!),
      data: [...(this.#networks?.segments ?? []), { address: this.#start, bytes: new Uint8Array(data.buffer) }],
      pages: Math.ceil(this.heap / pageSize) + 1,
      sharedPages,
      custom,
    });
  }
}
