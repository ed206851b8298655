import { type Lanes, type Routine, shift, type Table } from "../elementary/lanes.ts";

/** Expressions longer than this are given a name. */
const longestInline = 60;

/** A value or mask in a function that is being written. */
type Node = number;

interface Definition {
  readonly kind: "expression" | "call" | "rare";
  readonly args: readonly Node[];
  readonly outs: readonly Node[];
  /** The text, from the texts of the arguments. */
  readonly text: (...args: string[]) => string;
}

/** What a module of functions consists of besides the function being written. */
interface JsUnit {
  /** Has the routine written; answers its name. */
  routine(routine: Routine): string;
  table(table: Table): string;
}

/** Bit views for the helpers below; the order of the two words is found by trying. */
const preamble = `const real = new Float64Array(1);
const words = new Int32Array(real.buffer);
real[0] = 1;
const high = words[0] === 0 ? 1 : 0;
const low = 1 - high;
/** An integer n plus this has n in its low bits: 1.5·2^52. */
const shift = ${shift};

function highWord(a) {
  real[0] = a;
  return words[high];
}

function withHighWord(a, word) {
  real[0] = a;
  words[high] = word;
  return real[0];
}

/** \`a\` without the low 32 bits of its significand. */
function head(a) {
  real[0] = a;
  words[low] = 0;
  return real[0];
}

/** e such that a·2^−e lies in [from, 2·from). */
function exponent(a, from) {
  return (highWord(a) - highWord(from)) >> 20;
}

function significand(a, from) {
  return withHighWord(a, highWord(a) - (exponent(a, from) << 20));
}

function power2(n) {
  return withHighWord(0, (n + 1023) << 20);
}

function copySign(a, sign) {
  return highWord(a) < 0 === highWord(sign) < 0 ? a : -a;
}

function flipSign(a, sign) {
  return highWord(sign) < 0 ? -a : a;
}
`;

const literal = (value: number): string => {
  if (Number.isNaN(value)) return "NaN";
  if (value === shift) return "shift";
  return Object.is(value, -0) ? "-0" : `${value}`;
};
const negated = (a: string): string => (a.startsWith("-") ? `(-(${a}))` : `(-${a})`);

/** One function as text. */
class JsFunction {
  readonly #unit: JsUnit;
  readonly #definitions: Definition[] = [];
  readonly #atoms = new Map<Node, string>();
  #count = 0;

  constructor(unit: JsUnit) {
    this.#unit = unit;
  }

  atom(text: string): Node {
    this.#atoms.set(this.#count, text);
    return this.#count++;
  }

  expression(text: (...args: string[]) => string, ...args: Node[]): Node {
    return this.#define("expression", text, args, 1)[0]!;
  }

  #define(kind: Definition["kind"], text: Definition["text"], args: readonly Node[], results: number): Node[] {
    const outs = Array.from({ length: results }, () => this.#count++);
    this.#definitions.push({ kind, text, args, outs });
    return outs;
  }

  call(routine: Routine, args: readonly Node[]): Node[] {
    const name = this.#unit.routine(routine);
    return this.#define("call", (...texts) => `${name}(${texts.join(", ")})`, args, routine.results);
  }

  rare(when: Node, fast: readonly Node[], slow: Routine, args: readonly Node[]): Node[] {
    const name = this.#unit.routine(slow);
    const text = (condition: string, ...texts: string[]) =>
      [condition, ...texts.slice(0, fast.length), `${name}(${texts.slice(fast.length).join(", ")})`].join("\n");
    return this.#define("rare", text, [when, ...fast, ...args], fast.length);
  }

  table(table: Table): string {
    return this.#unit.table(table);
  }

  #uses(results: readonly Node[]): Map<Node, number> {
    const uses = new Map<Node, number>();
    const use = (node: Node): void => {
      uses.set(node, (uses.get(node) ?? 0) + 1);
    };
    results.forEach(use);
    for (const { outs, args } of this.#definitions.toReversed()) {
      if (outs.some((out) => uses.has(out))) args.forEach(use);
    }
    return uses;
  }

  /** The lines between the braces. */
  lines(results: readonly Node[]): string[] {
    const uses = this.#uses(results);
    const texts = new Map(this.#atoms);
    const lines: string[] = [];
    let named = 0;
    const name = (node: Node): string => {
      texts.set(node, `t${++named}`);
      return `t${named}`;
    };
    for (const { kind, text, args, outs } of this.#definitions) {
      if (!outs.some((out) => uses.has(out))) continue;
      const written = text(...args.map((arg) => texts.get(arg)!));
      if (kind === "rare") {
        const parts = written.split("\n");
        const names = outs.map(name);
        names.forEach((out, k) => {
          lines.push(`let ${out} = ${unwrapped(parts[k + 1]!)};`);
        });
        lines.push(`if (${unwrapped(parts[0]!)}) ${pattern(names)} = ${parts.at(-1)};`);
      } else if (kind === "call") lines.push(`const ${pattern(outs.map(name))} = ${written};`);
      else if (uses.get(outs[0]!) === 1 && written.length <= longestInline) texts.set(outs[0]!, written);
      else lines.push(`const ${name(outs[0]!)} = ${unwrapped(written)};`);
    }
    const values = results.map((result) => unwrapped(texts.get(result)!));
    return [...lines, `return ${values.length === 1 ? values[0] : `[${values.join(", ")}]`};`];
  }
}

const pattern = (names: readonly string[]): string => (names.length === 1 ? names[0]! : `[${names.join(", ")}]`);

/** The text without one pair of brackets that encloses all of it. */
function unwrapped(text: string): string {
  if (!text.startsWith("(")) return text;
  let depth = 0;
  for (let k = 0; k < text.length; k++) {
    if (text[k] === "(") depth++;
    else if (text[k] === ")" && --depth === 0) return k === text.length - 1 ? text.slice(1, -1) : text;
  }
  return text;
}

const infix = (sign: string) => (a: string, b: string) => `(${a} ${sign} ${b})`;
const called =
  (name: string) =>
  (...args: string[]) =>
    `${name}(${args.map(unwrapped).join(", ")})`;

/** The vocabulary as JavaScript text, using + − × ÷, `Math.sqrt`, `abs`, `floor`, `min`, `max` and typed arrays only. */
function jsLanes(f: JsFunction): Lanes<Node, Node> {
  const two = (text: (a: string, b: string) => string) => (a: Node, b: Node) => f.expression(text, a, b);
  const one = (text: (a: string) => string) => (a: Node) => f.expression(text, a);
  return {
    constant: (value) => f.atom(literal(value)),
    add: two(infix("+")),
    sub: two(infix("-")),
    mul: two(infix("*")),
    div: two(infix("/")),
    sqrt: one(called("Math.sqrt")),
    madd: (a, b, c) => f.expression((x, y, z) => `(${x} * ${y} + ${z})`, a, b, c),
    nmadd: (a, b, c) => f.expression((x, y, z) => `(${z} - ${x} * ${y})`, a, b, c),
    floor: one(called("Math.floor")),
    neg: one(negated),
    abs: one(called("Math.abs")),
    copySign: two(called("copySign")),
    flipSign: two(called("flipSign")),
    negative: one((a) => `(highWord(${unwrapped(a)}) < 0)`),
    min: two(called("Math.min")),
    max: two(called("Math.max")),
    lesser: (a, b) => f.expression((x, y, again, other) => `(${y} < ${x} ? ${other} : ${again})`, a, b, a, b),
    greater: (a, b) => f.expression((x, y, again, other) => `(${x} < ${y} ? ${other} : ${again})`, a, b, a, b),
    less: two(infix("<")),
    lessEqual: two(infix("<=")),
    equal: two(infix("===")),
    and: two(infix("&&")),
    or: two(infix("||")),
    not: one((a) => `(!${a})`),
    select: (mask, yes, no) => f.expression((m, a, b) => `(${m} ? ${a} : ${b})`, mask, yes, no),
    head: one(called("head")),
    exponent: (a, from) => f.expression((x) => `exponent(${unwrapped(x)}, ${literal(from)})`, a),
    significand: (a, from) => f.expression((x) => `significand(${unwrapped(x)}, ${literal(from)})`, a),
    power2: one((code) => `power2(${code} - shift)`),
    bit: (code, bit) => f.expression((c) => `(((${c} - shift) & ${1 << bit}) !== 0)`, code),
    flipBit: (a, code, bit) =>
      f.expression((x, y, c) => `((${c} - shift) & ${1 << bit} ? ${negated(x)} : ${y})`, a, a, code),
    lookup: (table, code, offset) =>
      f.expression((c) => `${f.table(table)}[${c} - shift${offset === 0 ? "" : ` + ${offset}`}]`, code),
    call: (routine, args) => f.call(routine, args),
    rare: (when, fast, slow, args) => f.rare(when, fast, slow, args),
  };
}

const argumentNames = ["x", "y"] as const;

/**
 * The text of JavaScript functions that do these routines, with everything they need; each function has its routine's
 * name, takes `(x)` or `(x, y)` and returns a number, or an array where there are several results.
 */
export function jsRoutines(routines: readonly Routine[]): string {
  const texts = new Map<string, string>();
  const tables = new Map<string, string>();
  const unit: JsUnit = {
    routine: (routine) => {
      if (!texts.has(routine.name)) texts.set(routine.name, functionText(routine, unit));
      return routine.name;
    },
    table: (table) => {
      tables.set(table.name, `const ${table.name} = [${table.values.join(", ")}];`);
      return table.name;
    },
  };
  routines.forEach(unit.routine);
  return texts.size === 0 ? "" : [preamble.trimEnd(), ...tables.values(), ...texts.values()].join("\n\n");
}

function functionText(routine: Routine, unit: JsUnit): string {
  const f = new JsFunction(unit);
  const names = argumentNames.slice(0, routine.arity);
  const results = routine.body(jsLanes(f), ...names.map((name) => f.atom(name)));
  const body = f.lines(results).map((line) => `  ${line}\n`);
  return `function ${routine.name}(${names.join(", ")}) {\n${body.join("")}}`;
}
