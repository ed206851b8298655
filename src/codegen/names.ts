import type { Meta } from "./target.ts";

/**
 * Text that is safe inside a comment of any target language, also where that stands in a page: no line breaks, no end
 * of comment or of script, nothing invisible.
 */
export function commentText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll("*/", "* /")
    .replaceAll("/*", "/ *")
    .replace(/<(?=[/!])/g, "< ");
}

/** A JavaScript string literal; U+2028 and U+2029 are escaped, as is `<`, so that it may stand in a page. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029<\p{Cf}\p{Cs}]/gu, escapeUnits);
}

function escapeUnits(char: string): string {
  return Array.from({ length: char.length }, (_, k) => `\\u${char.charCodeAt(k).toString(16).padStart(4, "0")}`).join(
    "",
  );
}

/** A JavaScript number literal with the same bits; a negative one is parenthesised. */
export function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a literal must be finite, got ${value}`);
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? "-0" : value})` : String(value);
}

/** JSON as a JavaScript expression, with the safe string literals; a key `__proto__` is a key like any other. */
export function dataLiteral(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[\u007f-\u009f\u2028\u2029<\p{Cf}\p{Cs}]/gu, escapeUnits)
    .replaceAll('"__proto__":', '["__proto__"]:');
}

/** The `meta` object of an emitted module, a property a line. */
export function metaLiteral(meta: Meta): string {
  const lines = Object.entries(meta).map(([key, value]) => `  ${key}: ${dataLiteral(value)},`);
  return `{\n${lines.join("\n")}\n}`;
}

/** What a reader of an emitted text wants to know first: formula, state, parameters. Lines without comment signs. */
export function headerLines(meta: Meta): string[] {
  const shapes = new Map(Object.entries(meta.shapes));
  const withShape = (name: string) => (shapes.has(name) ? `${name}[${shapes.get(name)!.join(",")}]` : name);
  const state = [...meta.coordinates, ...meta.momenta].map(withShape);
  const parameters = Object.entries(meta.parameters).map(
    ([name, value]) => `${name} = ${value === null ? "? (must be given)" : describeValue(value)}`,
  );
  return [
    `H = ${meta.source}`,
    `state x = [${state.join(", ")}], field = [dH/dp, -dH/dq${meta.conservative ? "" : " - damping*dH/dp + force"}]`,
    ...Object.entries(meta.functions ?? {}).map(([name, says]) => `${name} is a ${says}`),
    ...(parameters.length > 0 ? [`parameters: ${parameters.join(", ")}`] : []),
  ].map(commentText);
}

function describeValue(value: number | readonly number[]): string {
  if (typeof value === "number") return String(value);
  return value.length <= 8 ? `[${value.join(", ")}]` : `[${value.slice(0, 6).join(", ")}, … ${value.length} values]`;
}
