import type { DataSource, Domain, EdgeTerm, Position } from "../../graph/domain.ts";
import { countEntries } from "../../graph/domain.ts";
import type { Dtype } from "../../graph/graph.ts";
import { numbersText } from "../base64.ts";
import { numberLiteral } from "../names.ts";

/** A constant array of an emitted module, filled by loops when the module is loaded. */
export interface IndexArray {
  readonly name: string;
  readonly source: DataSource;
  readonly dtype: Dtype;
  readonly size: number;
}

/**
 * The statements that make the arrays. Arrays over one domain are filled by the same loops, so that what is emitted
 * grows with the number of sums in the formula and not with N.
 */
export function indexStatements(arrays: readonly IndexArray[]): string[] {
  const lines: string[] = [];
  const groups = new Map<string, { readonly domain: Domain; readonly arrays: IndexArray[] }>();
  for (const array of arrays) {
    const { source } = array;
    if (source.kind === "values") {
      lines.push(`const ${array.name} = ${valuesText(array, source.values)};`);
      continue;
    }
    const key = JSON.stringify(source.domain);
    const group = groups.get(key) ?? { domain: source.domain, arrays: [] };
    group.arrays.push(array);
    groups.set(key, group);
  }
  for (const group of groups.values()) lines.push(...groupStatements(group.domain, group.arrays));
  return lines;
}

/** Weights of networks; what is longer than a line is not written as literals. */
const mostLiterals = 12;

function valuesText(array: IndexArray, values: ArrayLike<number>): string {
  if (isCoded(array)) return `numbers("${numbersText(values, "f32")}")`;
  return `${typedArray(array)}.of(${Array.from(values, numberLiteral).join(", ")})`;
}

/** Whether the array stands in the text in base64. */
function isCoded({ source, dtype }: IndexArray): boolean {
  return source.kind === "values" && dtype === "real" && source.values.length > mostLiterals;
}

function typedArray({ dtype }: IndexArray): string {
  return dtype === "int32" ? "Int32Array" : "Float32Array";
}

function groupStatements(domain: Domain, arrays: readonly IndexArray[]): string[] {
  const declared = arrays.map((array) => {
    const filled = array.source.kind === "rows" ? `.fill(${countEntries(domain)})` : "";
    return `const ${array.name} = new ${typedArray(array)}(${array.size})${filled};`;
  });
  return [...declared, ...loopNest(domain, arrays).map((line) => line)];
}

/** The loops, with a running entry number and, where it is asked for, the rank of an outer tuple. */
function loopNest(domain: Domain, arrays: readonly IndexArray[]): string[] {
  const ranks = new Set<number>();
  const columns = new Set<number>();
  for (const { source } of arrays) {
    if (source.kind === "prefix" || source.kind === "rows") ranks.add(source.levels);
    if (source.kind === "rows") columns.add(source.levels);
  }
  const lines = ["{", "  let entry = 0;"];
  for (const level of ranks) lines.push(`  let rank${level} = -1;`);
  domain.forEach((loop, level) => {
    const pad = "  ".repeat(level + 1);
    const name = loopName(level);
    lines.push(
      `${pad}for (let ${name} = ${positionText(loop.lo)}; ${name} <= ${positionText(loop.hi)}; ${name} += 1) {`,
    );
    for (const skipped of loop.except) lines.push(`${pad}  if (${name} === ${positionText(skipped)}) continue;`);
    if (ranks.has(level + 1)) lines.push(`${pad}  rank${level + 1} += 1;`);
    if (columns.has(level + 1)) lines.push(`${pad}  let column${level + 1} = 0;`);
  });
  const pad = "  ".repeat(domain.length + 1);
  for (const array of arrays) lines.push(`${pad}${assignment(array)}`);
  for (const level of columns) lines.push(`${pad}column${level} += 1;`);
  lines.push(`${pad}entry += 1;`);
  for (let level = domain.length; level > 0; level--) lines.push(`${"  ".repeat(level)}}`);
  return [...lines, "}"];
}

function assignment({ name, source }: IndexArray): string {
  switch (source.kind) {
    case "entries":
      return `${name}[entry] = ${[...source.edges.map(edgeText), placeText(source.at, source.edges)].filter(Boolean).join(" + ")};`;
    case "prefix":
      return `${name}[entry] = rank${source.levels};`;
    case "rows":
      return `${name}[rank${source.levels} * ${source.width} + column${source.levels}] = entry;`;
    case "values":
      return "";
  }
}

/** A position that is added to edge terms: left out where it is 0. */
function placeText(at: Position, edges: readonly EdgeTerm[]): string {
  const text = positionText(at);
  return edges.length > 0 && text === "0" ? "" : text;
}

function edgeText({ at, edge, length, stride }: EdgeTerm): string {
  const inside = `${edge === "ring" ? "wrap" : "clamp"}(${positionText(at)}, ${length})`;
  return stride === 1 ? inside : `${stride} * ${inside}`;
}

/** Which helpers the statements call. */
export function indexHelpers(arrays: readonly IndexArray[]): ("wrap" | "clamp" | "numbers")[] {
  const edges = arrays.flatMap(({ source }) => (source.kind === "entries" ? source.edges : []));
  const used = new Set<"wrap" | "clamp" | "numbers">(edges.map(({ edge }) => (edge === "ring" ? "wrap" : "clamp")));
  if (arrays.some(isCoded)) used.add("numbers");
  return [...used].sort();
}

function loopName(level: number): string {
  return ["i", "j", "k", "l"][level] ?? `i${level + 1}`;
}

function positionText({ offset, factors }: Position): string {
  const parts = factors.flatMap((factor, level) => {
    if (factor === 0) return [];
    const size = Math.abs(factor) === 1 ? "" : `${Math.abs(factor)} * `;
    return [`${factor < 0 ? "-" : "+"} ${size}${loopName(level)}`];
  });
  if (offset !== 0 || parts.length === 0) parts.push(`${offset < 0 ? "-" : "+"} ${Math.abs(offset)}`);
  const text = parts.join(" ");
  return text.startsWith("+ ") ? text.slice(2) : text.replace("- ", "-");
}
