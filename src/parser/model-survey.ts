import { messages } from "./messages.ts";
import type { Drafted } from "./model-variables.ts";
import { looksLikeCoordinate, looksLikeMomentum } from "./pairing.ts";
import { Survey } from "./survey.ts";
import { Node } from "./tree.ts";

/** Collects the names that the expressions of a model use. */
export function surveyModel(drafted: Drafted): Survey {
  const { context, draft } = drafted;
  const survey = new Survey(context, (name) => draft.parameters.has(name) || draft.definitions.has(name));
  survey.expression(draft.hamiltonian);
  for (const node of draft.definitions.values()) survey.expression(node);
  for (const { params, body } of draft.functions.values()) survey.expression(body, params);
  for (const { keyword, value, target } of draft.sides) {
    if (keyword !== "boundary") survey.expression(value, indicesOf(drafted, target));
  }
  survey.settle();
  for (const [name, node] of survey.ofTime) {
    const spelling = context.spelling(name);
    if (looksLikeMomentum(spelling) || looksLikeCoordinate(spelling)) context.fail(messages.ofTime(spelling), node);
  }
  return survey;
}

/** The names that index the target of a side statement. */
function indicesOf({ context }: Drafted, target: number): number[] {
  const { tree, scanned } = context;
  if (tree.kind(target) === Node.Index) {
    return tree
      .children(target)
      .slice(1)
      .filter((node) => tree.kind(node) === Node.Name)
      .map((node) => tree.value(node));
  }
  const suffix =
    tree.kind(target) === Node.Name ? /_([a-zA-Z])$/.exec(context.spelling(tree.value(target)))?.[1] : undefined;
  return suffix === undefined ? [] : [scanned.names.intern(suffix)];
}
