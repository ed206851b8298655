import { symbol } from "../expr/build.ts";
import type { Expr } from "../expr/expr.ts";
import { type ArraySymbol, arrayValue } from "./arrays.ts";
import type { Environment, UserFunction } from "./context.ts";
import type { Declarations } from "./declarations.ts";
import { Lowering } from "./lower.ts";
import { fail, messages } from "./messages.ts";
import type { NameTable } from "./names.ts";
import type { Scanned } from "./scan.ts";
import { emptyScope } from "./scope.ts";
import { nearest } from "./spelling.ts";
import { Survey } from "./survey.ts";
import type { Tree } from "./tree.ts";
import type { Value } from "./value.ts";

/** A symbol that an expression may use. */
export interface SymbolDeclaration {
  /** `[]` or nothing for a scalar, `[N]`, `[N, 3]`, …. */
  readonly shape?: readonly number[];
  /** Whether indices wrap around. */
  readonly ring?: boolean;
  /** The value past either end. */
  readonly boundary?: Expr;
}

export interface ParseOptions {
  readonly symbols?: readonly string[] | Readonly<Record<string, SymbolDeclaration>> | undefined;
}

function entriesOf(symbols: NonNullable<ParseOptions["symbols"]>): (readonly [string, SymbolDeclaration])[] {
  if (Array.isArray(symbols)) return symbols.map((name: string) => [name, {}] as const);
  return Object.entries(symbols as Readonly<Record<string, SymbolDeclaration>>);
}

/** Makes the symbols known before the text is read, in the caller's spelling. */
export function registerSymbols(names: NameTable, symbols: ParseOptions["symbols"]): Declarations {
  const values = new Set<number>();
  for (const [name] of symbols ? entriesOf(symbols) : []) values.add(names.declare(name));
  return { values, functions: new Set() };
}

/** Lowers the one expression of a text. */
export function lowerExpression(
  scanned: Scanned,
  tree: Tree,
  units: readonly string[],
  root: number,
  symbols: ParseOptions["symbols"],
): Expr {
  const environment = new ExpressionEnvironment(scanned, symbols !== undefined);
  const lowering = new Lowering(scanned, tree, units, environment);
  for (const [name, declaration] of symbols ? entriesOf(symbols) : []) {
    environment.declare(scanned.names.declare(name), name, declaration, lowering);
  }
  if (symbols === undefined) environment.inferArrays(lowering, root);
  return lowering.real(root, emptyScope);
}

/** Names are the symbols that the caller gives, or, if there are none, whatever occurs. */
class ExpressionEnvironment implements Environment {
  readonly #scanned: Scanned;
  readonly #closed: boolean;
  readonly #values = new Map<number, Value>();
  readonly #shapes = new Map<number, readonly number[]>();
  readonly #arities = new Map<number, number>();

  constructor(scanned: Scanned, closed: boolean) {
    this.#scanned = scanned;
    this.#closed = closed;
  }

  declare(name: number, spelling: string, declaration: SymbolDeclaration, lowering: Lowering): void {
    const { shape = [], ring = false, boundary } = declaration;
    if (shape.length === 0) this.#values.set(name, symbol(spelling));
    else {
      const array: ArraySymbol = { symbol: { name: spelling, shape }, ring, boundary: () => boundary };
      this.#values.set(name, arrayValue(array, lowering.ranges));
      this.#shapes.set(name, shape);
    }
  }

  /** Arrays are as long as their indices reach. */
  inferArrays(lowering: Lowering, root: number): void {
    const survey = new Survey(lowering, () => false);
    survey.expression(root);
    survey.settle();
    for (const [name, { reach }] of survey.arrays) {
      if (reach.every((length) => length > 0)) {
        this.declare(name, this.#scanned.names.spelling(name), { shape: reach }, lowering);
      }
    }
  }

  value(name: number): Value | undefined {
    return this.#values.get(name);
  }

  unknown(name: number, start: number, end: number): Value {
    const spelling = this.#scanned.names.spelling(name);
    if (!this.#closed) {
      const made = symbol(spelling);
      this.#values.set(name, made);
      return made;
    }
    const known = [...this.#values.keys()].map((other) => this.#scanned.names.spelling(other));
    throw fail(this.#scanned.source, messages.notASymbol(spelling, known, nearest(spelling, known)), start, end);
  }

  userFunction(): UserFunction | undefined {
    return undefined;
  }

  integer(): number | undefined {
    return undefined;
  }

  shape(name: number): readonly number[] | undefined {
    return this.#shapes.get(name);
  }

  isCoordinate(): boolean {
    return false;
  }

  unknownCall(name: number, arity: number, start: number, end: number): void {
    const known = this.#arities.get(name);
    if (known !== undefined && known !== arity) {
      const spelling = this.#scanned.names.spelling(name);
      throw fail(this.#scanned.source, messages.arityMismatch(spelling, known, arity), start, end);
    }
    this.#arities.set(name, arity);
  }

  quantity(value: number, unit: string, start: number, end: number): Value {
    throw fail(this.#scanned.source, messages.unitInExpression(value, unit), start, end);
  }
}
