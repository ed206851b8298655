import { HnncError } from "../errors.ts";

export type ParameterValues = Readonly<Record<string, number | readonly number[]>>;

/**
 * Adds one `--param name=value` to those before it.
 *
 * @example readParameter("m=2", {}); // { m: 2 }
 * @example readParameter("m=1,2.5e3", {}); // { m: [1, 2500] }
 */
export function readParameter(text: string, earlier: ParameterValues = {}): ParameterValues {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(equals, 0)).trim();
  const numbers = text
    .slice(equals + 1)
    .split(",")
    .map(readNumber);
  if (name === "" || numbers.some((value) => value === undefined)) {
    throw new HnncError({
      kind: "usage",
      code: "invalid-parameter",
      message: `\`--param ${text}\` gives no number to a name`,
      hint: "write `--param m=2`, or `--param m=1,2,3` for an array",
    });
  }
  if (Object.hasOwn(earlier, name)) {
    throw new HnncError({ kind: "usage", code: "invalid-parameter", message: `\`--param\` gives \`${name}\` twice` });
  }
  const values = numbers as number[];
  const value = values.length === 1 ? values[0]! : values;
  return Object.fromEntries([...Object.entries(earlier), [name, value]]);
}

function readNumber(text: string): number | undefined {
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
