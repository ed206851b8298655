import type { Affine } from "../expr/affine.ts";
import { zero } from "../expr/build.ts";
import type { Context } from "./context.ts";
import { isBuiltIn } from "./functions.ts";
import { indexExpression } from "./index-expression.ts";
import { messages } from "./messages.ts";
import { bindRanges } from "./ranges.ts";
import { emptyScope, Scope } from "./scope.ts";
import { lengthUnder, pushChildren } from "./subscript.ts";
import { Node } from "./tree.ts";

/** Where an array that nothing declares is indexed. */
export interface IndexedName {
  readonly node: number;
  readonly rank: number;
  /** Largest index a dimension: under an index alone (`q[i]`), and in any way (`q[i+1]`); −1 if unknown. */
  readonly plain: number[];
  readonly reach: number[];
  /** The indices that are numbers. */
  readonly numbers: Set<number>;
  /** Whether some index is bound rather than a number. */
  bound: boolean;
}

/**
 * Walks the syntax before anything is lowered: which names are used that nothing declares, as numbers or as arrays, and
 * how long the arrays must be.
 */
export class Survey {
  /** Undeclared names used as numbers, with their first place. */
  readonly free = new Map<number, number>();
  readonly arrays = new Map<number, IndexedName>();
  /** Names of unknown functions. */
  readonly called = new Set<number>();
  /** Calls whose only argument is the time, by name. */
  readonly ofTime = new Map<number, number>();
  readonly #context: Context;
  readonly #isDeclared: (name: number) => boolean;

  constructor(context: Context, isDeclared: (name: number) => boolean) {
    this.#context = context;
    this.#isDeclared = isDeclared;
  }

  /** Walks an expression; `params` are names that its surroundings bind. */
  expression(node: number, params: readonly number[] = []): void {
    const names = params.map((name) => [name, { kind: "value", value: zero }] as const);
    this.#walk(node, new Scope(emptyScope, new Map(names)));
  }

  #walk(root: number, scope: Scope): void {
    const { tree } = this.#context;
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      switch (tree.kind(node)) {
        case Node.Name:
          this.#name(node, scope);
          break;
        case Node.Index:
          this.#index(node, scope, stack);
          break;
        case Node.Call:
          this.#call(node, scope, stack);
          break;
        case Node.Power:
          this.#power(node, scope, stack);
          break;
        default:
          pushChildren(this.#context, node, stack);
      }
    }
  }

  #name(node: number, scope: Scope): void {
    const name = this.#context.tree.value(node);
    if (scope.find(name) !== undefined || this.#isDeclared(name)) return;
    const subscript = this.#subscript(name, scope);
    if (subscript) {
      if (!this.#isDeclared(subscript.array)) this.#use(subscript.array, subscript.at, node);
    } else if (!this.free.has(name)) this.free.set(name, node);
  }

  #subscript(name: number, scope: Scope): { array: number; at: Affine[] } | undefined {
    const { scanned } = this.#context;
    const spelling = scanned.names.spelling(name);
    const underscore = spelling.lastIndexOf("_");
    if (underscore <= 0) return undefined;
    const suffix = spelling.slice(underscore + 1);
    const index = (text: string) => {
      const found = scanned.names.find(text);
      const meaning = found === undefined ? undefined : scope.find(found);
      return meaning?.kind === "index" ? meaning.at : undefined;
    };
    const whole = index(suffix);
    const at = whole ? [whole] : [...suffix].map(index);
    if (at.some((part) => part === undefined)) return undefined;
    return { array: scanned.names.intern(spelling.slice(0, underscore)), at: at as Affine[] };
  }

  #index(node: number, scope: Scope, stack: number[]): void {
    const { tree } = this.#context;
    const base = tree.child(node, 0);
    if (tree.kind(base) !== Node.Name) {
      stack.push(base);
      return;
    }
    const name = tree.value(base);
    const at = tree.children(node).slice(1);
    const places = at.map((index) => this.#tryIndex(index, scope));
    if (scope.find(name) !== undefined || this.#isDeclared(name)) return;
    this.#use(name, places, base);
  }

  /** Errors of index expressions are reported when they are lowered. */
  #tryIndex(node: number, scope: Scope): Affine | undefined {
    try {
      return indexExpression(this.#context, node, scope);
    } catch {
      return undefined;
    }
  }

  #use(name: number, at: readonly (Affine | undefined)[], node: number): void {
    let entry = this.arrays.get(name);
    if (!entry) {
      entry = {
        node,
        rank: at.length,
        plain: at.map(() => -1),
        reach: at.map(() => -1),
        numbers: new Set(),
        bound: false,
      };
      this.arrays.set(name, entry);
    }
    const { ranges } = this.#context;
    at.slice(0, entry.rank).forEach((index, k) => {
      if (index === undefined || index.terms.length > 0) entry.bound = true;
      else entry.numbers.add(index.offset);
      if (index === undefined || !ranges.has(index)) return;
      const most = ranges.extreme(index, true);
      const [only] = index.terms;
      const isPlain =
        index.terms.length === 0 || (index.terms.length === 1 && index.offset === 0 && only!.factor === 1);
      if (isPlain) entry.plain[k] = Math.max(entry.plain[k]!, most);
      entry.reach[k] = Math.max(entry.reach[k]!, most);
    });
  }

  #power(node: number, scope: Scope, stack: number[]): void {
    const { tree } = this.#context;
    const base = tree.child(node, 0);
    pushChildren(this.#context, node, stack);
    const isEuler = tree.kind(base) === Node.Name && this.#context.spelling(tree.value(base)) === "e";
    const isNumeric = tree.kind(tree.child(node, 2)) === Node.Number;
    if (!isEuler || isNumeric || scope.find(tree.value(base))) return;
    stack.splice(stack.indexOf(base), 1);
  }

  #call(node: number, scope: Scope, stack: number[]): void {
    const context = this.#context;
    const { tree } = context;
    const value = tree.value(node);
    const args = tree.children(tree.child(node, 0));
    const name = value < 0 ? context.scanned.commands[-1 - value]! : context.spelling(value);
    const own = value >= 0 && context.environment.userFunction(value) !== undefined;
    if (!own && isBuiltIn(name)) {
      if ((name === "sum" || name === "prod") && args.length > 1) return this.#sum(args, scope, stack);
    } else if (!own) {
      this.called.add(value);
      if (args.length === 1 && tree.kind(args[0]!) === Node.Name && context.spelling(tree.value(args[0]!)) === "t") {
        this.ofTime.set(value, node);
      }
    }
    stack.push(...args);
  }

  #sum(args: readonly number[], scope: Scope, stack: number[]): void {
    const [body, ...ranges] = args as [number, ...number[]];
    let inner: Scope;
    try {
      const length = (name: number) => lengthUnder(this.#context, body, name, scope);
      inner = bindRanges(this.#context, ranges, scope, length).scope;
    } catch {
      // Reported when it is lowered; the names inside are still worth knowing.
      stack.push(body);
      return;
    }
    this.#walk(body, inner);
  }

  /** Arrays that are only indexed by numbers are the names `q1`, `q2`, …; beside an array p those names are an array. */
  settle(): void {
    const { names } = this.#context.scanned;
    this.#gatherElements();
    for (const [name, entry] of this.arrays) {
      if (entry.bound || entry.rank !== 1 || this.#hasArrayKin(name)) continue;
      this.arrays.delete(name);
      for (const k of entry.numbers) {
        const spelling = names.spelling(name);
        const numbered = names.intern(`${spelling}${Math.abs(k)}`);
        if (k >= 0 && this.#isDeclared(numbered)) continue;
        if (k < 1) this.#context.fail(messages.indexFromOne(spelling, k), entry.node);
        if (!this.free.has(numbered)) this.free.set(numbered, entry.node);
      }
    }
  }

  /** `q1 q2` where `p[i]` is summed over, or the other way round: elements of an array that is never indexed. */
  #gatherElements(): void {
    const { names } = this.#context.scanned;
    for (const [name, { bound, rank, plain, node }] of [...this.arrays]) {
      const kin = kinOf(names.spelling(name));
      const array = kin === undefined || !bound || rank !== 1 ? undefined : names.intern(kin);
      if (array === undefined || this.arrays.has(array) || this.free.has(array) || this.#isDeclared(array)) continue;
      const elements = [...this.free.keys()].filter((other) => elementOf(names.spelling(other)) === kin);
      if (elements.length === 0) continue;
      for (const element of elements) this.free.delete(element);
      this.arrays.set(array, { node, rank, plain: [...plain], reach: [...plain], numbers: new Set(), bound: true });
    }
  }

  /** Whether `p` is used as an array where `q` is looked at, or the other way round. */
  #hasArrayKin(name: number): boolean {
    const { names } = this.#context.scanned;
    const kin = kinOf(names.spelling(name));
    const other = kin === undefined ? undefined : names.find(kin);
    return other !== undefined && this.arrays.get(other)?.bound === true;
  }
}

function kinOf(name: string): string | undefined {
  return name === "q" ? "p" : name === "p" ? "q" : undefined;
}

/** `q` for `q1` and `q_1`. */
function elementOf(name: string): string | undefined {
  return /^(.*[^\d_])_?\d+$/.exec(name)?.[1];
}
