import { greekNames } from "./characters.ts";
import type { Context } from "./context.ts";
import type { Draft } from "./draft.ts";
import { isBuiltIn, scalarFunctions } from "./functions.ts";
import { messages } from "./messages.ts";
import type { Missing } from "./model-environment.ts";
import type { Pair } from "./pairing.ts";
import { nearest, splitProduct } from "./spelling.ts";

/** Refuses the names that nothing declares, all at once, with what is known and the likeliest fix. */
export function refuseMissing(
  context: Context,
  missing: Missing,
  pairs: readonly Pair[],
  draft: Draft,
  applied: ReadonlySet<number>,
): void {
  const [first] = missing.values();
  if (!first) return;
  const both = [...missing].find(([name]) => applied.has(name));
  if (both) context.failAt(messages.bareAndCalled(context.spelling(both[0])), both[1].start, both[1].end);
  const coordinates = pairs.map(({ coordinate }) => coordinate);
  const momenta = pairs.map(({ momentum }) => momentum);
  const parameters = [...draft.parameters.keys()].map((name) => context.spelling(name));
  const definitions = [...draft.definitions.keys()].map((name) => context.spelling(name));
  const known = [...coordinates, ...momenta, ...parameters, ...definitions];
  const names = [...missing.keys()].map((name) => context.spelling(name));
  const hints = names.length === 1 ? hintFor(names[0]!, known) : productHints(names, known);
  context.failAt(messages.unknownSymbols(names, coordinates, momenta, parameters, hints), first.start, first.end);
}

/** Those of several names that fall into known ones, written as products. */
function productHints(names: readonly string[], known: readonly string[]): string | undefined {
  const products = names.flatMap((name) => splitProduct(name, new Set([...known, "pi", "t"]))?.join("*") ?? []);
  return products.length === 0 ? undefined : messages.productsHint(products);
}

/** What was probably meant by a name: another one, a product, or a function that lacks its parentheses. */
export function hintFor(name: string, known: readonly string[]): string | undefined {
  const parts = splitProduct(name, new Set([...known, "pi", "t"]));
  if (parts) return messages.productHint(parts);
  for (const [called] of scalarFunctions) {
    const rest = name.slice(called.length).replace(/^_/, "");
    if (
      name.startsWith(called) &&
      rest !== "" &&
      (known.includes(rest) || rest.length === 1 || greekNames.has(rest) || /^\d/.test(rest))
    ) {
      return messages.parenthesisHint(called, rest);
    }
  }
  const close = nearest(name, [...known, ...scalarFunctions.keys()]);
  if (close !== undefined) return messages.didYouMean(close, isBuiltIn(close) && !known.includes(close));
  if (name === "e") return messages.eulerHint();
  return undefined;
}
