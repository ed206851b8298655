import type { GraphNode, NodeOf } from "../../graph/graph.ts";
import { stackAxis } from "../../graph/scan.ts";
import { graph, type ValueParts } from "./format.ts";
import { Scope } from "./scope.ts";

type Lower = (scope: Scope, wanted: readonly GraphNode[]) => string[];

/** What `lower.ts` does, which calls this file. */
export interface Lowering {
  readonly lower: Lower;
  readonly lowerInvariants: (scope: Scope, wanted: readonly GraphNode[], varying: ReadonlySet<GraphNode>) => void;
}

/** Writes a scan as ONNX's Scan, and names the items that are asked for. Constants are seen through the body's walls. */
export function writeScan(
  scope: Scope,
  node: NodeOf<"scan">,
  items: readonly NodeOf<"item">[],
  { lower, lowerInvariants }: Lowering,
): void {
  const { body, length, reverse } = node.attributes;
  const { carries, sequences } = body;
  const { emission, sheet } = scope;
  lower(scope, node.inputs);
  const names = node.inputs.map((input) => scope.known(input)!);
  const around = new Scope(emission, scope, sheet);
  body.constants.forEach((leaf, k) => {
    around.name(leaf, names[carries.length + sequences.length + k]!);
  });
  const stacks = items.filter(({ attributes: { index } }) => index >= carries.length);
  const stacked = stacks.map(({ attributes: { index } }) => [...carries, ...body.collected][index - carries.length]!);
  lowerInvariants(around, [...body.next, ...stacked], new Set([...carries, ...sequences]));
  const inside = new Scope(emission, around);
  // a Scan has at least one sequence
  const counter: ValueParts[] = sequences.length > 0 ? [] : [{ name: emission.fresh(), type: "int64", shape: [] }];
  const inputs = [...[...carries, ...sequences].map((leaf) => newInput(inside, leaf)), ...counter];
  const outputs = newOutputs(inside, [...body.next, ...stacked], lower);
  const counted = counter.map(() => scope.integers(Array.from({ length }, (_, k) => k)));
  const made = [...carries, ...stacked].map(() => emission.fresh());
  const directions = (count: number) => new Array<number>(count).fill(reverse ? 1 : 0);
  const read = [...sequences.map(({ shape }) => stackAxis(shape)), ...counter.map(() => 0)];
  scope.add(
    "Scan",
    [...names.slice(0, carries.length + sequences.length), ...counted],
    {
      body: graph({ name: "step", ...inside.sheet, inputs, outputs }),
      num_scan_inputs: read.length,
      scan_input_axes: read,
      scan_input_directions: directions(read.length),
      ...(stacked.length > 0 && {
        scan_output_axes: stacked.map(({ shape }) => stackAxis(shape)),
        scan_output_directions: directions(stacked.length),
      }),
    },
    made,
  );
  for (const item of items) {
    const { index } = item.attributes;
    const at = index < carries.length ? index : carries.length + stacks.indexOf(item);
    scope.name(item, made[at]!);
  }
}

/** Declares an input of a body. */
export function newInput(scope: Scope, leaf: NodeOf<"input">, name: string = scope.emission.fresh()): ValueParts {
  scope.name(leaf, name);
  return scope.parts(leaf, name);
}

/** Writes the values as outputs. An input, and a value that is an output already, is copied. */
export function newOutputs(scope: Scope, nodes: readonly GraphNode[], lower: Lower): ValueParts[] {
  const taken = new Set<string>();
  return lower(scope, nodes).map((name, k) => {
    const own = scope.made(name) && !taken.has(name) ? name : scope.add("Identity", [name]);
    taken.add(own);
    return scope.parts(nodes[k]!, own);
  });
}
