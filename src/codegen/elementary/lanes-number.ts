import { type Lanes, shift } from "./lanes.ts";

const real = new Float64Array(1);
const word = new Int32Array(real.buffer);
const bits = new BigInt64Array(real.buffer);
real[0] = 1;
const high = word[0] === 0 ? 1 : 0;

function highWord(a: number): number {
  real[0] = a;
  return word[high]!;
}

function withHighWord(a: number, value: number): number {
  real[0] = a;
  word[high] = value;
  return real[0];
}

const integer = (code: number): number => code - shift;
const negative = (a: number): boolean => highWord(a) < 0;

/**
 * The vocabulary on plain numbers, one lane wide: what elementary functions mean, run directly. Slow, and the measure
 * of the emitted forms.
 *
 * @example
 * elementary.exp(numberLanes, 1); // 2.718281828459045
 */
export const numberLanes: Lanes<number, boolean> = {
  constant: (value) => value,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  sqrt: Math.sqrt,
  madd: (a, b, c) => a * b + c,
  nmadd: (a, b, c) => c - a * b,
  floor: Math.floor,
  neg: (a) => -a,
  abs: Math.abs,
  copySign: (a, sign) => (negative(a) === negative(sign) ? a : -a),
  flipSign: (a, sign) => (negative(sign) ? -a : a),
  negative,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  lesser: (a, b) => (b < a ? b : a),
  greater: (a, b) => (a < b ? b : a),
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
  equal: (a, b) => a === b,
  and: (a, b) => a && b,
  or: (a, b) => a || b,
  not: (a) => !a,
  select: (mask, yes, no) => (mask ? yes : no),
  head: (a) => {
    real[0] = a;
    bits[0] = bits[0]! & ~0xffffffffn;
    return real[0];
  },
  exponent: (a, low) => (highWord(a) - highWord(low)) >> 20,
  significand: (a, low) => {
    const from = highWord(low);
    const own = highWord(a);
    return withHighWord(a, own - (((own - from) >> 20) << 20));
  },
  power2: (code) => withHighWord(0, (integer(code) + 1023) << 20),
  bit: (code, bit) => ((integer(code) >> bit) & 1) === 1,
  flipBit: (a, code, bit) => (((integer(code) >> bit) & 1) === 1 ? -a : a),
  lookup: (table, code, offset) => table.values[integer(code) + offset] ?? Number.NaN,
  call: (routine, args) => routine.body(numberLanes, ...args),
  rare: (when, fast, slow, args) => (when ? slow.body(numberLanes, ...args) : fast),
};
