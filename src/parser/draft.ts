import { affineConstant } from "../expr/affine.ts";
import type { UnknownFunction } from "../model.ts";
import type { Context, UserFunction } from "./context.ts";
import { networkKinds } from "./declarations.ts";
import type { Item, Statement } from "./grammar.ts";
import { indexExpression } from "./index-expression.ts";
import { messages } from "./messages.ts";
import { looksLikeMomentum } from "./pairing.ts";
import { sideKeywords } from "./prepare.ts";
import { emptyScope } from "./scope.ts";
import { Kind } from "./tokens.ts";
import { Node } from "./tree.ts";

export interface ParameterDraft {
  readonly name: number;
  readonly shape: readonly number[];
  readonly value: number | readonly number[] | undefined;
  readonly unit: string | undefined;
  readonly learn: { readonly min: number; readonly max: number } | undefined;
  readonly node: number;
}

export interface VariableDraft {
  readonly name: number;
  /** Nodes of the lengths behind `:`. */
  readonly shape: readonly number[];
  readonly unit: string | undefined;
  readonly node: number;
}

export interface SideDraft {
  readonly keyword: string;
  readonly target: number;
  readonly value: number;
}

/** The statements of a model, sorted by what they declare. Numbers are names, or nodes of the syntax tree. */
export interface Draft {
  readonly parameters: Map<number, ParameterDraft>;
  readonly definitions: Map<number, number>;
  readonly functions: Map<number, UserFunction>;
  readonly variables: Map<number, VariableDraft>;
  readonly networks: Map<number, NonNullable<UnknownFunction["network"]>>;
  readonly initial: { readonly target: number; readonly value: number }[];
  readonly pairs: (readonly [number, number])[];
  readonly sides: SideDraft[];
  readonly rings: number[];
  hamiltonian: number;
}

/** Sorts statements; everything that one statement alone shows to be wrong is refused here. */
export function draftModel(context: Context, units: readonly string[], statements: readonly Statement[]): Draft {
  const drafting = new Drafting(context, units);
  for (const statement of statements) drafting.statement(statement);
  drafting.chooseHamiltonian();
  return drafting;
}

class Drafting implements Draft {
  readonly parameters = new Map<number, ParameterDraft>();
  readonly definitions = new Map<number, number>();
  readonly functions = new Map<number, UserFunction>();
  readonly variables = new Map<number, VariableDraft>();
  readonly networks = new Map<number, NonNullable<UnknownFunction["network"]>>();
  readonly initial: { target: number; value: number }[] = [];
  readonly pairs: (readonly [number, number])[] = [];
  readonly sides: SideDraft[] = [];
  readonly rings: number[] = [];
  hamiltonian = -1;
  readonly #context: Context;
  readonly #units: readonly string[];
  readonly #expressions: number[] = [];
  /** Body of `H(q, p) = …`. */
  #function = -1;

  constructor(context: Context, units: readonly string[]) {
    this.#context = context;
    this.#units = units;
  }

  statement(statement: Statement): void {
    switch (statement.kind) {
      case "pairs":
        for (const pair of statement.pairs) this.#pair(pair);
        break;
      case "ring":
        this.rings.push(...statement.targets);
        break;
      case "side":
        for (const [target, value] of statement.parts) this.#side(sideKeywords[statement.keyword]!, target, value);
        break;
      case "items":
        for (const item of statement.items) this.#item(item, statement.items.length);
    }
  }

  #pair(node: number): void {
    const { tree } = this.#context;
    const parts = tree.children(node);
    if (parts.length !== 2 || !parts.every((part) => tree.kind(part) === Node.Name)) {
      this.#context.fail(messages.badPair(this.#context.text(node)), node);
    }
    this.pairs.push([tree.value(parts[0]!), tree.value(parts[1]!)]);
  }

  #side(keyword: string, target: number, value: number): void {
    const { tree } = this.#context;
    if (keyword === "invariant" && tree.kind(target) !== Node.Name) {
      this.#context.fail(messages.badDeclaration(this.#context.text(target)), target);
    }
    this.sides.push({ keyword, target, value });
  }

  // ── items ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #item(item: Item, siblings: number): void {
    const { tree } = this.#context;
    const isName = tree.kind(item.left) === Node.Name;
    if (item.shape !== undefined || (item.unit !== undefined && item.right === undefined)) {
      if (!isName) this.#context.fail(messages.badDeclaration(this.#context.text(item.left)), item.left);
      this.#variable(item);
    } else if (item.right === undefined) {
      if (isName && siblings > 1) this.#variable(item);
      else this.#expressions.push(item.left);
    } else if (isName) this.#named(item, item.right);
    else this.#applied(item, item.right);
  }

  #refuseDuplicate(name: number, node: number): void {
    const maps = [this.parameters, this.definitions, this.functions, this.variables, this.networks];
    if (!maps.some((map) => map.has(name))) return;
    this.#context.fail(messages.duplicate(this.#context.spelling(name)), node);
  }

  #variable(item: Item): void {
    const { tree } = this.#context;
    const name = tree.value(item.left);
    this.#refuseDuplicate(name, item.left);
    this.#refuseLearn(item);
    const shape = item.shape === undefined ? [] : tree.children(item.shape);
    if (item.shape !== undefined && shape.length === 0) this.#context.fail(messages.emptyBracket(), item.shape);
    const unit = item.unit === undefined ? undefined : this.#unit(item.unit);
    this.variables.set(name, { name, shape, unit, node: item.left });
  }

  #unit(token: number): string {
    return this.#units[token] ?? "";
  }

  #refuseLearn(item: Item): void {
    if (item.learn) this.#context.failAt(messages.learnWhat(), item.start, item.end);
  }

  #named(item: Item, right: number | "?"): void {
    const { tree } = this.#context;
    const name = tree.value(item.left);
    this.#refuseDuplicate(name, item.left);
    const network = right === "?" ? undefined : this.#network(right);
    if (network) {
      this.#refuseLearn(item);
      this.networks.set(name, network);
      return;
    }
    const literal = right === "?" ? { value: undefined, shape: [], unit: undefined } : this.#literal(right);
    if (literal) {
      const unit = item.unit === undefined ? literal.unit : this.#unit(item.unit);
      this.parameters.set(name, { ...literal, name, unit, learn: this.#learn(item), node: item.left });
    } else {
      if (item.unit !== undefined) this.#context.failAt(messages.unitOfDefinition(), item.start, item.end);
      this.#refuseLearn(item);
      this.definitions.set(name, right as number);
    }
  }

  #learn(item: Item): { min: number; max: number } | undefined {
    if (!item.learn) return undefined;
    const { bounds } = item.learn;
    if (bounds === undefined) return { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
    const { tree } = this.#context;
    const limits = tree.children(bounds).map((node) => this.#number(node));
    const [min, max] = limits;
    if (limits.length !== 2 || min === undefined || max === undefined || min > max) {
      return this.#context.fail(messages.learnBounds(this.#context.text(bounds)), bounds);
    }
    return { min, max };
  }

  /** The value of a number with its sign. */
  #number(node: number): number | undefined {
    const { tree, scanned } = this.#context;
    if (tree.kind(node) === Node.Negate) {
      const value = this.#number(tree.child(node, 0));
      return value === undefined ? undefined : -value;
    }
    return tree.kind(node) === Node.Number ? scanned.numbers[tree.value(node)] : undefined;
  }

  #literal(
    node: number,
  ): { value: number | readonly number[]; shape: readonly number[]; unit: string | undefined } | undefined {
    const { tree } = this.#context;
    const kind = tree.kind(node);
    if (kind === Node.Negate) {
      const inner = this.#literal(tree.child(node, 0));
      return inner && typeof inner.value === "number" ? { ...inner, value: -inner.value } : undefined;
    }
    if (kind === Node.Quantity) {
      const inner = this.#literal(tree.child(node, 0));
      return inner && { ...inner, unit: this.#unit(tree.value(node)) };
    }
    const value = this.#number(node);
    if (value !== undefined) return { value, shape: [], unit: undefined };
    return kind === Node.List ? this.#literalList(node) : undefined;
  }

  #literalList(node: number): { value: number[]; shape: number[]; unit: string | undefined } | undefined {
    const parts = this.#context.tree.children(node).map((part) => this.#literal(part));
    const [first] = parts;
    if (!first || !parts.every((part) => part !== undefined && part.unit === first.unit)) return undefined;
    if (new Set(parts.map((part) => part!.shape.join())).size > 1) {
      return this.#context.fail(messages.raggedList(), node);
    }
    return { value: parts.flatMap((part) => part!.value), shape: [parts.length, ...first.shape], unit: first.unit };
  }

  /** `nn(32, 32, tanh)`. */
  #network(node: number): NonNullable<UnknownFunction["network"]> | undefined {
    const context = this.#context;
    const { tree } = context;
    if (tree.kind(node) !== Node.Call || tree.value(node) < 0) return undefined;
    const kind = context.spelling(tree.value(node));
    if (kind === "table") return context.fail(messages.notYet("table"), node);
    if (!networkKinds.has(kind) || context.environment.userFunction(tree.value(node))) return undefined;
    const sizes: number[] = [];
    let activation: string | undefined;
    for (const arg of tree.children(tree.child(node, 0))) {
      const size = this.#number(arg);
      if (size !== undefined && Number.isInteger(size) && size > 0 && activation === undefined) sizes.push(size);
      else if (tree.kind(arg) === Node.Name && activation === undefined) activation = context.spelling(tree.value(arg));
      else context.fail(messages.badNetwork(context.text(node)), arg);
    }
    if (sizes.length === 0) context.fail(messages.badNetwork(context.text(node)), node);
    return { kind, sizes, activation };
  }

  /** `f(u, v) = …`, `H(q, p, t) = …`, `q(0) = 1`, `q[1](0) = 1`. */
  #applied(item: Item, right: number | "?"): void {
    const context = this.#context;
    const { tree } = context;
    const word = /^(?:damping|force|boundary|invariant)(?=\s)/.exec(context.text(item.left))?.[0];
    if (word !== undefined) context.failAt(messages.ownLine(word), item.start, item.end);
    if (right === "?") return context.failAt(messages.badDeclaration(context.text(item.left)), item.start, item.end);
    this.#refuseLearn(item);
    if (tree.kind(item.left) === Node.Call && tree.value(item.left) >= 0) return this.#function_(item, right);
    const isProduct = tree.kind(item.left) === Node.Product && tree.count(item.left) === 3;
    const [target, operator, group] = isProduct ? tree.children(item.left) : [-1, -1, -1];
    if (operator === Kind.Beside && tree.kind(group!) === Node.Group && tree.count(group!) === 1) {
      const kind = tree.kind(target!);
      const atZero = this.#number(tree.child(group!, 0)) === 0;
      if (atZero && (kind === Node.Name || kind === Node.Index)) {
        this.initial.push({ target: target!, value: right });
        return;
      }
    }
    context.failAt(messages.badDeclaration(context.text(item.left)), tree.start(item.left), tree.end(item.left));
  }

  #function_(item: Item, body: number): void {
    const context = this.#context;
    const { tree } = context;
    const name = tree.value(item.left);
    const args = tree.children(tree.child(item.left, 0));
    const isHead = args.every((arg) => tree.kind(arg) === Node.Name) && tree.child(item.left, 1) === 0;
    if (!isHead || args.length === 0) context.fail(messages.badDeclaration(context.text(item.left)), item.left);
    const params = args.map((arg) => tree.value(arg));
    if (new Set(params).size < params.length) context.fail(messages.duplicateArgument(), item.left);
    this.#refuseDuplicate(name, item.left);
    if (context.spelling(name) === "H") this.#hamiltonianFunction(item.left, params, body);
    else this.functions.set(name, { params, body });
  }

  #hamiltonianFunction(head: number, params: readonly number[], body: number): void {
    const context = this.#context;
    if (this.#function >= 0) context.fail(messages.twoHamiltonians(), head);
    this.#function = body;
    const state = params.filter((param) => context.spelling(param) !== "t");
    if (state.length % 2 === 1) context.fail(messages.oddArguments(context.text(head)), head);
    const pairs = pairArguments(state, (name) => context.spelling(name));
    const looks = (name: number) => looksLikeMomentum(context.spelling(name));
    const reversed = pairs.some(
      ([q, p]) =>
        (looks(q) && !looks(p)) ||
        state.some((other) => other !== q && isMomentumOf(context.spelling(q), context.spelling(other))),
    );
    if (reversed) context.fail(messages.reversedArguments(context.text(head)), head);
    this.pairs.push(...pairs);
  }

  chooseHamiltonian(): void {
    const context = this.#context;
    const found = this.#function >= 0 ? [this.#function, ...this.#expressions] : this.#expressions;
    if (found.length > 1) context.fail(messages.twoHamiltonians(), found[1]!);
    this.hamiltonian = found[0] ?? this.#definedHamiltonian();
  }

  #definedHamiltonian(): number {
    const context = this.#context;
    if (context.scanned.names.size === 0) return context.failAt(messages.empty(), 0, 0);
    const name = context.scanned.names.find("H");
    const node = name === undefined ? undefined : this.definitions.get(name);
    if (node === undefined) {
      const named = [...this.definitions.keys()].map((other) => context.spelling(other));
      return context.failAt(messages.noHamiltonian(named), 0, 0);
    }
    this.definitions.delete(name!);
    return node;
  }
}

/** `H(q, p)`, `H(x, y, px, py)`, `H(x, px, y, py)`: the first half and the second, unless the names alternate. */
export function pairArguments(
  names: readonly number[],
  spelling: (name: number) => string,
): (readonly [number, number])[] {
  const half = names.length / 2;
  const alternates = names.every((name, k) => k % 2 === 0 || isMomentumOf(spelling(name), spelling(names[k - 1]!)));
  return Array.from({ length: half }, (_, k) =>
    alternates ? [names[2 * k]!, names[2 * k + 1]!] : [names[k]!, names[k + half]!],
  );
}

function isMomentumOf(momentum: string, coordinate: string): boolean {
  const key = coordinate.replace(/_/g, "").toLowerCase();
  const plain = momentum.replace(/_/g, "").toLowerCase();
  return plain === `p${key}` || plain === key.replace(/^q/, "p");
}

/** The lengths behind `:` of a declaration. */
export function declaredShape(context: Context, variable: VariableDraft): number[] {
  return variable.shape.map((node) => {
    const length = affineConstant(indexExpression(context, node, emptyScope));
    if (length !== undefined && length >= 1 && length <= 1e7) return length;
    return context.fail(messages.badLength(context.text(node)), node);
  });
}
