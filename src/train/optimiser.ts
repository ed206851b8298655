import type { Graph, GraphNode, NodeOf } from "../graph/graph.ts";
import type { StepState } from "../graph/step.ts";
import type { ParameterSet } from "../hnn/parameters.ts";
import type { FitProblem } from "./fit-problem.ts";
import type { NaturalUncertainty } from "./natural-coordinates.ts";
import type { Schedule } from "./schedule.ts";

/** What all optimisers of first order take; searches take `weightDecay` alone. */
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

interface Described {
  readonly name: string;
  /** One line for lists. */
  readonly description: string;
  /** How many steps, or iterations, where nothing else is said. */
  readonly usualSteps: number;
}

/** An optimiser whose update is part of the graph: one object, one file, one line in the registry. */
export interface StepOptimiser extends Described {
  readonly kind: "step";
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

/** Where a search stands after an iteration. */
export interface SearchState {
  /** Counted from 1; some may be passed over, which came to nothing better. */
  readonly iteration: number;
  /** Of the objective. */
  readonly loss: number;
  /** `[count]`, not changed later. */
  readonly parameters: Float64Array;
}

/** How to search. */
export interface SearchOptions {
  /** Iterations at most. */
  readonly steps: number;
  /** Of what is random. */
  readonly seed: number;
  readonly onIteration: (state: SearchState) => void | Promise<void>;
}

/** What a search found. */
export interface SearchResult {
  /** `[count]` */
  readonly parameters: Float64Array;
  /** How many were done. */
  readonly iterations: number;
  /** Why it ended: `not-finite` is a start without a value. */
  readonly end: string;
  /** Of searches that know the derivatives of all residuals. */
  readonly uncertainty?: NaturalUncertainty | undefined;
}

/**
 * An optimiser that chooses where to look next from values and derivatives on all samples, which an engine computes:
 * one object, one file, one line in the registry.
 */
export interface SearchOptimiser extends Described {
  readonly kind: "search";
  /** Iterations between checkpoints. */
  readonly checkpointEvery: number;
  /** @throws what the problem's functions reject with, as when it is interrupted */
  search(problem: FitProblem, options: SearchOptions): Promise<SearchResult>;
}

export type Optimiser = StepOptimiser | SearchOptimiser;
