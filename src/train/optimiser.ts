import type { Graph, GraphNode, NodeOf } from "../graph/graph.ts";
import type { StepState } from "../graph/step.ts";
import type { ParameterSet } from "../hnn/parameters.ts";
import type { Schedule } from "./schedule.ts";

/** What all optimisers of first order take. */
export interface OptimiserOptions {
  /** The step size at the first step. Default 1e-3. */
  readonly rate?: number | undefined;
  /** Default constant. */
  readonly schedule?: Schedule | undefined;
  /** Default 0. */
  readonly weightDecay?: number | undefined;
  /** The longest gradient, in the Euclidean norm; longer ones are shortened. Default: none. */
  readonly clip?: number | undefined;
}

/** The nodes of one step. */
export interface OptimiserStep {
  /** The parameters first, then what the optimiser remembers, each `[count]`. */
  readonly state: readonly StepState[];
  /** Numbers that differ from step to step, `[]`. */
  readonly perStep: readonly NodeOf<"input">[];
}

/** An optimiser whose update is part of the graph: one object, one file, one line in the registry. */
export interface Optimiser {
  readonly name: string;
  /** One line for lists. */
  readonly description: string;
  /** The names of the vectors that it remembers; all are 0 at first. */
  readonly memory: readonly string[];
  /** The step from the parameters, `[count]`, along a gradient of the same shape. */
  build(
    graph: Graph,
    given: { readonly parameters: NodeOf<"input">; readonly gradient: GraphNode; readonly set: ParameterSet },
    options: OptimiserOptions,
  ): OptimiserStep;
  /** The numbers for a step, by the names of the per-step inputs, in double precision. */
  numbers(step: number, steps: number, options: OptimiserOptions): Readonly<Record<string, number>>;
}
