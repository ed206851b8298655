import type { WasmType } from "./encoder.ts";
import { type Opcode, opcodes } from "./opcodes.ts";

/** A value in a function under construction: a parameter, a constant, a result or a variable. */
export type Ref = number;

/** What follows an opcode besides its operands, e.g. an alignment and offset, or a lane. */
export type Immediate = readonly number[];

/** What an item is. Numbers, since a function has thousands of them and each is asked several times. */
export const Kind = {
  Operation: 0,
  /** Stack code, written elsewhere. */
  Run: 1,
  Call: 2,
  Assign: 3,
  If: 4,
  Loop: 5,
  /** The end of a loop's body: it begins again where the argument is not 0. */
  Repeat: 6,
  End: 7,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Several instructions as numbers; `Run` makes them and says what they mean. */
export interface StackCode {
  readonly tokens: readonly number[];
  /** The values that are pushed. */
  readonly args: readonly Ref[];
  /** How many locals it has of its own. */
  readonly temporaries: number;
}

/** One instruction, a run of them that leaves one value, or the start or end of a block. */
export interface Item {
  readonly kind: Kind;
  /** The number of an operation's opcode; 0 for other kinds. */
  readonly code: number;
  readonly args: readonly Ref[];
  /** The result, or the first of them; −1 without one. The others have the numbers behind it. */
  readonly out: Ref;
  readonly outs: number;
  readonly immediate: Immediate;
  readonly run: StackCode | undefined;
  /** The block that it stands in. */
  readonly parent: Item | undefined;
  /** The place in the function. */
  readonly at: number;
  /** Whether an effect or a result depends on it; known when the function is finished. */
  live: boolean;
}

/** A constant: an i32, or the 64 bits that fill an f64 or both lanes of a vector. */
export interface Constant {
  readonly type: WasmType;
  readonly bits: bigint;
  /** Where it stands in memory, once that is asked. */
  address: number | undefined;
}

/** Where constants of a function come from: locals set at its start (for loops), or memory at an address. */
export type ConstantSource = "locals" | ((bits: bigint) => number);

/** A function under construction: its items, and what is known of each value. */
export interface Draft {
  readonly items: readonly Item[];
  /** Items that must stay even if nothing uses their results. */
  readonly effective: readonly Item[];
  readonly types: readonly WasmType[];
  readonly params: number;
  /** The item that makes each value, by value; variables have further ones. */
  readonly makers: readonly (Item | undefined)[];
  readonly assignments: ReadonlyMap<Ref, readonly Item[]>;
  /** The ends of blocks, and for loops what repeats them. */
  readonly closings: ReadonlyMap<Item, readonly Item[]>;
  readonly constants: ReadonlyMap<Ref, Constant>;
}

const commutativeNames: readonly Opcode[] = [
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
];

/** Codes of operations whose two operands may change places. */
export const commutative: ReadonlySet<number> = new Set(commutativeNames.map((name) => opcodes[name]));
