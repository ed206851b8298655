import { type GraphNode, type NodeOf, reach } from "../../graph/graph.ts";
import { isElementwise } from "../../graph/ops.ts";
import { elementwiseRules, expansionOf } from "./operations.ts";
import { writeScan } from "./scan.ts";
import type { Scope } from "./scope.ts";
import { type Biased, biasedProduct, structureRules, writeBiased } from "./structures.ts";

/** Writes what the nodes need, as far as it is not known in the scope; answers their names. */
export function lower(scope: Scope, wanted: readonly GraphNode[]): string[] {
  const order = reach(wanted);
  const biased = biasedSums(order, wanted);
  const products = new Set<GraphNode>([...biased.values()].map(({ product }) => product));
  for (const node of order) {
    if (scope.known(node) !== undefined || products.has(node) || node.op === "scan") continue;
    if (node.op === "item") {
      const [scan] = node.inputs as [NodeOf<"scan">];
      const items = order.filter(({ op, inputs }) => op === "item" && inputs[0] === scan) as NodeOf<"item">[];
      writeScan(scope, scan, items, { lower, lowerInvariants });
      continue;
    }
    const sum = biased.get(node);
    scope.name(node, sum ? writeBiased(sum, scope) : write(scope, node));
  }
  return wanted.map((node) => scope.known(node)!);
}

function write(scope: Scope, node: Exclude<GraphNode, NodeOf<"scan" | "item">>): string {
  const expansion = expansionOf(node, scope.emission.precision);
  if (expansion) return lower(scope, [expansion])[0]!;
  const inputs = node.inputs.map((input) => scope.known(input)!);
  if (isElementwise(node.op)) return scope.add(elementwiseRules[node.op][scope.emission.precision] as string, inputs);
  const rule = structureRules[node.op as keyof typeof structureRules] as (typeof structureRules)["sum"];
  return rule(node as NodeOf<"sum">, inputs, scope);
}

/** The sums that are written together with the product among their operands. */
function biasedSums(order: readonly GraphNode[], wanted: readonly GraphNode[]): Map<GraphNode, Biased> {
  const uses = new Map<GraphNode, number>();
  for (const node of [...order.flatMap(({ inputs }) => inputs), ...wanted]) uses.set(node, (uses.get(node) ?? 0) + 1);
  const found = new Map<GraphNode, Biased>();
  for (const node of order) {
    const biased = biasedProduct(node, uses);
    if (biased) found.set(node, biased);
  }
  return found;
}

/**
 * Writes what does not change while a loop runs, but for single numbers, in the scope around the loop.
 *
 * @param varying the inputs that differ from step to step
 */
export function lowerInvariants(scope: Scope, wanted: readonly GraphNode[], varying: ReadonlySet<GraphNode>): void {
  const order = reach(wanted);
  const changes = new Set<GraphNode>(varying);
  for (const node of order) if (node.inputs.some((input) => changes.has(input))) changes.add(node);
  const used = [...wanted, ...order.filter((node) => changes.has(node)).flatMap(({ inputs }) => inputs)];
  const isWorth = (node: GraphNode) => !changes.has(node) && node.op !== "const" && node.dtype !== "tuple";
  lower(scope, [...new Set(used.filter(isWorth))]);
}
