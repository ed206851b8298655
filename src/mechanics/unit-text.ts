import { HnncError } from "../errors.ts";
import { isUnitSymbol, splitUnitSymbol, UNITS, type UnitSymbol } from "../expr/unit-names.ts";

/** One factor of a unit, `kg^2` or `1/s`. */
export interface UnitFactor extends UnitSymbol {
  readonly exponent: number;
}

const longest = 200;
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const tokenPattern =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<name>°\p{L}*|\p{L}+)|(?<power>\*\*|\^)|(?<superscript>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?<times>[*·⋅×])|(?<sign>[-−+])|(?<other>[/()]))/uy;

type TokenKind = "number" | "name" | "power" | "superscript" | "times" | "sign" | "/" | "(" | ")" | "end";

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** An open product: its factors so far, and what it is a denominator of. */
interface Frame {
  factors: UnitFactor[];
  /** −1 while a denominator is being read. */
  side: 1 | -1;
  divided: boolean;
}

/**
 * Reads unit text into a product of unit symbols with rational exponents.
 *
 * Factors stand side by side or are joined by `*`, `·` or `×`; `/` divides by the one factor after it, and a second
 * factor behind a quotient (`J/kg K`) is refused, because people mean both things by it. Powers: `m^2`, `m**2`, `m²`,
 * `m^-2`, `m^(3/2)`, `(m/s)^2`.
 *
 * @throws HnncError code `unit`, spanning the offending part of the text
 * @example parseUnitText("J/(kg K)") // J¹ kg⁻¹ K⁻¹
 */
export function parseUnitText(written: string): readonly UnitFactor[] {
  const text = written.normalize("NFC");
  if (text.length > longest) throw unitError("", { start: 0, end: 0 }, `a unit of over ${longest} characters`);
  const tokens = tokenize(text);
  const stack: Frame[] = [];
  let frame: Frame = { factors: [], side: 1, divided: false };
  let at = 0;
  let due = true; // whether a factor must come next
  for (;;) {
    const token = tokens[at]!;
    if (due) {
      at += 1;
      if (token.kind === "(") {
        stack.push(frame);
        frame = { factors: [], side: 1, divided: false };
        continue;
      }
      const factors = atom(text, token);
      const [power, next] = readPower(text, tokens, at);
      append(frame, factors, power);
      at = next;
      due = false;
      continue;
    }
    if (token.kind === "end") break;
    if (token.kind === ")") {
      const outer = stack.pop();
      if (!outer) throw unitError(text, token, "`)` closes nothing");
      const [power, next] = readPower(text, tokens, at + 1);
      append(outer, frame.factors, power);
      frame = outer;
      at = next;
      continue;
    }
    at = separator(text, tokens, at, frame);
    due = true;
  }
  if (stack.length > 0) throw unitError(text, tokens[at]!, "`(` is not closed");
  return frame.factors;
}

/** Reads what stands between two factors: nothing, a product sign or `/`. */
function separator(text: string, tokens: readonly Token[], at: number, frame: Frame): number {
  const token = tokens[at]!;
  if (token.kind === "/") {
    frame.side = -1;
    frame.divided = true;
    return at + 1;
  }
  if (token.kind !== "times" && token.kind !== "name" && token.kind !== "(") {
    throw unitError(text, token, `\`${token.text}\` is not expected in a unit`);
  }
  if (frame.divided) {
    const slash = text.lastIndexOf("/", token.start);
    const before = text.slice(0, slash).trim();
    const below = text.slice(slash + 1, token.start).trim();
    const rest = text.slice(token.kind === "times" ? token.end : token.start).trim();
    throw unitError(
      text,
      token,
      "a factor behind a quotient can be read in two ways",
      `write \`${before}/(${below} ${rest})\` or \`${before} ${rest}/${below}\``,
    );
  }
  return token.kind === "times" ? at + 1 : at;
}

function append(frame: Frame, factors: readonly UnitFactor[], power: number): void {
  for (const factor of factors) frame.factors.push({ ...factor, exponent: frame.side * power * factor.exponent });
  frame.side = 1;
}

/** One name, or the `1` of `1/s`. */
function atom(text: string, token: Token): readonly UnitFactor[] {
  if (token.kind === "number" && Number(token.text) === 1) return [];
  if (token.kind === "number") {
    throw unitError(text, token, "a number cannot be part of a unit", "multiply the value instead");
  }
  if (token.kind === "end") throw unitError(text, token, "a unit is missing");
  if (token.kind !== "name") throw unitError(text, token, `\`${token.text}\` is not expected in a unit`);
  const symbol = splitUnitSymbol(token.text);
  if (symbol) return [{ ...symbol, exponent: 1 }];
  throw unitError(text, token, `\`${token.text}\` is not a unit`, suggestion(token.text));
}

/** An optional exponent: `^2`, `^-2`, `^(3/2)`, `²`. Answers the exponent and the position behind it. */
function readPower(text: string, tokens: readonly Token[], at: number): [number, number] {
  const token = tokens[at]!;
  if (token.kind === "superscript") return [fromSuperscript(token.text), at + 1];
  if (token.kind !== "power") return [1, at];
  let next = at + 1;
  const bracket = tokens[next]!.kind === "(";
  if (bracket) next += 1;
  const signed = tokens[next]!.kind === "sign";
  const sign = signed && tokens[next]!.text !== "+" ? -1 : 1;
  if (signed) next += 1;
  let value = sign * exponentNumber(text, tokens[next]!);
  next += 1;
  if (!bracket) return [value, next];
  if (tokens[next]!.kind === "/") {
    value /= exponentNumber(text, tokens[next + 1]!);
    next += 2;
  }
  if (tokens[next]!.kind !== ")") throw unitError(text, tokens[next]!, "`(` is not closed");
  return [value, next + 1];
}

function exponentNumber(text: string, token: Token): number {
  const value = Number(token.text);
  if (token.kind === "number" && value > 0 && value <= 100) return value;
  throw unitError(text, token, "the exponent of a unit must be a number up to 100");
}

function fromSuperscript(text: string): number {
  const sign = text.startsWith("⁻") ? -1 : 1;
  let value = 0;
  for (const digit of text.replace(/^[⁺⁻]/u, "")) value = 10 * value + superscripts.indexOf(digit);
  return sign * value;
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    tokenPattern.lastIndex = at;
    const groups = tokenPattern.exec(text)?.groups;
    const start = at + (text.slice(at).length - text.slice(at).trimStart().length);
    const found = groups && Object.entries(groups).find(([, matched]) => matched !== undefined);
    if (!found) {
      const end = start + String.fromCodePoint(text.codePointAt(start)!).length;
      const wrong = text.slice(start, end);
      throw unitError(text, { start, end }, `\`${wrong}\` is not expected in a unit`);
    }
    const [group, matched] = found as [string, string];
    at = tokenPattern.lastIndex;
    tokens.push({ kind: (group === "other" ? matched : group) as TokenKind, text: matched, start, end: at });
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

const renamed: Readonly<Record<string, string>> = {
  degC: "temperatures are given in K",
  "°C": "temperatures are given in K",
  celsius: "temperatures are given in K",
  hr: "write h",
  sec: "write s",
  meter: "write m",
  metre: "write m",
  kilogram: "write kg",
  second: "write s",
  newton: "write N",
  joule: "write J",
  watt: "write W",
  volt: "write V",
  tesla: "write T",
  hbar: "hbar is a constant: give it a value, `hbar = 1.054571817e-34 [J s]`",
};

function suggestion(name: string): string {
  if (Object.hasOwn(renamed, name)) return renamed[name]!;
  for (let cut = 1; cut < name.length; cut++) {
    const parts = [name.slice(0, cut), name.slice(cut)];
    if (parts.every(isUnitSymbol)) return `write \`${parts.join(" ")}\` for a product`;
  }
  const folded = Object.keys(UNITS).find((known) => known.toLowerCase() === name.toLowerCase());
  return folded ? `did you mean \`${folded}\`?` : "known are SI units and a few others, such as kg, m/s^2, eV, au, yr";
}

function unitError(text: string, at: { start: number; end: number }, message: string, hint?: string): HnncError {
  return new HnncError({ kind: "formula", code: "unit", message, span: at, source: text, hint });
}
