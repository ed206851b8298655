import type { Context } from "./context.ts";
import type { Draft } from "./draft.ts";
import { messages } from "./messages.ts";
import { pushChildren } from "./subscript.ts";
import { Node } from "./tree.ts";

/** Definitions in an order in which each uses earlier ones only. */
export function orderedDefinitions(context: Context, draft: Draft): number[] {
  const order: number[] = [];
  const state = new Map<number, "open" | "done">();
  for (const root of draft.definitions.keys()) {
    const stack = [root];
    while (stack.length > 0) {
      const name = stack[stack.length - 1]!;
      if (state.get(name) === "done") stack.pop();
      else if (state.get(name) === "open") {
        state.set(name, "done");
        order.push(name);
        stack.pop();
      } else {
        state.set(name, "open");
        for (const other of namesIn(context, draft, draft.definitions.get(name)!)) {
          if (state.get(other) === "open") {
            context.fail(messages.circular(context.spelling(other)), draft.definitions.get(other)!);
          }
          if (state.get(other) === undefined) stack.push(other);
        }
      }
    }
  }
  return order;
}

/** The definitions that an expression mentions, through functions of the text too. */
function namesIn(context: Context, draft: Draft, root: number): Set<number> {
  const { tree } = context;
  const found = new Set<number>();
  const bodies = new Set<number>();
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (tree.kind(node) === Node.Name && draft.definitions.has(tree.value(node))) found.add(tree.value(node));
    const called = tree.kind(node) === Node.Call ? draft.functions.get(tree.value(node)) : undefined;
    if (called && !bodies.has(called.body)) {
      bodies.add(called.body);
      stack.push(called.body);
    }
    pushChildren(context, node, stack);
  }
  return found;
}
