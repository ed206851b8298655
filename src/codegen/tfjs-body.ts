import { type GraphNode, type NodeOf, reach } from "../graph/graph.ts";
import { type TfjsContext, tfjsExpressions } from "./tfjs-functions.ts";

/** The statements of one emitted function and the expression that it returns. */
export interface TfjsBody {
  readonly statements: readonly string[];
  readonly result: string;
  readonly usesBatch: boolean;
}

/** A value that is used once and no longer than this stands where it is used, instead of getting a name. */
const longestInline = 60;

/**
 * Writes what an output needs, one operation a call, every value computed once.
 *
 * @param outside the module's part of the context; the batch size is this function's own
 */
export function tfjsBody(output: GraphNode, x: NodeOf<"input">, outside: Omit<TfjsContext, "batch">): TfjsBody {
  let usesBatch = false;
  const batch = () => {
    usesBatch = true;
    return "batch";
  };
  const context: TfjsContext = { ...outside, batch };
  const order = reach([output]);
  const uses = new Map<GraphNode, number>();
  for (const node of order) {
    // a square is written with one argument
    const written = node.op === "mul" ? new Set(node.inputs) : node.inputs;
    for (const used of written) uses.set(used, (uses.get(used) ?? 0) + 1);
  }
  const texts = new Map<GraphNode, string>();
  const statements: string[] = splitState(order, x, texts);
  let named = 0;
  for (const node of order) {
    if (texts.has(node)) continue;
    const emit = tfjsExpressions[node.op] as (typeof tfjsExpressions)["sum"];
    const args = node.inputs.map((used) => texts.get(used)!);
    const text = emit(node as NodeOf<"sum">, args, context);
    if (node === output || isAtom(node) || (uses.get(node) === 1 && text.length <= longestInline)) {
      texts.set(node, text);
      continue;
    }
    named += 1;
    statements.push(`const v${named} = ${text};`);
    texts.set(node, `v${named}`);
  }
  return { statements, result: texts.get(output)!, usesBatch };
}

/** Inputs, numbers and index arrays are short and cost nothing to repeat. */
function isAtom({ op, dtype, shape }: GraphNode): boolean {
  return op === "input" || (op === "const" && shape.length === 0) || (op === "data" && dtype === "int32");
}

/**
 * Where the parts of x that are used do not overlap, one `tf.split` gives them all; its gradient is one `tf.concat`,
 * where slices would be padded and added one by one.
 */
function splitState(order: readonly GraphNode[], x: NodeOf<"input">, texts: Map<GraphNode, string>): string[] {
  const parts = order.filter((node): node is NodeOf<"slice"> => node.op === "slice" && node.inputs[0] === x);
  const sorted = parts.toSorted((a, b) => a.attributes.start - b.attributes.start);
  const overlaps = sorted.some((part, k) => k > 0 && part.attributes.start < sorted[k - 1]!.attributes.end);
  if (overlaps || parts.length < 2) return [];
  const lengths: number[] = [];
  const names: string[] = [];
  let at = 0;
  for (const part of sorted) {
    const { start, end } = part.attributes;
    if (start > at) {
      lengths.push(start - at);
      names.push("");
    }
    lengths.push(end - start);
    names.push(`x${texts.size + 1}`);
    texts.set(part, `x${texts.size + 1}`);
    at = end;
  }
  const total = x.shape[1] as number;
  if (at < total) lengths.push(total - at);
  const equal = lengths.every((length) => length === lengths[0]);
  const sizes = equal ? String(lengths.length) : `[${lengths.join(", ")}]`;
  return [`const [${names.join(", ")}] = tf.split(x, ${sizes}, 1);`];
}
