import { countUses } from "./ensemble/unrolling.ts";
import { wideMachine } from "./ensemble/wide.ts";
import { networkCalls, type Program, type Statement, type ValueId } from "./program.ts";
import type { Meta, Quantity, Source, Target } from "./target.ts";
import { FunctionBuilder } from "./wasm/function.ts";
import type { Ref } from "./wasm/instructions.ts";
import { memoryPlace } from "./wasm/lanes.ts";
import { loaderText } from "./wasm/loader.ts";
import { placeNetworks } from "./wasm/network-memory.ts";
import { type Partition, partition } from "./wasm/parts.ts";
import { type PairPlaces, ProgramWriter, pairPlaces } from "./wasm/program.ts";
import { WasmUnit } from "./wasm/unit.ts";

/** `--target wasm`: bytes that evaluate batches, two states at a time. */
export const wasm: Target = {
  name: "wasm",
  description: "WebAssembly, batches of states in f64 SIMD; with a loader module",
  extension: "wasm",
  options: ["fma"],
  emit: (source, options) => ({
    kind: "bytes",
    bytes: emitWasm(source, options),
    loader: loaderText(source.meta),
  }),
};

/** What a module says of itself in its custom section `hnnc`, as JSON. */
export interface WasmDescription {
  readonly meta: Meta;
  /** Name, offset and length of each parameter in the parameter vector. */
  readonly places: readonly (readonly [name: string, offset: number, size: number])[];
  /** The first address that the module leaves to its caller. */
  readonly heap: number;
  /** Whether it holds fused multiply-adds, whose bits differ between machines. */
  readonly fma: boolean;
}

export const quantities = ["hamiltonian", "gradient", "field"] as const satisfies readonly Quantity[];

const vectorBytes = 16;

/** A program, and how it is cut where it is too long for one function. */
interface Planned {
  readonly program: Program;
  readonly parts: Partition | undefined;
}

/**
 * The module's bytes. It exports `memory` and, for each quantity, a function of (address of B states, row-major
 * [B, 2n]; address of the outputs, [B] or [B, 2n]; address of the parameter vector; B ≥ 1; t).
 */
export function emitWasm(
  source: Source,
  options: { readonly fma?: boolean | undefined } = {},
): Uint8Array<ArrayBuffer> {
  const { layout } = source.equations;
  const plans = quantities.map((quantity): Planned => {
    const program = source.program(quantity);
    return { program, parts: partition(program) };
  });
  const crossing = Math.max(...plans.map(({ parts }) => parts?.slots.size ?? 0));
  const scratch = 64 * Math.ceil((vectorBytes * crossing) / 64);
  const called = plans.flatMap(({ program }) => networkCalls(program.body)).map(({ network }) => network);
  const { scratchBytes } = placeNetworks(called, 0);
  const networks = placeNetworks(called, scratch + scratchBytes);
  const unit = new WasmUnit({ fma: options.fma === true, reserved: networks.end, networks });
  quantities.forEach((quantity, k) => {
    addBatchFunction(unit, quantity, plans[k]!, { dimension: layout.dimension, scratch });
  });
  const description: WasmDescription = {
    meta: source.meta,
    places: [...layout.parameters.values()].map(({ name, offset, size }) => [name, offset, size]),
    heap: unit.heap,
    fma: unit.fma,
  };
  return unit.encode({ hnnc: new TextEncoder().encode(JSON.stringify(description)) });
}

/**
 * A loop over pairs of rows. Where the number of states is odd, the last one stands in both lanes, so that it passes
 * through the same operations as all others.
 */
function addBatchFunction(
  unit: WasmUnit,
  name: string,
  { program, parts }: Planned,
  { dimension, scratch }: { readonly dimension: number; readonly scratch: number },
): void {
  const f = new FunctionBuilder(["i32", "i32", "i32", "i32", "f64"], []);
  const [states, outs, parameters, count, t] = [0, 1, 2, 3, 4] as const;
  const i32 = (opcode: "i32.add" | "i32.mul" | "i32.sub" | "i32.eq" | "i32.le_s", a: Ref, b: Ref): Ref =>
    f.pure(opcode, "i32", [a, b]);
  const [stateBytes, outBytes] = [f.i32(8 * dimension), f.i32(8 * program.outputs)];
  if (program.cleared) f.effect("memory.fill", [outs, f.i32(0), i32("i32.mul", count, outBytes)], [0]);
  const last = i32("i32.add", states, i32("i32.mul", i32("i32.sub", count, f.i32(1)), stateBytes));
  const row = f.variable(states);
  const out = f.variable(outs);
  const inputs = { parameters, time: f.pure("f64x2.splat", "v128", [t]), scratch: f.i32(scratch) };
  const body = parts
    ? callsOfParts(f, addParts(unit, program, parts, scratch), [parameters, t])
    : pairBody(f, unit, program, { states: [row, row], outs: [out, out], ...inputs });
  f.loop(() => {
    const single = i32("i32.eq", row, last);
    const pair = (first: Ref, bytes: Ref): readonly [Ref, Ref] => [
      first,
      f.pure("select", "i32", [first, i32("i32.add", first, bytes), single]),
    ];
    body({ states: pair(row, stateBytes), outs: pair(out, outBytes), ...inputs });
    f.assign(row, i32("i32.add", row, i32("i32.add", stateBytes, stateBytes)));
    f.assign(out, i32("i32.add", out, i32("i32.add", outBytes, outBytes)));
    return i32("i32.le_s", row, last);
  });
  unit.add(f.finish([], "locals", name));
}

type Body = (places: PairPlaces) => void;

/** The whole program in place; what does not depend on the state is computed here, before the loop. */
function pairBody(f: FunctionBuilder, unit: WasmUnit, program: Program, outside: PairPlaces): Body {
  const { invariant, varying } = splitInvariant(program.body);
  const uses = countUses(program.body);
  const machine = wideMachine(f, unit, 1);
  const before = new ProgramWriter(machine, uses, pairPlaces(f, outside));
  before.loadParameters(program.body);
  before.statements(invariant);
  return (places) => {
    const writer = new ProgramWriter(machine, uses, pairPlaces(f, places));
    for (const { id } of invariant) writer.define(id, before.value(id));
    writer.statements(varying);
  };
}

/** Calls of the functions of a partition, one after the other for each pair. */
function callsOfParts(f: FunctionBuilder, indices: readonly number[], rest: readonly Ref[]): Body {
  return ({ states, outs }) => {
    for (const index of indices) f.call(index, [...states, ...outs, ...rest], [], true);
  };
}

/** One function a part; crossing values stand at the start of the memory, 16 bytes each. */
function addParts(
  unit: WasmUnit,
  program: Program,
  { parts, slots, accumulators }: Partition,
  scratch: number,
): number[] {
  const uses = countUses(program.body);
  return parts.map(({ statements, imports, exports }) => {
    const f = new FunctionBuilder(["i32", "i32", "i32", "i32", "i32", "f64"], []);
    const time = f.pure("f64x2.splat", "v128", [5]);
    const places = pairPlaces(f, { states: [0, 1], outs: [2, 3], parameters: 4, time, scratch: f.i32(scratch) });
    const writer = new ProgramWriter(wideMachine(f, unit, 1), uses, places);
    const place = (id: ValueId): number[] => memoryPlace(4, vectorBytes * slots.get(id)!);
    for (const id of imports) {
      const value = f.read("v128.load", "v128", [f.i32(0)], place(id));
      writer.define(id, [accumulators.has(id) ? f.variable(value) : value]);
    }
    writer.statements(statements);
    for (const id of exports) f.effect("v128.store", [f.i32(0), writer.value(id)[0]!], place(id));
    return unit.add(f.finish([], unit.constants));
  });
}

type Let = Extract<Statement, { kind: "let" }>;

/** Parts the statements that depend on parameters, time and constants alone from the others. */
function splitInvariant(body: readonly Statement[]): { invariant: Let[]; varying: Statement[] } {
  const known = new Set<ValueId>();
  const isInvariant = (statement: Statement): statement is Let => {
    if (statement.kind !== "let") return false;
    const { value } = statement;
    if (value.kind === "op") return value.args.every((arg) => known.has(arg));
    if (value.kind === "parameter") return value.at.terms.length === 0 && value.at.edges.length === 0;
    return value.kind === "const" || value.kind === "time";
  };
  const invariant: Let[] = [];
  const varying: Statement[] = [];
  for (const statement of body) {
    if (isInvariant(statement)) {
      known.add(statement.id);
      invariant.push(statement);
    } else varying.push(statement);
  }
  return { invariant, varying };
}
