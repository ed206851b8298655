import type { IToken } from "chevrotain";
import {
  type Grammar,
  type Statement,
  sharedToken,
  type TokenSource,
  theAnalysedGrammar,
  theGrammar,
} from "./grammar.ts";
import { fail, messages } from "./messages.ts";
import type { Prepared } from "./prepare.ts";
import type { Scanned } from "./scan.ts";
import { endsOperand, Kind, type Tokens } from "./tokens.ts";
import { Node, type Tree } from "./tree.ts";

/** What each closing bracket makes of the tokens inside. */
const groups: ReadonlyMap<Kind, { readonly node: Node; readonly token: Kind }> = new Map([
  [Kind.CloseParen, { node: Node.Group, token: Kind.Paren }],
  [Kind.CloseBracket, { node: Node.List, token: Kind.List }],
  [Kind.CloseBar, { node: Node.Bars, token: Kind.Bars }],
]);

const openers: ReadonlySet<Kind> = new Set<Kind>([Kind.OpenParen, Kind.OpenBracket, Kind.OpenBar]);

/** The statements of a model text. */
export function parseStatements(scanned: Scanned, prepared: Prepared, tree: Tree): Statement[] {
  const collapse = new Collapse(scanned, prepared.tokens, tree);
  collapse.groups();
  return collapse.parse(0, prepared.tokens.length, (grammar) => grammar.model());
}

/** The one expression that the text is. */
export function parseExpression(scanned: Scanned, prepared: Prepared, tree: Tree): number {
  const collapse = new Collapse(scanned, prepared.tokens, tree);
  collapse.groups();
  return collapse.parse(0, prepared.tokens.length, (grammar) => grammar.expr());
}

/** Runs the grammar on brackets, innermost first, and then on what is left. */
class Collapse implements TokenSource {
  readonly #scanned: Scanned;
  readonly #tokens: Tokens;
  readonly #tree: Tree;
  /** For an opening bracket: its closing one and the node it became. */
  readonly #closes: Int32Array;
  readonly #nodes: Int32Array;
  #places: ArrayLike<number> = [];

  constructor(scanned: Scanned, tokens: Tokens, tree: Tree) {
    this.#scanned = scanned;
    this.#tokens = tokens;
    this.#tree = tree;
    this.#closes = new Int32Array(tokens.length);
    this.#nodes = new Int32Array(tokens.length);
  }

  start = (token: number): number => this.#tokens.start(token);
  end = (token: number): number => this.#tokens.end(token);
  value = (token: number): number => this.#tokens.value(token);
  node = (token: number): number => this.#nodes[token]!;

  groups(): void {
    const stack: number[] = [];
    for (let at = 0; at < this.#tokens.length; at++) {
      const kind = this.#tokens.kind(at);
      if (openers.has(kind)) stack.push(at);
      const group = groups.get(kind);
      if (!group) continue;
      const open = stack.pop()!;
      const children = this.#single(open, at) ?? this.parse(open + 1, at, (grammar) => grammar.args());
      this.#closes[open] = at;
      this.#nodes[open] = this.#tree.addList(group.node, this.start(open), this.end(at), 0, children);
    }
  }

  /** What stands in most brackets is a single name or number: that needs no grammar. */
  #single(open: number, close: number): number[] | undefined {
    if (close !== open + 2) return undefined;
    const inside = open + 1;
    const kind = this.#tokens.kind(inside);
    if (kind !== Kind.Name && kind !== Kind.Number) return undefined;
    const node = kind === Kind.Name ? Node.Name : Node.Number;
    return [this.#tree.add(node, this.start(inside), this.end(inside), this.value(inside))];
  }

  parse<T>(from: number, to: number, run: (grammar: Grammar) => T): T {
    const count = this.#countTop(from, to);
    // Room for the end tokens that chevrotain appends: growing would copy the arrays of long sums.
    const vector = new Array<IToken>(count + 8);
    vector.length = count;
    const places = count < 64 ? new Array<number>(count) : new Int32Array(count);
    for (let at = from, k = 0; at < to; at++, k++) {
      const kind = this.#tokens.kind(at);
      places[k] = at;
      if (openers.has(kind)) {
        vector[k] = sharedToken(this.#collapsedKind(kind, at));
        at = this.#closes[at]!;
      } else vector[k] = sharedToken(kind);
    }
    this.#places = places;
    const outcome = this.#attempt(theGrammar(), vector, run);
    if (outcome) return outcome.result;
    const analysed = theAnalysedGrammar();
    const second = this.#attempt(analysed, vector, run);
    if (!second) throw this.#error(analysed.cursor, from, to);
    return second.result;
  }

  /** What a grammar makes of the tokens, unless they are wrong. */
  #attempt<T>(grammar: Grammar, vector: IToken[], run: (grammar: Grammar) => T): { readonly result: T } | undefined {
    // chevrotain has appended its end tokens if this is a second attempt
    vector.length = this.#places.length;
    grammar.prepare(this.#tree, this, vector, this.#places);
    try {
      const result = run(grammar);
      return grammar.errors.length > 0 ? undefined : { result };
    } catch (error) {
      if (grammar === theGrammar()) return undefined;
      throw error;
    }
  }

  /** How many tokens are left where every bracket is one. */
  #countTop(from: number, to: number): number {
    let count = 0;
    for (let at = from; at < to; at++, count++) if (openers.has(this.#tokens.kind(at))) at = this.#closes[at]!;
    return count;
  }

  #collapsedKind(kind: Kind, at: number): Kind {
    if (kind === Kind.OpenParen) return Kind.Paren;
    if (kind === Kind.OpenBar) return Kind.Bars;
    return this.#tokens.value(at) === 1 ? Kind.Index : Kind.List;
  }

  /** What is wrong at the first token that the grammar refused. */
  #error(cursor: number, from: number, to: number) {
    const tokens = this.#tokens;
    const at = this.#places[cursor] ?? to;
    const before = cursor > 0 ? this.#places[cursor - 1]! : from - 1;
    const text = (token: number) => this.#scanned.source.slice(tokens.start(token), tokens.end(token));
    const beforeKind = before >= from && openers.has(tokens.kind(before)) ? Kind.CloseParen : tokens.kind(before);
    const operandDue = before < from || !endsOperand(beforeKind);
    const place = Math.min(at, tokens.length - 1);
    const atEnd = at >= tokens.length;
    const start = atEnd ? this.#scanned.source.trimEnd().length : tokens.start(place);
    const end = atEnd ? start + 1 : Math.max(tokens.end(place), start + 1);
    if (tokens.length === 0) return fail(this.#scanned.source, messages.empty(), 0, 0);
    const next = at >= to ? to : at;
    const found = atEnd ? undefined : text(next) || (next + 1 < tokens.length ? text(next + 1) : "");
    const message = operandDue
      ? messages.missingOperand(before < 0 ? undefined : text(before), found)
      : messages.unexpected(found ?? "the end", tokens.kind(at));
    return fail(this.#scanned.source, message, start, end);
  }
}
