import { type GraphNode, type NodeOf, reach } from "../../graph/graph.ts";
import { shapeError } from "../../graph/shape.ts";
import { type TfjsContext, tfjsExpressions } from "./functions.ts";

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
 * @param state the parts of x
 * @param outside the module's part of the context; the batch size is this function's own
 */
export function tfjsBody(
  output: GraphNode,
  state: readonly NodeOf<"input">[],
  outside: Omit<TfjsContext, "batch">,
): TfjsBody {
  let usesBatch = false;
  const batch = () => {
    usesBatch = true;
    return "batch";
  };
  const context: TfjsContext = { ...outside, batch };
  const order = reach([output]);
  const uses: number[] = new Array(output.graph.nodes.length).fill(0);
  for (const node of order) {
    // a square is written with one argument
    const written = node.op === "mul" ? new Set(node.inputs) : node.inputs;
    for (const used of written) uses[used.id]! += 1;
  }
  const texts: string[] = new Array(output.graph.nodes.length);
  const statements: string[] = splitState(order, state, texts);
  let named = 0;
  for (const node of order) {
    if (texts[node.id] !== undefined) continue;
    if (node.op === "scan" || node.op === "item") throw shapeError("a module of TensorFlow.js holds no loop");
    const emit = tfjsExpressions[node.op] as (typeof tfjsExpressions)["sum"];
    const args = node.inputs.map((used) => texts[used.id]!);
    const text = emit(node as NodeOf<"sum">, args, context);
    if (node === output || isAtom(node) || (uses[node.id] === 1 && text.length <= longestInline)) {
      texts[node.id] = text;
      continue;
    }
    named += 1;
    statements.push(`const v${named} = ${text};`);
    texts[node.id] = `v${named}`;
  }
  return { statements, result: texts[output.id]!, usesBatch };
}

/** Inputs, numbers and index arrays are short and cost nothing to repeat. */
function isAtom({ op, dtype, shape }: GraphNode): boolean {
  return op === "input" || (op === "const" && shape.length === 0) || (op === "data" && dtype === "int32");
}

/**
 * The variables that are used, as parts of x. The gradient of one `tf.split` is one `tf.concat`, where slices would be
 * padded and added one by one.
 */
function splitState(order: readonly GraphNode[], state: readonly NodeOf<"input">[], texts: string[]): string[] {
  const used = new Set(order);
  const names = state.map((leaf, k) => {
    if (!used.has(leaf)) return "";
    const name = `x${k + 1}`;
    texts[leaf.id] = name;
    return name;
  });
  while (names.at(-1) === "") names.pop();
  const lengths = state.map(({ shape }) => shape[1] as number);
  const isEven = lengths.every((length) => length === lengths[0]);
  const sizes = isEven ? String(lengths.length) : `[${lengths.join(", ")}]`;
  return names.length === 0 ? [] : [`const [${names.join(", ")}] = tf.split(x, ${sizes}, 1);`];
}
