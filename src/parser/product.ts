import type { Context } from "./context.ts";
import { scalarFunctions } from "./functions.ts";
import { messages } from "./messages.ts";
import type { Scope } from "./scope.ts";
import { Kind } from "./tokens.ts";
import { Node } from "./tree.ts";

/** One factor, or the factors of one denominator. */
export interface Factor {
  readonly operator: Kind;
  readonly nodes: readonly number[];
}

/**
 * The factors of a product with its divisions judged: `p^2/2m` is p²/(2m), `1/2 m` is (1/2)m, `1/(2m) x` ends at the
 * parenthesis; whatever else could be read in two ways is refused with both fixes.
 */
export function judgeProduct(context: Context, node: number, scope: Scope): Factor[] {
  const { tree } = context;
  const count = tree.count(node);
  const operator = (k: number) => tree.child(node, 2 * k - 1) as Kind;
  const factor = (k: number) => tree.child(node, 2 * k);
  const last = (count - 1) / 2;
  const factors: Factor[] = [{ operator: Kind.Times, nodes: [factor(0)] }];
  for (let k = 0; k <= last; k++) {
    checkPower(context, factor(k), k < last ? operator(k + 1) : Kind.End, k < last ? factor(k + 1) : -1, scope);
    checkName(context, node, k, last, scope);
    if (k === 0) continue;
    const beside = operator(k) === Kind.Divide ? besideCount(k, last, operator) : 0;
    if (beside > 0 && judgeDivision(context, { node, at: k, beside, operator, factor }) === "glued") {
      factors.push({ operator: Kind.Divide, nodes: [factor(k), factor(k + 1)] });
      k += 1;
    } else factors.push({ operator: operator(k), nodes: [factor(k)] });
  }
  return factors;
}

function besideCount(at: number, last: number, operator: (k: number) => Kind): number {
  let count = 0;
  while (at + count < last && operator(at + count + 1) === Kind.Beside) count += 1;
  return count;
}

interface Division {
  readonly node: number;
  /** Which factor is the denominator. */
  readonly at: number;
  /** How many factors are juxtaposed to it. */
  readonly beside: number;
  readonly operator: (k: number) => Kind;
  readonly factor: (k: number) => number;
}

function judgeDivision(context: Context, division: Division): "coefficient" | "glued" {
  const { tree } = context;
  const { at, beside, operator, factor } = division;
  const below = factor(at);
  const next = factor(at + 1);
  if (tree.kind(below) === Node.Group) {
    echo(context, division, "coefficient");
    return "coefficient";
  }
  const above = factor(at - 1);
  const aboveIsNumber = isNumber(context, above) && (at === 1 || operator(at - 1) !== Kind.Divide);
  if (!isNumber(context, below)) return refuse(context, division, 0);
  const kind = tree.kind(next);
  const bracketed = kind === Node.Group || kind === Node.Bars || kind === Node.List;
  const glued = tree.end(below) === tree.start(next) && !bracketed;
  if (aboveIsNumber && !glued) {
    echo(context, division, "coefficient");
    return "coefficient";
  }
  if (!aboveIsNumber && glued && beside === 1 && isPlainName(context, next)) {
    echo(context, division, "glued");
    return "glued";
  }
  return refuse(context, division, !aboveIsNumber && glued && isPlainName(context, next) ? 1 : 0);
}

function isNumber(context: Context, node: number): boolean {
  const { tree } = context;
  const kind = tree.kind(node);
  return kind === Node.Number || (kind === Node.Negate && tree.kind(tree.child(node, 0)) === Node.Number);
}

/** A name, perhaps with an index or an exponent. */
function isPlainName(context: Context, node: number): boolean {
  const { tree } = context;
  const kind = tree.kind(node);
  if (kind === Node.Power || kind === Node.Raise || kind === Node.Index)
    return isPlainName(context, tree.child(node, 0));
  return kind === Node.Name;
}

function textOf(context: Context, division: Division, from: number, to: number): string {
  const parts: string[] = [];
  for (let k = from; k <= to; k++) parts.push(context.text(division.factor(k)));
  return parts.join("*");
}

/** The text of the factors before a division. */
function numeratorText(context: Context, { node, at, factor }: Division): string {
  const { tree, scanned } = context;
  return scanned.source.slice(tree.start(node), tree.end(factor(at - 1)));
}

function echo(context: Context, division: Division, reading: "coefficient" | "glued"): void {
  const { tree, scanned } = context;
  const { at, beside, factor, node } = division;
  const last = reading === "glued" ? at + 1 : at + beside;
  const written = scanned.source.slice(tree.start(node), tree.end(factor(last)));
  if (tree.end(node) - tree.start(node) > longestEcho) return;
  const above = numeratorText(context, division);
  const read =
    reading === "glued"
      ? `${above}/(${textOf(context, division, at, at + 1)})`
      : `(${above}/${context.text(factor(at))})*${textOf(context, division, at + 1, last)}`;
  context.reading(`\`${written}\` is read as \`${read}\``);
}

const longestEcho = 200;

/** Refuses, with both readings as fixes: the first `certain` factors beside the denominator belong to it anyway. */
function refuse(context: Context, division: Division, certain: number): never {
  const { tree, scanned } = context;
  const { at, beside, factor, node } = division;
  const above = numeratorText(context, division);
  const inner = textOf(context, division, at, at + certain);
  const rest = textOf(context, division, at + certain + 1, at + beside);
  const all = `${above}/(${textOf(context, division, at, at + beside)})`;
  const split = certain === 0 ? `${above}/${inner}*${rest}` : `${above}/(${inner})*${rest}`;
  const written = scanned.source.slice(tree.start(node), tree.end(factor(at + beside)));
  return context.failAt(
    messages.ambiguousDivision(written, all, split),
    tree.start(factor(at - 1)),
    tree.end(factor(at + beside)),
  );
}

// ── exponents ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Refuses exponents whose end is not where it seems to be: `x^1/2`, `e^2q`, `x^n(y+1)`. */
export function checkPower(context: Context, factor: number, next: Kind, nextFactor: number, scope: Scope): void {
  const { tree } = context;
  const power = tree.kind(factor) === Node.Negate ? tree.child(factor, 0) : factor;
  if (tree.kind(power) !== Node.Power) return;
  const base = tree.child(power, 0);
  const exponent = tree.child(power, tree.count(power) - 1);
  const minus = tree.child(power, tree.count(power) - 2) % 2 === 1;
  const isNumeric = tree.kind(exponent) === Node.Number;
  const glued = nextFactor >= 0 && tree.end(exponent) === tree.start(nextFactor);
  if (isEuler(context, base, scope)) checkEuler(context, power, next, nextFactor);
  else if (next === Kind.Divide && isNumeric) checkFraction(context, power, exponent, minus, nextFactor);
  else if (next === Kind.Beside && glued && tree.kind(nextFactor) === Node.Group && tree.kind(exponent) === Node.Name) {
    const text = (node: number) => context.text(node);
    const head = context.scanned.source.slice(tree.start(power), tree.start(exponent));
    const inside = `${head}(${text(exponent)}*${text(nextFactor)})`;
    context.failAt(
      messages.ambiguousExponent(`${text(power)}${text(nextFactor)}`, inside, `${text(power)}*${text(nextFactor)}`),
      tree.start(power),
      tree.end(nextFactor),
    );
  }
}

/** Whether a node is the base e of an exponential: `e` where nothing declares it. */
export function isEuler(context: Context, node: number, scope: Scope): boolean {
  const { tree } = context;
  if (tree.kind(node) !== Node.Name || context.spelling(tree.value(node)) !== "e") return false;
  return context.meaning(tree.value(node), scope) === undefined;
}

function checkEuler(context: Context, power: number, next: Kind, nextFactor: number): void {
  const { tree } = context;
  const exponent = tree.child(power, 2);
  const bracketed = tree.kind(exponent) === Node.Group && tree.count(power) === 3;
  if (bracketed || nextFactor < 0) return;
  const written = context.text(power);
  const inner = context.scanned.source.slice(
    context.scanned.source.indexOf("^", tree.start(power)) + 1,
    tree.end(power),
  );
  if (next === Kind.Divide && tree.kind(exponent) !== Node.Number) {
    context.warning(
      `\`${written}/${context.text(nextFactor)}\` is read as \`e^(${inner})/${context.text(nextFactor)}\``,
    );
  } else if (next === Kind.Beside) {
    const more = context.text(nextFactor);
    const gap = tree.end(power) === tree.start(nextFactor) ? "" : " ";
    context.failAt(
      messages.ambiguousExponent(`${written}${gap}${more}`, `exp(${inner}*${more})`, `exp(${inner})*${more}`),
      tree.start(power),
      tree.end(nextFactor),
    );
  }
}

/** `x^1/2`, `r^-3/2` and `(…)^3/2` are refused: x¹/2 is hardly ever meant. */
function checkFraction(context: Context, power: number, exponent: number, minus: boolean, below: number): void {
  const { tree, scanned } = context;
  if (tree.kind(below) !== Node.Number) return;
  const value = scanned.numbers[tree.value(exponent)]!;
  const glued = tree.end(exponent) + 1 === tree.start(below);
  const caret = scanned.source.slice(tree.end(tree.child(power, 0)), tree.start(exponent)).includes("^");
  const halves = scanned.numbers[tree.value(below)] === 2 && value % 2 === 1;
  const grouped = tree.kind(tree.child(power, 0)) === Node.Group;
  if (!(value === 1 || (minus && glued && caret) || (grouped && halves && glued && caret))) return;
  const head = context.text(tree.child(power, 0));
  const written = `${context.text(power)}/${context.text(below)}`;
  const signed = `${minus ? "-" : ""}${context.text(exponent)}`;
  context.failAt(
    messages.ambiguousExponent(
      written,
      `${head}^(${signed}/${context.text(below)})`,
      `(${context.text(power)})/${context.text(below)}`,
    ),
    tree.start(power),
    tree.end(below),
  );
}

// ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `sin x` and `x(t)`: names that look like calls and are none. */
function checkName(context: Context, node: number, k: number, last: number, scope: Scope): void {
  const { tree } = context;
  const factor = tree.child(node, 2 * k);
  const base = tree.kind(factor) === Node.Negate ? tree.child(factor, 0) : factor;
  const named = tree.kind(base) === Node.Power || tree.kind(base) === Node.Raise ? tree.child(base, 0) : base;
  if (tree.kind(named) !== Node.Name || k === last || tree.child(node, 2 * k + 1) !== Kind.Beside) return;
  const name = tree.value(named);
  const next = tree.child(node, 2 * k + 2);
  const spelling = context.spelling(name);
  if (scalarFunctions.has(spelling) && context.meaning(name, scope) === undefined) {
    const power = context.scanned.source.slice(tree.end(named), tree.end(base));
    context.failAt(messages.bareFunction(spelling, power, context.text(next)), tree.start(named), tree.end(next));
  }
  if (context.environment.isCoordinate(name) && isTime(context, next, scope)) {
    context.failAt(messages.ofTime(spelling), tree.start(base), tree.end(next));
  }
}

function isTime(context: Context, factor: number, scope: Scope): boolean {
  const { tree } = context;
  const powered = tree.kind(factor) === Node.Power || tree.kind(factor) === Node.Raise;
  const group = powered ? tree.child(factor, 0) : factor;
  if (tree.kind(group) !== Node.Group || tree.count(group) !== 1) return false;
  const inner = tree.child(group, 0);
  if (tree.kind(inner) !== Node.Name || context.spelling(tree.value(inner)) !== "t") return false;
  return scope.find(tree.value(inner)) === undefined && !context.environment.isCoordinate(tree.value(inner));
}
