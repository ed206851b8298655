import type { Expr } from "../expr/expr.ts";
import type { Context } from "./context.ts";
import type { Draft } from "./draft.ts";
import { messages } from "./messages.ts";
import type { Drafted, ModelVariables } from "./model-variables.ts";
import { emptyScope } from "./scope.ts";
import { Node } from "./tree.ts";

type Values = number | readonly number[];

/** The initial values of a model, lists row by row: `q(0) = 1`, `q(0) = [1, 2]`, `q[2](0) = 3`. */
export function readInitial(
  drafted: Drafted,
  variables: ModelVariables,
  state: ReadonlySet<string>,
): Map<string, Values> {
  const reader = new InitialReader(drafted, variables, state);
  for (const { target, value } of drafted.draft.initial) reader.read(target, value);
  for (const [name, values] of reader.initial) {
    if (typeof values !== "number" && values.some(Number.isNaN)) {
      drafted.context.failAt(messages.partialInitial(name, values.length), ...variables.placeOf(name));
    }
  }
  return reader.initial;
}

class InitialReader {
  readonly initial = new Map<string, Values>();
  readonly #context: Context;
  readonly #draft: Draft;
  readonly #units: readonly string[];
  readonly #variables: ModelVariables;
  readonly #state: ReadonlySet<string>;

  constructor({ context, draft, readings }: Drafted, variables: ModelVariables, state: ReadonlySet<string>) {
    this.#context = context;
    this.#draft = draft;
    this.#units = readings.units;
    this.#variables = variables;
    this.#state = state;
  }

  read(target: number, node: number): void {
    const { name, element } = this.#target(target);
    const id = this.#variables.id(name);
    const shape = this.#variables.shape(id) ?? [];
    const size = shape.reduce((total, length) => total * length, 1);
    const numbers = this.#numbers(node, this.#draft.variables.get(id)?.unit);
    if (element !== undefined && shape.length > 0) {
      const width = size / shape[0]!;
      if (element < 1 || element > shape[0]! || numbers.length !== width) {
        this.#context.fail(messages.initialCount(name, width, numbers.length), node);
      }
      this.#setRow(name, size, (element - 1) * width, numbers);
    } else {
      if (this.initial.has(name)) this.#context.fail(messages.duplicate(`${name}(0)`), target);
      if (numbers.length !== size) this.#context.fail(messages.initialCount(name, size, numbers.length), node);
      this.initial.set(name, shape.length === 0 ? numbers[0]! : numbers);
    }
  }

  /** What is given a value: `q`, or an element, written `q[2]` or `q2`. */
  #target(target: number): { readonly name: string; readonly element: number | undefined } {
    const { tree, scanned } = this.#context;
    const state = this.#state;
    const isIndexed = tree.kind(target) === Node.Index;
    const spelling = this.#context.spelling(tree.value(isIndexed ? tree.child(target, 0) : target));
    const [, stem, number] = /^(.*\D)_?(\d+)$/.exec(spelling) ?? [];
    const array = stem?.replace(/_$/, "");
    if (!state.has(spelling) && array !== undefined && state.has(array))
      return { name: array, element: Number(number) };
    if (!state.has(spelling)) this.#context.fail(messages.initialOf(spelling, [...state]), target);
    return { name: spelling, element: isIndexed ? scanned.numbers[tree.value(tree.child(target, 1))] : undefined };
  }

  /** Elements that no statement has given yet are NaN. */
  #setRow(name: string, size: number, at: number, row: readonly number[]): void {
    const known = this.initial.get(name) as readonly number[] | undefined;
    const values = known ? [...known] : new Array<number>(size).fill(Number.NaN);
    row.forEach((value, k) => {
      values[at + k] = value;
    });
    this.initial.set(name, values);
  }

  /** A number, or a list of numbers row by row; anything else that folds to numbers will do (`pi/4`). */
  #numbers(node: number, unit: string | undefined): number[] {
    const { tree } = this.#context;
    if (tree.kind(node) === Node.Negate) return this.#numbers(tree.child(node, 0), unit).map((value) => -value);
    if (tree.kind(node) === Node.List) return tree.children(node).flatMap((part) => this.#numbers(part, unit));
    if (tree.kind(node) === Node.Quantity) {
      const given = this.#units[tree.value(node)];
      if (given !== unit) this.#context.fail(messages.initialUnit(given ?? "", unit), node);
      return this.#numbers(tree.child(node, 0), unit);
    }
    const value = this.#context.real(node, emptyScope);
    const number = constantValue(value);
    return number === undefined
      ? this.#context.fail(messages.initialNotNumber(this.#context.text(node)), node)
      : [number];
  }
}

/** The value of an expression of constants. */
function constantValue(e: Expr): number | undefined {
  if (e.kind === "const") return e.value;
  if (e.kind !== "apply") return undefined;
  const args = e.args.map(constantValue);
  const [a, b] = args as [number, number];
  if (args.some((arg) => arg === undefined)) return undefined;
  const simple = { neg: -a, add: a + b, sub: a - b, mul: a * b, div: a / b, pow: a ** b, sqrt: Math.sqrt(a) };
  return e.op in simple ? simple[e.op as keyof typeof simple] : undefined;
}
