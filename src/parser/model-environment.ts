import { constant, symbol } from "../expr/build.ts";
import { type ArraySymbol, arrayValue } from "./arrays.ts";
import type { Context, Environment, UserFunction } from "./context.ts";
import type { Draft, ParameterDraft } from "./draft.ts";
import { indexExpression } from "./index-expression.ts";
import { fail, messages } from "./messages.ts";
import type { Scanned } from "./scan.ts";
import { emptyScope } from "./scope.ts";
import type { Tree } from "./tree.ts";
import { Node } from "./tree.ts";
import type { Value } from "./value.ts";

/** A number with a unit that stands in a formula: it becomes a parameter of its own. */
export interface QuantityParameter {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** Names that nothing declares, with their first place. */
export type Missing = Map<number, { readonly start: number; readonly end: number }>;

/** What the names of a model mean. Definitions are lowered when they are first asked for. */
export class ModelEnvironment implements Environment {
  readonly missing: Missing = new Map();
  /** Names whose values were used. */
  readonly used = new Set<number>();
  /** Integer parameters that bound sums or lengths: they are constants everywhere. */
  readonly compileTime = new Set<number>();
  readonly arities = new Map<number, number>();
  readonly quantities: QuantityParameter[] = [];
  usesTime = false;
  readonly #scanned: Scanned;
  readonly #tree: Tree;
  readonly #values = new Map<number, Value>();
  readonly #arrays = new Map<number, ArraySymbol>();
  readonly #coordinates = new Set<number>();
  #draft: Draft | undefined;
  #context: Context | undefined;
  #depth = 0;

  constructor(scanned: Scanned, tree: Tree) {
    this.#scanned = scanned;
    this.#tree = tree;
  }

  /** To be called before anything is asked. */
  connect(draft: Draft, context: Context): void {
    this.#draft = draft;
    this.#context = context;
  }

  /** Whether a statement gives the name a value. */
  isDeclared(name: number): boolean {
    const draft = this.#draft!;
    return (
      draft.parameters.has(name) || draft.definitions.has(name) || this.#values.has(name) || this.#arrays.has(name)
    );
  }

  declareVariable(name: number): void {
    this.#values.set(name, symbol(this.#scanned.names.spelling(name)));
    this.#coordinates.add(name);
  }

  declareArray(name: number, array: ArraySymbol): void {
    this.#arrays.set(name, array);
    this.#coordinates.add(name);
  }

  value(name: number): Value | undefined {
    this.used.add(name);
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const array = this.#arrays.get(name);
    if (array) return arrayValue(array, this.#context!.ranges);
    const parameter = this.#draft?.parameters.get(name);
    if (parameter) return this.#remember(name, this.#parameterValue(parameter));
    const definition = this.#draft?.definitions.get(name);
    if (definition !== undefined) return this.#definition(name, definition);
    return this.#time(name);
  }

  #remember(name: number, value: Value): Value {
    this.#values.set(name, value);
    return value;
  }

  #parameterValue(parameter: ParameterDraft): Value {
    const name = this.#scanned.names.spelling(parameter.name);
    if (parameter.shape.length > 0) {
      const array = { symbol: { name, shape: parameter.shape }, ring: false, boundary: () => undefined };
      return arrayValue(array, this.#context!.ranges);
    }
    if (this.compileTime.has(parameter.name) && typeof parameter.value === "number") return constant(parameter.value);
    return symbol(name);
  }

  /** `orderedDefinitions` sees to it that this hardly recurses. */
  #definition(name: number, node: number): Value {
    this.#depth += 1;
    if (this.#depth > 64) this.#context!.fail(messages.circular(this.#scanned.names.spelling(name)), node);
    const value = this.#context!.lower(node, emptyScope);
    this.#depth -= 1;
    return this.#remember(name, value);
  }

  #time(name: number): Value | undefined {
    if (this.#scanned.names.spelling(name) !== "t") return undefined;
    this.usesTime = true;
    return this.#remember(name, symbol("t"));
  }

  unknown(name: number, start: number, end: number): Value {
    if (!this.missing.has(name)) this.missing.set(name, { start, end });
    return symbol(this.#scanned.names.spelling(name));
  }

  userFunction(name: number): UserFunction | undefined {
    return this.#draft?.functions.get(name);
  }

  integer(name: number): number | undefined {
    const parameter = this.#draft?.parameters.get(name);
    if (parameter && typeof parameter.value === "number" && parameter.unit === undefined) {
      this.compileTime.add(name);
      return parameter.value;
    }
    const definition = this.#draft?.definitions.get(name);
    if (definition === undefined || this.#tree.kind(definition) === Node.List) return undefined;
    this.#depth += 1;
    if (this.#depth > 64) this.#context!.fail(messages.circular(this.#scanned.names.spelling(name)), definition);
    const value = indexExpression(this.#context!, definition, emptyScope);
    this.#depth -= 1;
    this.compileTime.add(name);
    return value.terms.length === 0 ? value.offset : undefined;
  }

  shape(name: number): readonly number[] | undefined {
    return this.#arrays.get(name)?.symbol.shape ?? this.#parameterShape(name);
  }

  #parameterShape(name: number): readonly number[] | undefined {
    const shape = this.#draft?.parameters.get(name)?.shape;
    return shape && shape.length > 0 ? shape : undefined;
  }

  isCoordinate(name: number): boolean {
    return this.#coordinates.has(name);
  }

  unknownCall(name: number, arity: number, start: number, end: number): void {
    const known = this.arities.get(name);
    if (known !== undefined && known !== arity) {
      throw fail(
        this.#scanned.source,
        messages.arityMismatch(this.#scanned.names.spelling(name), known, arity),
        start,
        end,
      );
    }
    this.arities.set(name, arity);
  }

  quantity(value: number, unit: string): Value {
    let known = this.quantities.find((other) => other.value === value && other.unit === unit);
    if (!known) {
      let name = `quantity${this.quantities.length + 1}`;
      while (this.#scanned.names.find(name) !== undefined) name += "_";
      known = { name, value, unit };
      this.quantities.push(known);
    }
    return symbol(known.name);
  }
}
