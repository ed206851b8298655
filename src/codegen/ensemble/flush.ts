import { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { memoryPlace } from "../wasm/lanes.ts";
import { entryBytes, storeWide } from "../wasm/vectors.ts";
import { type AdaptiveLayout, laneRows, settings } from "./adaptive-layout.ts";
import { control, type KernelUnit, loadI32, loadNumber, row, storeI32 } from "./tile.ts";
import type { Machine, Wide } from "./wide.ts";

/** Parameters: the tile's address + 8·lane and + 4·lane, the number of the lane in all, the end of the block. */
const [at8, at4, lane, last, scratch] = [0, 1, 2, 3, 4] as const;

/**
 * Adds the function that writes the samples which one lane has passed, from the dense output that its tile holds. When
 * the lane has written the last sample of the block it rests.
 */
export function addFlush(kernel: KernelUnit, layout: AdaptiveLayout): number {
  const { hamiltonian, width } = kernel.plan;
  const energy = hamiltonian && kernel.part(hamiltonian, "hamiltonian");
  const f = new FunctionBuilder(["i32", "i32", "i32", "i32", "i32"], []);
  const machine = kernel.machine(f);
  const { lanes } = machine;
  const bytes = entryBytes(width);
  const sample = kernel.claim(bytes * (layout.phaseLength + 1));
  const number = (name: keyof typeof laneRows): Wide => one(machine, at8, bytes * laneRows[name]);
  const [time, lastT, lastH] = [number("time"), number("lastT"), number("lastH")];
  const sign = loadNumber(machine, f.i32(0), control.settings + settings.sign);
  const next = f.variable(loadI32(f, at4, bytes * laneRows.next));
  const due = f.variable(number("due")[0]!);
  const op = i32Operation(f);
  const passed = (): Ref => {
    const ahead = lanes.lessEqual(lanes.constant(0), lanes.mul(sign, lanes.sub(time, machine.same(due))));
    return op("i32.and", machine.any(ahead), op("i32.lt_s", next, last));
  };
  const first = loadI32(f, f.i32(0), control.first);
  const inBlock = (): Ref => op("i32.sub", next, first);
  f.when(passed(), () => {
    f.loop(() => {
      const place = op("i32.add", op("i32.mul", inBlock(), loadI32(f, f.i32(0), control.lanes)), lane);
      const at = { now: machine.same(due), time, lastT, lastH, sample, place };
      writeState(machine, layout, at);
      if (energy !== undefined) writeEnergy(machine, layout, energy, at);
      f.assign(next, op("i32.add", next, f.i32(1)));
      const plan = op("i32.add", loadI32(f, f.i32(0), control.plan), op("i32.mul", inBlock(), f.i32(row.extra)));
      f.assign(due, loadNumber(machine, plan, row.to)[0]!);
      return passed();
    });
  });
  storeI32(f, at4, bytes * laneRows.next, next);
  f.effect("v128.store64_lane", [at8, due], [...memoryPlace(3, bytes * laneRows.due), 0]);
  f.when(op("i32.eq", next, last), () => {
    f.effect("v128.store64_lane", [at8, f.splatBits(0n)], [...memoryPlace(3, bytes * laneRows.active), 0]);
  });
  return kernel.unit.add(f.finish([], "locals"));
}

const i32Operation =
  (f: FunctionBuilder) =>
  (opcode: "i32.add" | "i32.sub" | "i32.mul" | "i32.and" | "i32.lt_s" | "i32.eq", ...args: Ref[]): Ref =>
    f.pure(opcode, "i32", args);

/** The address of what belongs to a place in the outputs, `size` bytes each. */
function outputAt(f: FunctionBuilder, where: number, place: Ref, size: number): Ref {
  const op = i32Operation(f);
  return op("i32.add", loadI32(f, f.i32(0), where), op("i32.mul", place, f.i32(size)));
}

function writeEnergy(machine: Machine, layout: AdaptiveLayout, energy: number, { now, sample, place }: Sample): void {
  const { f } = machine;
  const offset = (bytes: number): Ref => f.pure("i32.add", "i32", [scratch, f.i32(bytes)]);
  const to = offset(sample + entryBytes(machine.width) * layout.phaseLength);
  f.call(energy, [offset(sample), to, scratch, ...now], [], true);
  const value = f.read("v128.load", "v128", [to], memoryPlace(4, 0));
  f.effect("v128.store64_lane", [outputAt(f, control.energies, place, 8), value], [...memoryPlace(3, 0), 0]);
}

/** A number of one lane, in all lanes. */
function one({ f, same }: Machine, address: Ref, offset: number): Wide {
  return same(f.read("v128.load64_splat", "v128", [address], memoryPlace(3, offset)));
}

interface Sample {
  readonly now: Wide;
  readonly time: Wide;
  readonly lastT: Wide;
  readonly lastH: Wide;
  /** Where a copy of the state for the energy stands in the scratch memory. */
  readonly sample: number;
  /** Which place of the outputs it takes. */
  readonly place: Ref;
}

/** The dense output at a time of the last step; the state itself at its end. */
function writeState(
  machine: Machine,
  layout: AdaptiveLayout,
  { now, time, lastT, lastH, place, sample }: Sample,
): void {
  const { f, lanes } = machine;
  const out = outputAt(f, control.states, place, 8 * layout.phaseLength);
  const bytes = entryBytes(machine.width);
  const theta = lanes.div(lanes.sub(now, lastT), lastH);
  const rest = lanes.sub(lanes.constant(1), theta);
  const atEnd = lanes.equal(now, time);
  const entry = f.variable(f.i32(0));
  f.loop(() => {
    const from = f.pure("i32.add", "i32", [at8, f.pure("i32.mul", "i32", [entry, f.i32(bytes)])]);
    let value = lanes.constant(0);
    for (let k = layout.denseRows - 1; k >= 0; k--) {
      const term = one(machine, from, layout.dense + k * bytes * layout.phaseLength);
      value = lanes.mul(lanes.add(value, term), k % 2 === 0 ? theta : rest);
    }
    const inside = lanes.add(value, one(machine, from, layout.old));
    const result = lanes.select(atEnd, one(machine, from, layout.state), inside);
    const to = f.pure("i32.add", "i32", [out, f.pure("i32.shl", "i32", [entry, f.i32(3)])]);
    f.effect("v128.store64_lane", [to, result[0]!], [...memoryPlace(3, 0), 0]);
    const copy = f.pure("i32.add", "i32", [scratch, f.pure("i32.mul", "i32", [entry, f.i32(bytes)])]);
    storeWide(machine, copy, sample, result);
    f.assign(entry, f.pure("i32.add", "i32", [entry, f.i32(1)]));
    return f.pure("i32.lt_s", "i32", [entry, f.i32(layout.phaseLength)]);
  });
}
