import { type Affine, addAffine, affine, affineConstant, scaleAffine } from "../expr/affine.ts";
import type { Context } from "./context.ts";
import { messages } from "./messages.ts";
import type { Scope } from "./scope.ts";
import { Kind } from "./tokens.ts";
import { Node } from "./tree.ts";

/**
 * Reads a node as an index expression: whole numbers, bound indices, compile-time constants, and sums and multiples of
 * them.
 */
export function indexExpression(context: Context, node: number, scope: Scope): Affine {
  const { tree } = context;
  const read = (child: number) => indexExpression(context, child, scope);
  switch (tree.kind(node)) {
    case Node.Number:
      return wholeNumber(context, node, context.scanned.numbers[tree.value(node)]!);
    case Node.Name:
      return indexName(context, node, scope);
    case Node.Group:
      if (tree.count(node) !== 1) break;
      return read(tree.child(node, 0));
    case Node.Negate:
      return scaleAffine(read(tree.child(node, 0)), -1);
    case Node.Sum:
      return indexSum(context, node, read);
    case Node.Product:
      return indexProduct(context, node, read);
    case Node.Power:
      return indexPower(context, node, read);
    default:
      break;
  }
  return context.fail(messages.badIndex(context.text(node)), node);
}

function wholeNumber(context: Context, node: number, value: number): Affine {
  if (!Number.isSafeInteger(value)) context.fail(messages.notWhole(context.text(node)), node);
  return affine(value);
}

function indexName(context: Context, node: number, scope: Scope): Affine {
  const name = context.tree.value(node);
  const local = scope.find(name);
  if (local?.kind === "index") return local.at;
  const value = local === undefined ? context.environment.integer(name) : undefined;
  if (value !== undefined) return wholeNumber(context, node, value);
  return context.fail(messages.notConstant(context.text(node)), node);
}

function indexSum(context: Context, node: number, read: (child: number) => Affine): Affine {
  const { tree } = context;
  let total = read(tree.child(node, 0));
  for (let k = 1; k < tree.count(node); k += 2) {
    const term = read(tree.child(node, k + 1));
    total = addAffine(total, tree.child(node, k) === Kind.Minus ? scaleAffine(term, -1) : term);
  }
  return total;
}

function indexProduct(context: Context, node: number, read: (child: number) => Affine): Affine {
  const { tree } = context;
  let total = read(tree.child(node, 0));
  for (let k = 1; k < tree.count(node); k += 2) {
    const factor = read(tree.child(node, k + 1));
    const by = affineConstant(factor);
    const constant = affineConstant(total);
    if (tree.child(node, k) === Kind.Divide) {
      const exact = constant !== undefined && by !== undefined && by !== 0 && constant % by === 0;
      if (!exact) context.fail(messages.notWhole(context.text(node)), node);
      total = affine(constant / by);
    } else if (by !== undefined) total = scaleAffine(total, by);
    else if (constant !== undefined) total = scaleAffine(factor, constant);
    else context.fail(messages.badIndex(context.text(node)), node);
  }
  return total;
}

function indexPower(context: Context, node: number, read: (child: number) => Affine): Affine {
  const { tree } = context;
  const base = affineConstant(read(tree.child(node, 0)));
  const exponent = affineConstant(read(tree.child(node, 2)));
  const fits = tree.count(node) === 3 && tree.child(node, 1) % 2 === 0 && base !== undefined && exponent !== undefined;
  if (!fits || !Number.isSafeInteger(base ** exponent)) context.fail(messages.badIndex(context.text(node)), node);
  return affine(base! ** exponent!);
}
