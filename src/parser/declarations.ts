import type { Scanned } from "./scan.ts";
import { Kind, type Tokens } from "./tokens.ts";

/** Which names a text declares, seen from its tokens alone: juxtaposition and calls depend on it. */
export interface Declarations {
  /** Names of numbers: parameters, definitions, coordinates. */
  readonly values: Set<number>;
  /** Names of functions: `f(x) = …`, `V = nn(…)`. */
  readonly functions: Set<number>;
}

export const networkKinds: ReadonlySet<string> = new Set(["nn", "mlp"]);

/** The places of the separators and the end: where statements end. */
export function* statementsOf(tokens: Tokens): Generator<readonly [number, number]> {
  let start = 0;
  for (let at = 0; at <= tokens.length; at++) {
    if (at < tokens.length && tokens.kind(at) !== Kind.Separator) continue;
    if (at > start) yield [start, at];
    start = at + 1;
  }
}

/** The comma-separated parts of a statement, outside brackets. */
export function* itemsOf(tokens: Tokens, start: number, end: number): Generator<readonly [number, number]> {
  let depth = 0;
  let from = start;
  for (let at = start; at < end; at++) {
    depth += depthChange(tokens.kind(at));
    if (depth !== 0 || tokens.kind(at) !== Kind.Comma) continue;
    yield [from, at];
    from = at + 1;
  }
  yield [from, end];
}

export function depthChange(kind: Kind): number {
  switch (kind) {
    case Kind.OpenParen:
    case Kind.OpenBracket:
    case Kind.OpenBrace:
    case Kind.OpenBar:
      return 1;
    case Kind.CloseParen:
    case Kind.CloseBracket:
    case Kind.CloseBrace:
    case Kind.CloseBar:
      return -1;
    default:
      return 0;
  }
}

/** Reads the heads of all statements. */
export function collectDeclarations(scanned: Scanned): Declarations {
  const declared: Declarations = { values: new Set(), functions: new Set() };
  for (const [start, end] of statementsOf(scanned.tokens)) {
    if (end - start > 1 && scanned.tokens.kind(start) === Kind.Name) declareStatement(scanned, declared, start, end);
  }
  return declared;
}

function declareStatement(scanned: Scanned, declared: Declarations, start: number, end: number): void {
  const { tokens, names } = scanned;
  const word = names.spelling(tokens.value(start));
  if (word === "pairs" && tokens.kind(start + 1) === Kind.OpenParen && hasComma(tokens, start + 1)) {
    for (let at = start + 1; at < end; at++) {
      if (tokens.kind(at) === Kind.Name) declared.values.add(tokens.value(at));
    }
    return;
  }
  const first = sideWords.has(word) && tokens.kind(start + 1) === Kind.Name ? start + 1 : start;
  if (end - start > longestHead && first === start && !isDeclaration(tokens, start)) return;
  for (const [from, to] of itemsOf(tokens, first, end)) declareItem(scanned, declared, from, to, word);
}

/** Statements that long are single expressions, unless they begin as a declaration does. */
const longestHead = 100_000;

function isDeclaration(tokens: Tokens, start: number): boolean {
  const next = tokens.kind(start + 1);
  return next === Kind.Equals || next === Kind.OpenParen || next === Kind.Colon || next === Kind.OpenBracket;
}

export const sideWords: ReadonlySet<string> = new Set(["damping", "force", "boundary", "invariant"]);

function hasComma(tokens: Tokens, open: number): boolean {
  for (let at = open + 1; at < tokens.length && tokens.kind(at) !== Kind.CloseParen; at++) {
    if (tokens.kind(at) === Kind.Comma) return true;
  }
  return false;
}

function declareItem(scanned: Scanned, declared: Declarations, start: number, end: number, word: string): void {
  const { tokens, names } = scanned;
  if (tokens.kind(start) !== Kind.Name) return;
  const name = tokens.value(start);
  const next = tokens.kind(start + 1);
  if (sideWords.has(word) && next !== Kind.Equals) return;
  if (word === "damping" || word === "force" || word === "boundary") return;
  if (next === Kind.Equals && start + 1 < end) {
    const called = tokens.kind(start + 2) === Kind.Name ? names.spelling(tokens.value(start + 2)) : "";
    const isNetwork = networkKinds.has(called) && tokens.kind(start + 3) === Kind.OpenParen;
    (isNetwork ? declared.functions : declared.values).add(name);
  } else if (next === Kind.Colon) declared.values.add(name);
  else if (next === Kind.OpenBracket && closeOf(tokens, start + 1, end) === end - 1) declared.values.add(name);
  else if (next === Kind.OpenParen) declareCall(scanned, declared, start, end);
}

function closeOf(tokens: Tokens, open: number, end: number): number {
  let depth = 0;
  for (let at = open; at < end; at++) {
    depth += depthChange(tokens.kind(at));
    if (depth === 0) return at;
  }
  return -1;
}

/** `f(u, v) = …`, `H(q, p, t) = …`; `q(0) = 1` declares nothing. */
function declareCall(scanned: Scanned, declared: Declarations, start: number, end: number): void {
  const { tokens, names } = scanned;
  const args = definedArguments(tokens, start, end);
  if (!args) return;
  if (names.spelling(tokens.value(start)) === "H") for (const at of args) declared.values.add(tokens.value(at));
  else declared.functions.add(tokens.value(start));
}

/** The argument tokens of `f(u, v) =`, or undefined if this is no such head. */
export function definedArguments(tokens: Tokens, start: number, end: number): number[] | undefined {
  if (tokens.kind(start) !== Kind.Name || tokens.kind(start + 1) !== Kind.OpenParen) return undefined;
  const args: number[] = [];
  let at = start + 2;
  for (; at < end && tokens.kind(at) === Kind.Name; at += 2) {
    args.push(at);
    if (tokens.kind(at + 1) !== Kind.Comma) break;
  }
  const isHead = args.length > 0 && tokens.kind(at + 1) === Kind.CloseParen && tokens.kind(at + 2) === Kind.Equals;
  return isHead && at + 2 < end ? args : undefined;
}
