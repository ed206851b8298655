import type { Expr } from "../expr/expr.ts";
import type { Model } from "../model.ts";
import { matchBrackets } from "./brackets.ts";
import { collectDeclarations, type Declarations } from "./declarations.ts";
import { type ParseOptions, parseOver, registerSymbols } from "./expression.ts";
import { translateLatex } from "./latex.ts";
import { joinLines } from "./lines.ts";
import { readModel } from "./model-text.ts";
import { NameTable } from "./names.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { type Scanned, scan } from "./scan.ts";
import { parseExpression, parseStatements } from "./syntax.ts";
import { Tree } from "./tree.ts";

export type { ParseOptions, SymbolDeclaration } from "./expression.ts";

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
  const { scanned, prepared } = read(text, names, declared, false);
  const tree = new Tree();
  const root = parseExpression(scanned, prepared, tree);
  return parseOver(scanned, tree, root, options.symbols);
}

/**
 * Reads a model: one Hamiltonian, or statements as in language.md.
 *
 * @throws HnncError kind `formula`, or `limit`; with the place and a fix
 * @example parseModel("p^2/(2 m) + m g q; m = 1; g = 9.81").readings // ["coordinates and momenta: (q, p)"]
 */
export function parseModel(text: string): Model {
  const { scanned, prepared } = read(text, new NameTable(), undefined, true);
  const tree = new Tree();
  const statements = parseStatements(scanned, prepared, tree);
  return readModel(scanned, prepared, tree, statements);
}

/** Text to tokens that the grammar takes. */
function read(
  text: string,
  names: NameTable,
  symbols: Declarations | undefined,
  statements: boolean,
): { scanned: Scanned; prepared: Prepared } {
  const lines = joinLines(scan(text, names));
  const declared = symbols ?? collectDeclarations(lines);
  const isDeclared = (name: number) => declared.values.has(name) || declared.functions.has(name);
  const scanned = { ...lines, tokens: translateLatex(lines, isDeclared) };
  const partners = matchBrackets(scanned, scanned.tokens);
  return { scanned, prepared: prepare(scanned, partners, declared, statements) };
}
