import { type Affine, affine } from "../expr/affine.ts";
import type { Context } from "./context.ts";
import type { Scope } from "./scope.ts";
import { Node } from "./tree.ts";

/** A name that is an array and its indices: `q_i` under a bound index i, `q1` where q is an array. */
export interface Subscripted {
  readonly array: number;
  readonly at: readonly Affine[];
}

/** Reads `q_i`, `q_ij` (bound indices) and `q_1` (an element of an array) out of a name that is not declared itself. */
export function readSubscript(context: Context, name: number, scope: Scope): Subscripted | undefined {
  const spelling = context.spelling(name);
  const underscore = spelling.lastIndexOf("_");
  const { names } = context.scanned;
  if (underscore > 0) {
    const array = names.find(spelling.slice(0, underscore));
    const at = array === undefined ? undefined : boundSuffix(context, spelling.slice(underscore + 1), scope);
    if (array !== undefined && at) return { array, at };
  }
  const numbered = /^(.*[^0-9_])_?([0-9]+)$/.exec(spelling);
  const array = numbered ? names.find(numbered[1]!) : undefined;
  if (array === undefined || context.environment.shape(array) === undefined) return undefined;
  return { array, at: [affine(Number(numbered![2]))] };
}

function boundSuffix(context: Context, suffix: string, scope: Scope): Affine[] | undefined {
  const whole = indexNamed(context, suffix, scope);
  if (whole) return [whole];
  const parts = [...suffix].map((letter) => indexNamed(context, letter, scope));
  return parts.length > 1 && parts.every((part) => part !== undefined) ? (parts as Affine[]) : undefined;
}

function indexNamed(context: Context, text: string, scope: Scope): Affine | undefined {
  const name = context.scanned.names.find(text);
  const meaning = name === undefined ? undefined : scope.find(name);
  return meaning?.kind === "index" ? meaning.at : undefined;
}

/**
 * The common length of the arrays that `index` alone indexes in `body`: what `i` runs over where the text gives no last
 * value.
 */
export function lengthUnder(context: Context, body: number, index: number, scope: Scope): number | undefined {
  const { tree } = context;
  const spelling = context.spelling(index);
  let length: number | undefined;
  const stack = [body];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const found = tree.kind(node) === Node.Name ? nameLength(context, tree.value(node), spelling) : undefined;
    length ??= found ?? (tree.kind(node) === Node.Index ? indexedLength(context, node, index) : undefined);
    if (length !== undefined) return length;
    pushChildren(context, node, stack);
  }
  void scope;
  return length;
}

function nameLength(context: Context, name: number, index: string): number | undefined {
  const spelling = context.spelling(name);
  const underscore = spelling.lastIndexOf("_");
  if (underscore <= 0) return undefined;
  const array = context.scanned.names.find(spelling.slice(0, underscore));
  const suffix = spelling.slice(underscore + 1);
  const shape = array === undefined ? undefined : context.environment.shape(array);
  if (!shape) return undefined;
  if (suffix === index) return shape[0];
  return suffix.length === shape.length && suffix.includes(index) ? shape[suffix.indexOf(index)] : undefined;
}

function indexedLength(context: Context, node: number, index: number): number | undefined {
  const { tree } = context;
  const base = tree.child(node, 0);
  const shape = tree.kind(base) === Node.Name ? context.environment.shape(tree.value(base)) : undefined;
  if (!shape) return undefined;
  for (let k = 1; k < tree.count(node); k++) {
    const at = tree.child(node, k);
    if (tree.kind(at) === Node.Name && tree.value(at) === index) return shape[k - 1];
  }
  return undefined;
}

/** The nodes below a node; not the operators that stand between them. */
export function pushChildren(context: Context, node: number, stack: number[]): void {
  const { tree } = context;
  switch (tree.kind(node)) {
    case Node.Call:
      stack.push(tree.child(node, 0));
      break;
    case Node.Sum:
    case Node.Product:
    case Node.Compare:
    case Node.Power:
      for (let k = 0; k < tree.count(node); k += 2) stack.push(tree.child(node, k));
      break;
    default:
      for (let k = 0; k < tree.count(node); k++) stack.push(tree.child(node, k));
  }
}
