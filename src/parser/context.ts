import type { Expr } from "../expr/expr.ts";
import type { Message } from "./messages.ts";
import type { Scanned } from "./scan.ts";
import type { IndexRanges, Meaning, Scope } from "./scope.ts";
import type { Tree } from "./tree.ts";
import type { Value } from "./value.ts";

/** A function that the text defines. */
export interface UserFunction {
  readonly params: readonly number[];
  readonly body: number;
}

/** What the names of a text mean outside sums and function bodies. */
export interface Environment {
  /** The value of a name, or undefined if nothing declares it. */
  value(name: number): Value | undefined;
  /** What stands for a name that nothing declares; may throw. */
  unknown(name: number, start: number, end: number): Value;
  userFunction(name: number): UserFunction | undefined;
  /** The value of a compile-time integer such as the N of `i = 1..N`. */
  integer(name: number): number | undefined;
  /** Lengths of an array of numbers. */
  shape(name: number): readonly number[] | undefined;
  isCoordinate(name: number): boolean;
  /** Takes notice of a call of an unknown function. */
  unknownCall(name: number, arity: number, start: number, end: number): void;
  /** The value of a number with a unit inside a formula. */
  quantity(value: number, unit: string, start: number, end: number): Value;
}

/** What every part of lowering needs. */
export interface Context {
  readonly tree: Tree;
  readonly scanned: Scanned;
  readonly environment: Environment;
  readonly ranges: IndexRanges;
  lower(node: number, scope: Scope): Value;
  /** As `lower`, where a number or a vector is due. */
  numbers(node: number, scope: Scope): Value;
  /** As `lower`, where a number is due. */
  real(node: number, scope: Scope): Expr;
  meaning(name: number, scope: Scope): Meaning | undefined;
  fail(message: Message, node: number): never;
  failAt(message: Message, start: number, end: number): never;
  /** The text that a node was read from. */
  text(node: number): string;
  spelling(name: number): string;
  /** Notes how something ambiguous was read. */
  reading(text: string): void;
  warning(text: string): void;
}
