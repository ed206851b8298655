import { constant, data } from "../graph/build.ts";
import type { Graph, GraphNode } from "../graph/graph.ts";
import type { Model, Parameter } from "../model.ts";
import { type ConstantRange, constantRange } from "./constant-range.ts";
import { optionFault } from "./model.ts";
import type { ParameterDraft, Part } from "./parameters.ts";

/** The parameters of a formula: some learned, the others numbers. */
export interface PriorConstants {
  readonly drafts: readonly ParameterDraft[];
  /** The learned ones by name, each `[]` or `[size]`. */
  learned(part: Part): Map<string, GraphNode>;
  /** All of them by name. */
  all(graph: Graph, part: Part): Map<string, GraphNode>;
}

const unbounded = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

/**
 * @param learn names besides those that the formula marks with `learn`
 * @throws HnncError `model-options` (usage) where a name is unknown or a value is missing
 */
export function priorConstants({ parameters }: Model, learn: readonly string[]): PriorConstants {
  const unknown = learn.find((name) => parameters.every((each) => each.name !== name));
  if (unknown !== undefined) {
    const names = parameters.map(({ name }) => name).join(" ") || "none";
    throw optionFault(`the formula has no parameter \`${unknown}\` to learn`, [`parameters: ${names}`]);
  }
  const ranges = new Map<string, ConstantRange>();
  const drafts: ParameterDraft[] = [];
  for (const parameter of parameters) {
    const { name, learn: bounds = learn.includes(name) ? unbounded : undefined } = parameter;
    if (!bounds || bounds.min === bounds.max) continue;
    requireInside(parameter, bounds);
    const range = constantRange(valuesOf(parameter), bounds);
    ranges.set(name, range);
    const shape = parameter.shape.length === 0 ? [] : [range.raw.length];
    drafts.push({ name: draftName(name), shape, initial: { kind: "values", values: range.raw }, decays: false, range });
  }
  const learned = (part: Part) =>
    new Map([...ranges].map(([name, range]): [string, GraphNode] => [name, range.value(part(draftName(name)))]));
  return {
    drafts,
    learned,
    all: (graph, part) => {
      const moved = learned(part);
      return new Map(parameters.map((each) => [each.name, moved.get(each.name) ?? fixedNode(graph, each)]));
    },
  };
}

function requireInside(parameter: Parameter, { min, max }: { readonly min: number; readonly max: number }): void {
  const stray = valuesOf(parameter).find((value) => value < min || value > max);
  if (stray === undefined) return;
  throw optionFault(
    `\`${parameter.name}\` begins with ${stray}, outside of the range [${min}, ${max}] that it is learned in`,
  );
}

function draftName(name: string): string {
  return `constant.${name}`;
}

function fixedNode(graph: Graph, parameter: Parameter): GraphNode {
  const values = valuesOf(parameter);
  return parameter.shape.length === 0
    ? constant(graph, values[0]!)
    : data(graph, { kind: "values", values }, [values.length], "real");
}

function valuesOf({ name, value }: Parameter): readonly number[] {
  if (value === undefined) throw optionFault(`the parameter \`${name}\` of the formula has no value`);
  return typeof value === "number" ? [value] : value;
}
