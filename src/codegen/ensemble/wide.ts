import type { Network } from "../../network.ts";
import type { Lanes } from "../elementary/lanes.ts";
import { doubtfulSin, quickSin } from "../elementary/trigonometric.ts";
import { type NetworkWish, resultsOf } from "../program.ts";
import type { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { type LanesUnit, wasmLanes } from "../wasm/lanes.ts";

/** Several f64x2 vectors side by side: the same quantity of 2·width states. */
export type Wide = readonly Ref[];

/** What a machine needs from the module around it. */
export interface MachineUnit extends LanesUnit {
  /** The index of the function of a network for a pair of states: (scratch, vectors …) → value, slopes …, rows …. */
  network(network: Network, wish: NetworkWish): number;
}

/** The vocabulary on several vectors at once, and what a function under construction does with them. */
export interface Machine {
  readonly f: FunctionBuilder;
  readonly width: number;
  readonly lanes: Lanes<Wide, Wide>;
  /** x + a·b: a negated factor becomes a subtraction, which has the same bits. */
  addProduct(x: Wide, a: Wide, b: Wide): Wide;
  variable(initial: Wide): Wide;
  assign(variable: Wide, value: Wide): void;
  /** The same f64x2 in all vectors. */
  same(ref: Ref): Wide;
  /** An i32 that is not 0 where any lane of a mask is set. */
  any(mask: Wide): Ref;
  /**
   * A network's value, its slopes and second derivatives where they are wanted.
   *
   * @param scratch the address of memory that it may use meanwhile
   */
  network(call: { network: Network; wish: NetworkWish; scratch: Ref }, args: readonly Wide[]): readonly Wide[];
  /** What a hopeful machine has to say. */
  readonly hope: Hope | undefined;
}

/** A machine that takes the fast results of functions everywhere. */
export interface Hope {
  sin(x: Wide): Wide;
  /** The lanes in which a result so far may be wrong. */
  doubtful(): Wide;
}

/**
 * Writes each operation for all vectors before the next operation: a processor then has as many independent chains of
 * operations to work on as there are vectors, where one chain would wait for each of its results.
 *
 * @param hopeful takes the fast results of `rare` cases, and notes where that was wrong
 */
export function wideMachine(f: FunctionBuilder, unit: MachineUnit, width: number, hopeful = false): Machine {
  const plain = wideLanes(f, wasmLanes(f, unit), width);
  const hoped = hopeful ? hope(f, plain) : undefined;
  const lanes = hoped ? { ...plain, rare: hoped.rare } : plain;
  const negated = new Map<Ref, Ref>();
  const neg = (a: Wide): Wide => {
    const result = lanes.neg(a);
    a.forEach((ref, k) => void negated.set(result[k]!, ref));
    return result;
  };
  return {
    f,
    width,
    lanes: { ...lanes, neg },
    addProduct(x, a, b) {
      const opposite = b.map((ref) => negated.get(ref));
      const all = opposite.every((ref) => ref !== undefined);
      return all ? lanes.nmadd(a, opposite as Ref[], x) : lanes.madd(a, b, x);
    },
    variable: (initial) => initial.map((ref) => f.variable(ref)),
    assign: (variable, value) => {
      variable.forEach((ref, k) => {
        f.assign(ref, value[k]!);
      });
    },
    same: (ref) => new Array<Ref>(width).fill(ref),
    any: (mask) => anyOf(f, mask),
    network: ({ network, wish, scratch }, args) => {
      const index = unit.network(network, wish);
      const types = new Array<"v128">(resultsOf(network, wish)).fill("v128");
      const calls = Array.from({ length: width }, (_, k) =>
        f.call(index, [scratch, ...args.map((arg) => arg[k]!)], types, true),
      );
      return types.map((_, result) => calls.map((results) => results[result]!));
    },
    hope: hoped,
  };
}

/**
 * The fast results of rare cases everywhere, and notes of where they may be wrong: without a call the code around keeps
 * its values in registers. Whoever hopes so must look at the notes in the end and do it all again where need be.
 */
function hope(f: FunctionBuilder, lanes: Lanes<Wide, Wide>): Hope & { rare: Lanes<Wide, Wide>["rare"] } {
  const variable = (value: number): Wide => lanes.constant(value).map((ref) => f.variable(ref));
  const assign = (to: Wide, value: Wide): void =>
    to.forEach((ref, k) => {
      f.assign(ref, value[k]!);
    });
  const [noted, largest, smallest] = [variable(0), variable(0), variable(1)];
  return {
    rare(when, fast) {
      assign(noted, lanes.or(noted, when));
      return fast;
    },
    sin(x) {
      const quick = quickSin(lanes, x);
      assign(largest, lanes.greater(largest, lanes.abs(x)));
      assign(smallest, lanes.lesser(smallest, quick.square));
      return quick.value;
    },
    doubtful: () => lanes.or(noted, doubtfulSin(lanes, largest, smallest)),
  };
}

function anyOf(f: FunctionBuilder, mask: Wide): Ref {
  const together = [...new Set(mask)].reduce((all, one) => f.pure("v128.or", "v128", [all, one]));
  return f.pure("v128.any_true", "i32", [together]);
}

function wideLanes(f: FunctionBuilder, one: Lanes<Ref, Ref>, width: number): Lanes<Wide, Wide> {
  const each = <Args extends Wide[]>(rule: (...refs: Ref[]) => Ref) => {
    return (...args: Args): Wide => Array.from({ length: width }, (_, k) => rule(...args.map((arg) => arg[k]!)));
  };
  const call: Lanes<Wide, Wide>["call"] = (routine, args) => {
    const calls = Array.from({ length: width }, (_, k) =>
      one.call(
        routine,
        args.map((arg) => arg[k]!),
      ),
    );
    return Array.from({ length: routine.results }, (_, result) => calls.map((results) => results[result]!));
  };
  return {
    constant: (value) => new Array<Ref>(width).fill(one.constant(value)),
    fused: one.fused,
    add: each(one.add),
    sub: each(one.sub),
    mul: each(one.mul),
    div: each(one.div),
    sqrt: each(one.sqrt),
    madd: each(one.madd),
    nmadd: each(one.nmadd),
    floor: each(one.floor),
    neg: each(one.neg),
    abs: each(one.abs),
    copySign: each(one.copySign),
    flipSign: each(one.flipSign),
    negative: each(one.negative),
    min: each(one.min),
    max: each(one.max),
    lesser: each(one.lesser),
    greater: each(one.greater),
    less: each(one.less),
    lessEqual: each(one.lessEqual),
    equal: each(one.equal),
    and: each(one.and),
    or: each(one.or),
    not: each(one.not),
    select: each(one.select),
    head: each(one.head),
    exponent: (a, low) => a.map((ref) => one.exponent(ref, low)),
    significand: (a, low) => a.map((ref) => one.significand(ref, low)),
    power2: each(one.power2),
    bit: (code, bit) => code.map((ref) => one.bit(ref, bit)),
    flipBit: (a, code, bit) => a.map((ref, k) => one.flipBit(ref, code[k]!, bit)),
    lookup: (table, code, offset) => code.map((ref) => one.lookup(table, ref, offset)),
    call,
    rare: (when, fast, slow, args) => {
      const results = fast.map((values) => values.map((ref) => f.variable(ref)));
      f.when(anyOf(f, when), () => {
        const values = call(slow, args);
        results.forEach((result, r) => {
          result.forEach((ref, k) => {
            f.assign(ref, one.select(when[k]!, values[r]![k]!, ref));
          });
        });
      });
      return results;
    },
  };
}
