import type { Affine } from "../expr/affine.ts";
import { indexValue, pi } from "../expr/build.ts";
import type { Context } from "./context.ts";
import { scalarFunctions } from "./functions.ts";
import { indexExpression } from "./index-expression.ts";
import { messages } from "./messages.ts";
import type { Scope } from "./scope.ts";
import { nearest } from "./spelling.ts";
import { readSubscript } from "./subscript.ts";
import { Node } from "./tree.ts";
import { isVector, OutOfRange, type Value, type Vector } from "./value.ts";

/** The value of a name: a bound index, something declared, `q_i` and `q1` where q is an array, π. */
export function lowerName(context: Context, node: number, scope: Scope): Value {
  const { tree, environment } = context;
  const name = tree.value(node);
  const meaning = context.meaning(name, scope);
  if (meaning) return meaning.kind === "value" ? meaning.value : indexValue(meaning.at);
  const subscripted = readSubscript(context, name, scope);
  const array = subscripted ? environment.value(subscripted.array) : undefined;
  if (subscripted && array) return elementsOf(context, array, subscripted.at, node);
  const spelling = context.spelling(name);
  if (spelling === "pi") return pi;
  if (environment.userFunction(name)) return context.fail(messages.bareUserFunction(spelling), node);
  if (scalarFunctions.has(spelling)) return context.fail(messages.bareFunction(spelling, "", undefined), node);
  return environment.unknown(name, tree.start(node), tree.end(node));
}

/** The value of `q[i]` or `q[i, k]`. */
export function lowerIndex(context: Context, node: number, scope: Scope): Value {
  const { tree } = context;
  const base = tree.child(node, 0);
  const at = tree.children(node).slice(1);
  if (at.length === 0) return context.fail(messages.emptyBracket(), node);
  if (tree.kind(base) === Node.Name && context.meaning(tree.value(base), scope) === undefined) {
    return numberedName(context, node, base, at, scope);
  }
  const indexed = tree.kind(base) === Node.Name ? context.meaning(tree.value(base), scope) : undefined;
  if (indexed && !(indexed.kind === "value" && isVector(indexed.value))) {
    context.fail(messages.indexedScalar(context.text(base), at.map((index) => context.text(index)).join(", ")), node);
  }
  const places = at.map((index) => indexExpression(context, index, scope));
  return elementsOf(context, context.numbers(base, scope), places, node);
}

/** `q[1]` where there is no array q is the name `q1`. */
function numberedName(context: Context, node: number, base: number, at: readonly number[], scope: Scope): Value {
  const { tree, scanned } = context;
  const number = at.length === 1 && tree.kind(at[0]!) === Node.Number ? scanned.numbers[tree.value(at[0]!)] : -1;
  const spelling = context.spelling(tree.value(base));
  const called =
    nearest(spelling, [...scalarFunctions.keys()]) ?? (scalarFunctions.has(spelling) ? spelling : undefined);
  if (called !== undefined && number === -1) {
    return context.fail(messages.bareFunction(called, "", at.map((index) => context.text(index)).join(", ")), node);
  }
  if (number === undefined || !Number.isInteger(number) || number < 0) {
    return context.fail(messages.notArray(spelling, context.text(node)), base);
  }
  const name = scanned.names.intern(`${spelling}${number}`);
  const meaning = context.meaning(name, scope);
  if (meaning?.kind === "value") return meaning.value;
  return context.environment.unknown(name, tree.start(node), tree.end(node));
}

function elementsOf(context: Context, array: Value, at: readonly Affine[], node: number): Value {
  let value = array;
  for (const index of at) {
    if (!isVector(value)) return context.fail(messages.indexedNumber(context.text(node)), node);
    value = elementAt(context, value, index, node);
  }
  return value;
}

function elementAt(context: Context, list: Vector, index: Affine, node: number): Value {
  const { ranges } = context;
  if (!list.checks && ranges.has(index)) {
    const [least, most] = [ranges.extreme(index, false), ranges.extreme(index, true)];
    if (least < 1 || most > list.length) {
      context.fail(messages.outOfRange(context.text(node), most > list.length ? most : least, list.length), node);
    }
  }
  try {
    return list.at(index);
  } catch (error) {
    if (!(error instanceof OutOfRange)) throw error;
    return context.fail(messages.outOfRange(error.array, error.reached, error.length), node);
  }
}
