import type { Ref, StackCode } from "./instructions.ts";
import { type Opcode, opcodes } from "./opcodes.ts";

const loads = ["v128.load", "v128.load64_splat", "v128.load64_zero", "v128.store"] as const satisfies Opcode[];
const lanes = ["v128.load64_lane", "v128.store64_lane"] as const satisfies Opcode[];

type Place = (typeof loads)[number];
type LanePlace = (typeof lanes)[number];

/** How many numbers follow an instruction in a run: a temporary or an offset, and a lane. */
export const following: ReadonlyMap<number, 1 | 2> = new Map<number, 1 | 2>([
  ...loads.map((name): [number, 1] => [opcodes[name], 1]),
  ...lanes.map((name): [number, 2] => [opcodes[name], 2]),
]);

/** Whether the number behind an instruction is that of a temporary. */
export function isTemporary(code: number): boolean {
  return code === opcodes["local.get"] || code === opcodes["local.set"] || code === opcodes["local.tee"];
}

/**
 * Stack code on vectors, as numbers: a value stands for pushing it, `~code` for an instruction, and what it takes
 * follows. Where a function consists of long sums, this is several times quicker to make and to write than single
 * operations, which are weighed one by one.
 */
export class Run implements StackCode {
  readonly tokens: number[] = [];
  readonly args: Ref[] = [];
  temporaries = 0;

  push(value: Ref): void {
    this.tokens.push(value);
    this.args.push(value);
  }

  op(opcode: Opcode): void {
    this.tokens.push(~opcodes[opcode]);
  }

  /** An access of the vector or number at `offset` from the address on the stack. */
  access(opcode: Place, offset: number): void {
    this.tokens.push(~opcodes[opcode], offset);
  }

  /** The same for one lane of a vector. */
  accessLane(opcode: LanePlace, offset: number, lane: number): void {
    this.tokens.push(~opcodes[opcode], offset, lane);
  }

  /** A local of its own; the first ones are the results of a run that leaves nothing on the stack. */
  temporary(): number {
    return this.temporaries++;
  }

  get(temporary: number): void {
    this.tokens.push(~opcodes["local.get"], temporary);
  }

  set(temporary: number): void {
    this.tokens.push(~opcodes["local.set"], temporary);
  }

  tee(temporary: number): void {
    this.tokens.push(~opcodes["local.tee"], temporary);
  }
}
