import type { Expr } from "../expr/expr.ts";
import type { Model } from "../model.ts";
import { matchBrackets } from "./brackets.ts";
import { collectDeclarations, type Declarations } from "./declarations.ts";
import { lowerExpression, type ParseOptions, registerSymbols } from "./expression.ts";
import { translateLatex } from "./latex.ts";
import { joinLines } from "./lines.ts";
import { readModel } from "./model-text.ts";
import { NameTable } from "./names.ts";
import { type Prepared, prepare, type Readings } from "./prepare.ts";
import { type Scanned, scan } from "./scan.ts";
import { parseExpression, parseStatements } from "./syntax.ts";
import { Tokens } from "./tokens.ts";
import { Tree } from "./tree.ts";

/**
 * Reads one expression.
 *
 * @param options.symbols the names that may occur: a list of scalars, or their shapes; without it every plain name
 *   that nothing else explains is a scalar, so that published formulas can be read as they stand
 * @throws HnncError kind `formula`, or `limit`; with the place and a fix
 * @example parse("p**2/2 - cos(θ)") // symbols p and theta
 * @example parse("sum(q[i]^2, i = 1..N)", { symbols: { q: { shape: [10] }, … } })
 */
export function parse(text: string, options: ParseOptions = {}): Expr {
  const names = new NameTable();
  const declared = registerSymbols(names, options.symbols);
  const { scanned, tree, readings, result } = syntaxOf(text, names, declared, parseExpression);
  return lowerExpression(scanned, tree, readings.units, result, options.symbols);
}

/**
 * Reads a model: one Hamiltonian alone, or statements about it.
 *
 * @throws HnncError kind `formula`, or `limit`; with the place and a fix
 * @example parseModel("p^2/(2 m) + m g q; m = 1; g = 9.81").readings // ["coordinates and momenta: (q, p)"]
 */
export function parseModel(text: string): Model {
  const { scanned, tree, readings, result } = syntaxOf(text, new NameTable(), undefined, parseStatements);
  return readModel(scanned, readings, tree, result);
}

interface Syntax<T> {
  /** Without its tokens, which are no longer needed. */
  readonly scanned: Scanned;
  readonly readings: Readings;
  readonly tree: Tree;
  readonly result: T;
}

/** Text to syntax tree. A function of its own, so that the tokens of long texts are gone when lowering begins. */
function syntaxOf<T>(
  text: string,
  names: NameTable,
  symbols: Declarations | undefined,
  run: (scanned: Scanned, prepared: Prepared, tree: Tree) => T,
): Syntax<T> {
  const { scanned, prepared } = preparedTokens(text, names, symbols);
  const tree = new Tree(prepared.tokens.length + 16);
  const result = run(scanned, prepared, tree);
  const { units, ambiguous, inUnits, applied } = prepared;
  return { scanned, readings: { units, ambiguous, inUnits, applied }, tree, result };
}

/** Text to the tokens that the grammar takes; those of the earlier steps are gone when it begins. */
function preparedTokens(
  text: string,
  names: NameTable,
  symbols: Declarations | undefined,
): { scanned: Scanned; prepared: Prepared } {
  const lines = joinLines(scan(text, names));
  const declared = symbols ?? collectDeclarations(lines);
  const isDeclared = (name: number) => declared.values.has(name) || declared.functions.has(name);
  const scanned = { ...lines, source: text, tokens: translateLatex(lines, isDeclared) };
  const partners = matchBrackets(scanned, scanned.tokens);
  const { tokens, units, ambiguous, inUnits, applied } = prepare(scanned, partners, declared, symbols === undefined);
  return { scanned: { ...scanned, tokens: new Tokens(0) }, prepared: { tokens, units, ambiguous, inUnits, applied } };
}
