import type { Network } from "../../network.ts";
import { numberLiteral } from "../names.ts";
import {
  type Integer,
  type LoopId,
  type NetworkCall,
  type NetworkWish,
  type Program,
  type Statement,
  usedBy,
  type Value,
  type ValueId,
  wishOf,
} from "../program.ts";
import { type JsExpressions, type JsText, jsBinding, jsExpressions, portableExpressions } from "./functions.ts";
import type { NetworkNames } from "./network.ts";

/** Longer expressions get a name of their own, so that lines stay readable. */
const longestInline = 60;

/** How a program's inputs are called in the text. */
export interface JsNames {
  /** x[offset], for a place that does not vary. */
  readonly state: (offset: number) => string;
  readonly parameter: (offset: number) => string;
  /** The function of a network for a wish, and where it leaves its results. */
  readonly network: (network: Network, wish: NetworkWish) => NetworkNames;
}

/**
 * The statements of a program as JavaScript lines. Values that are used once, where they are made, are written into
 * the expression that uses them.
 *
 * @param portable whether elementary functions are calls of our routines instead of `Math`'s
 */
export function jsBody(program: Program, names: JsNames, portable = false): string[] {
  return new BodyWriter(program, names, portable).lines();
}

class BodyWriter {
  readonly #program: Program;
  readonly #names: JsNames;
  readonly #portable: boolean;
  readonly #expressions: JsExpressions;
  /** By value: how often it is used, uses outside of the block of the first one twice; and that block. */
  readonly #uses: Uint32Array;
  readonly #firstUse: (readonly Statement[])[] = [];
  readonly #texts: JsText[] = [];
  readonly #lines: string[] = [];
  #named = 0;

  constructor(program: Program, names: JsNames, portable: boolean) {
    this.#portable = portable;
    this.#expressions = portable ? portableExpressions : jsExpressions;
    this.#program = program;
    this.#names = names;
    this.#uses = new Uint32Array(program.values);
    this.#countUses(program.body);
  }

  lines(): string[] {
    this.#block(this.#program.body, "  ");
    return this.#lines;
  }

  #countUses(block: readonly Statement[]): void {
    for (const statement of block) {
      if (statement.kind === "loop") this.#countUses(statement.body);
      else for (const id of usedBy(statement)) this.#use(id, block);
    }
  }

  #use(id: ValueId, block: readonly Statement[]): void {
    if (this.#uses[id] === 0) this.#firstUse[id] = block;
    this.#uses[id]! += this.#firstUse[id] === block ? 1 : 2;
  }

  #block(block: readonly Statement[], indent: string): void {
    for (const statement of block) this.#statement(statement, block, indent);
  }

  #statement(statement: Statement, block: readonly Statement[], indent: string): void {
    if (statement.kind === "let") this.#let(statement.id, this.#value(statement.value), block, indent);
    else this.#other(statement, block, indent);
  }

  #other(statement: Exclude<Statement, { kind: "let" }>, block: readonly Statement[], indent: string): void {
    const write = (text: string) => this.#lines.push(`${indent}${text}`);
    const text = (id: ValueId) => this.#texts[id]!.text;
    switch (statement.kind) {
      case "sincos":
        this.#sincos(statement, block, indent);
        break;
      case "network":
        this.#network(statement, indent);
        break;
      case "accumulator":
        write(`let ${this.#name(statement.id)} = ${statement.initial};`);
        break;
      case "accumulate":
        write(`${text(statement.id)} ${statement.op === "add" ? "+=" : "*="} ${text(statement.value)};`);
        break;
      case "store":
        write(`out[${integerText(statement.at)}] = ${text(statement.value)};`);
        break;
      case "scatter":
        write(`out[${integerText(statement.at)}] += ${text(statement.value)};`);
        break;
      case "loop":
        this.#loop(statement, indent);
    }
  }

  /** Our own routine gives both at once; `Math` has no such function. */
  #sincos(pair: Extract<Statement, { kind: "sincos" }>, block: readonly Statement[], indent: string): void {
    const arg = this.#texts[pair.arg]!;
    if (this.#portable) {
      const [sin, cos] = [this.#name(pair.sin), this.#name(pair.cos)];
      this.#lines.push(`${indent}const [${sin}, ${cos}] = sincos(${arg.text});`);
    } else {
      this.#let(pair.sin, jsExpressions.sin(arg), block, indent);
      this.#let(pair.cos, jsExpressions.cos(arg), block, indent);
    }
  }

  /** Derivatives stand in arrays until the next call: they are read at once. */
  #network(call: NetworkCall, indent: string): void {
    const names = this.#names.network(call.network, wishOf(call));
    const args = call.args.map((arg) => this.#texts[arg]!.text).join(", ");
    const called = `${names.called}(${args});`;
    this.#lines.push(
      call.value === undefined ? `${indent}${called}` : `${indent}const ${this.#name(call.value)} = ${called}`,
    );
    const read = (id: ValueId | undefined, array: string, k: number) => {
      if (id !== undefined) this.#lines.push(`${indent}const ${this.#name(id)} = ${array}[${k}];`);
    };
    call.slopes.forEach((id, k) => void read(id, names.slopes, k));
    for (const { row, entries } of call.curvatures) {
      entries.forEach((id, k) => void read(id, names.curvatures, row * call.args.length + k));
    }
  }

  #loop(loop: Extract<Statement, { kind: "loop" }>, indent: string): void {
    const index = loopName(loop.loop);
    const head = `for (let ${index} = ${integerText(loop.lo)}; ${index} <= ${integerText(loop.hi)}; ${index}++) {`;
    this.#lines.push(`${indent}${head}`);
    const skipped = loop.except.map((value) => `${index} === ${integerText(value)}`);
    if (skipped.length > 0) this.#lines.push(`${indent}  if (${skipped.join(" || ")}) continue;`);
    this.#block(loop.body, `${indent}  `);
    this.#lines.push(`${indent}}`);
  }

  #name(id: ValueId): string {
    this.#named += 1;
    const text = `v${this.#named}`;
    this.#texts[id] = { text, binds: jsBinding.atom };
    return text;
  }

  #let(
    id: ValueId,
    value: { text: string; binds: number; plain?: boolean },
    block: readonly Statement[],
    indent: string,
  ): void {
    const uses = this.#uses[id];
    if (uses === 0) return;
    const once = uses === 1 && this.#firstUse[id] === block && value.text.length <= longestInline;
    if (value.plain || once) this.#texts[id] = value as JsText;
    else this.#lines.push(`${indent}const ${this.#name(id)} = ${value.text};`);
  }

  #value(value: Value): JsText & { plain?: boolean } {
    switch (value.kind) {
      case "const":
        return atom(numberLiteral(value.value), true);
      case "time":
        return atom("t", true);
      case "integer":
        return { text: integerText(value.at), binds: jsBinding.sum };
      case "output":
        return atom(`out[${integerText(value.at)}]`, false);
      case "state":
        return isFixed(value.at)
          ? atom(this.#names.state(value.at.offset), true)
          : atom(`x[${integerText(value.at)}]`, false);
      case "parameter":
        return isFixed(value.at)
          ? atom(this.#names.parameter(value.at.offset), true)
          : atom(`c[${integerText(value.at)}]`, false);
      case "op":
        return this.#expressions[value.op](...value.args.map((arg) => this.#texts[arg]!));
    }
  }
}

function atom(text: string, plain: boolean): JsText & { plain: boolean } {
  return { text, binds: jsBinding.atom, plain };
}

function isFixed(at: Integer): boolean {
  return at.terms.length === 0 && at.edges.length === 0;
}

const loopName = (loop: LoopId): string => `i${loop + 1}`;

/** An integer expression, such as `3 * i1 + 2`. */
function integerText({ offset, terms, edges }: Integer): string {
  const parts = terms.map(({ loop, factor }) => signed(factor, loopName(loop)));
  for (const edge of edges) parts.push(signed(edge.stride, edgeText(edge)));
  if (offset !== 0 || parts.length === 0) parts.push(offset < 0 ? `- ${-offset}` : `+ ${offset}`);
  const text = parts.join(" ");
  return text.startsWith("+ ") ? text.slice(2) : text.replace(/^- /, "-");
}

function signed(factor: number, text: string): string {
  const size = Math.abs(factor);
  return `${factor < 0 ? "-" : "+"} ${size === 1 ? text : `${size} * ${text}`}`;
}

function edgeText({ at, mode, length }: Integer["edges"][number]): string {
  const place = integerText({ ...at, offset: at.offset - 1 });
  if (mode === "clamp") return `Math.min(Math.max(${place}, 0), ${length - 1})`;
  return `((((${place}) % ${length}) + ${length}) % ${length})`;
}
