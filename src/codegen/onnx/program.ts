import { type GraphNode, inputsOf, type NodeOf, type Precision } from "../../graph/graph.ts";
import type { StepParts } from "../../graph/step.ts";
import { version } from "../../version.ts";
import { graph, model, tensor, type ValueParts } from "./format.ts";
import { lower, lowerInvariants } from "./lower.ts";
import { newInput, newOutputs } from "./scan.ts";
import { elementType, emission, Scope } from "./scope.ts";

/** How a model is written. */
export interface ModelOptions {
  readonly precision: Precision;
  /** The number of samples, where it is fixed; otherwise it is the symbol `B`. */
  readonly batch?: number | undefined;
  /** Values of inputs that need not be given. */
  readonly defaults?: Readonly<Record<string, readonly number[]>> | undefined;
  /** What the file says of itself. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** What the model calls an input of the graph; default its own name. */
  readonly inputName?: ((name: string) => string) | undefined;
}

/** A model and the inputs that it has, in order. */
export interface WrittenModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inputs: readonly ValueParts[];
  readonly outputs: readonly ValueParts[];
}

/**
 * Writes named nodes as an ONNX model, whose inputs have the names of the inputs.
 *
 * @param also inputs that the model has though nothing uses them
 */
export function writeModel(
  outputs: Readonly<Record<string, GraphNode>>,
  options: ModelOptions,
  also: readonly NodeOf<"input">[] = [],
): WrittenModel {
  const { precision, defaults = {}, inputName = (name) => name } = options;
  const leaves = [...new Set([...also, ...inputsOf(Object.values(outputs))])];
  const scope = mainScope(leaves, options);
  const inputs = leaves.map((leaf) => newInput(scope, leaf, inputName(leaf.attributes.name)));
  for (const leaf of leaves) {
    const name = inputName(leaf.attributes.name);
    const values = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    const type = elementType(leaf, precision);
    if (values) scope.sheet.initializers.push(tensor(name, type, leaf.shape as number[], values));
  }
  const names = lower(scope, Object.values(outputs));
  const made = Object.entries(outputs).map(([name, node], k) =>
    scope.parts(node, scope.add("Identity", [names[k]!], {}, [name])),
  );
  return { bytes: finish(scope, inputs, made, options), inputs, outputs: made };
}

/** @param leaves one of which tells the number of samples, where that is not fixed */
function mainScope(
  leaves: readonly NodeOf<"input">[],
  { precision, batch, inputName = (name) => name }: ModelOptions,
): Scope {
  const batched = leaves.find(({ shape }) => shape[0] === "B");
  return new Scope(emission(precision, batch, batched && inputName(batched.attributes.name)));
}

function finish(
  { sheet }: Scope,
  inputs: readonly ValueParts[],
  outputs: readonly ValueParts[],
  { metadata }: ModelOptions,
): Uint8Array<ArrayBuffer> {
  return model(graph({ name: "hnnc", ...sheet, inputs, outputs }), { version, ...(metadata && { metadata }) });
}

/** Names in the model of a repeated step that are not those of its inputs: more than one word, so that they differ. */
export const stepNames = {
  /** Input, int64 `[]`: how many steps. */
  count: "number of steps",
  /** Output: the state after the last step, by the name of its input. */
  after: (name: string) => `${name} after the steps`,
  /** Outputs, an entry a step that was done: the loss before it, and whether all was finite after it. */
  losses: "loss of each step",
  healthy: "health of each step",
} as const;

/**
 * Writes a step that is repeated within one call, by ONNX's Loop. Inputs with a value for each step have an axis more in
 * front. The loop ends early after a step that was not healthy; what does not change is computed once, before it.
 *
 * @param options with the number of samples, if there is a batch
 */
export function writeSteps(step: StepParts, options: ModelOptions): WrittenModel {
  const { state, perStep, fixed, loss, healthy } = step;
  const scope = mainScope([], options);
  const { emission: shared } = scope;
  const given = fixed.map((leaf) => newInput(scope, leaf, leaf.attributes.name));
  const first = state.map(({ leaf }) => scope.parts(leaf, leaf.attributes.name));
  const sliced = perStep.map((leaf) => {
    const { name, type, shape } = scope.parts(leaf, leaf.attributes.name);
    return { name, type, shape: [stepNames.count, ...shape] };
  });
  const count: ValueParts = { name: stepNames.count, type: "int64", shape: [] };

  const wanted = [...state.map(({ next }) => next), loss, healthy];
  const around = new Scope(shared, scope, scope.sheet);
  lowerInvariants(around, wanted, new Set([...state.map(({ leaf }) => leaf), ...perStep]));
  const inside = new Scope(shared, around);
  const turn: ValueParts = { name: shared.fresh(), type: "int64", shape: [] };
  const before: ValueParts = { name: shared.fresh(), type: "bool", shape: [] };
  perStep.forEach((leaf, k) => {
    inside.name(leaf, inside.add("Gather", [sliced[k]!.name, turn.name], { axis: 0 }));
  });
  const carried = state.map(({ leaf }) => newInput(inside, leaf));
  const outputs = newOutputs(inside, [healthy, ...wanted], lower);
  const body = graph({ name: "step", ...inside.sheet, inputs: [turn, before, ...carried], outputs });
  const made: ValueParts[] = [
    ...first.map(({ name, ...parts }) => ({ ...parts, name: stepNames.after(name) })),
    { name: stepNames.losses, type: options.precision, shape: ["done"] },
    { name: stepNames.healthy, type: "bool", shape: ["done"] },
  ];
  scope.add(
    "Loop",
    [count.name, "", ...first.map(({ name }) => name)],
    { body },
    made.map(({ name }) => name),
  );
  const inputs = [count, ...first, ...sliced, ...given];
  return { bytes: finish(scope, inputs, made, options), inputs, outputs: made };
}
