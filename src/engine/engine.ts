import type { DenseArray, Feeds } from "../graph/evaluate.ts";
import type { GraphNode, Precision } from "../graph/graph.ts";
import type { Step } from "../graph/step.ts";

/*
 * Engines run graphs (src/graph). What is to be run is written with the constructors of graph/build.ts (element by
 * element), graph/arrange.ts (shapes, sums, products of matrices, gather and scatter) and graph/scan.ts (loops). An
 * engine knows nothing of networks, losses or optimisers: these are functions from nodes to nodes.
 *
 *   const graph = createGraph();
 *   const weights = input(graph, "weights", [n]);                    // one flat vector; slice and reshape cut it up
 *   const x = input(graph, "x", ["B", d]);                           // "B" is the number of samples
 *   const energy = network(weights, x);                              // [B, 1]
 *   const [slopes] = gradient(energy, [x]);                          // with respect to inputs only
 *   const [atRows] = substitute([slopes], new Map([[x, gather(data, rows, 0)]]));   // composition comes afterwards
 *   const loss = mean(square(sub(atRows, gather(wanted, rows, 0))));                // []
 *   const [g] = gradient(loss, [weights]);                           // a gradient through a gradient
 *
 * A training run is a `Step` that is repeated (graph/step.ts):
 *
 *   const step: Step = {
 *     state: [{ leaf: weights, next: sub(weights, mul(rate, g)) }],  // flat vectors: weights, moments, …
 *     loss,
 *     perStep: [rate, rows],                                         // [] and ["B"] of int32, for example
 *   };
 *   const run = await engine.repeat(step, { precision: "f32", batch: 128, state, fixed: { data, wanted } });
 *   const { losses, failed } = await run.run(K, { rate: K numbers, rows: K·128 indices });
 *
 * - State and data stay with the engine; a call takes what differs from step to step and gives the losses. K steps make
 *   one call, without returning to JavaScript in between: choose K so that a call takes some 100 ms (`run.stepTime`).
 * - Step sizes and the corrections of Adam (1 − βᵗ) are computed by the caller, in double precision, and given for
 *   each step: in f32 they would be the largest error of the training.
 * - After a step whose loss, or whose state afterwards, is not finite, no further step is done. `failed` is that step's
 *   place, and the state is what it was before it.
 * - The same engine, precision and choice (`run.choice`: threads, or a back end) give the same bits. A run that is
 *   resumed hands the recorded choice in again.
 *
 * How to write graphs that run fast (measured with [2-200-200-1] × 750):
 * - a product of matrices with a bias added at once is one operation, `add(matmul(a, w), bias)`;
 * - every other operation on `[B, h]` is a pass over memory, and nothing is fused: work on weights instead of
 *   activations (`mul(a, mul(c, w))`, not `mul(c, mul(a, w))`), and share what forward and backward pass both need;
 * - what depends neither on the state nor on per-step inputs is computed once a call, so prepare data in the graph;
 * - long loops are `scan`s: unrolled, 32 steps of Runge–Kutta are 7000 nodes and take a second to load.
 */

/** What was chosen when something was made ready; the record says how to have it again. */
export interface EngineChoice {
  /** The engine's name. */
  readonly engine: string;
  /** What does the work: "onnxruntime-node 1.30.0", "tfjs wasm", …. */
  readonly runtime: string;
  /** How many threads compute. */
  readonly threads: number;
}

/** How named nodes are made ready. */
export interface CompileOptions {
  readonly precision: Precision;
  /** Values of inputs that are the same in every run, such as data: they go to the engine once and stay there. */
  readonly fixed?: Feeds | undefined;
}

/** Named nodes that are made ready to run. */
export interface Executable {
  /**
   * Runs it.
   *
   * @param feeds a value for every other input, by name, row-major; the number of samples follows from their lengths
   * @returns the outputs by name; f32 values are widened
   * @throws HnncError `engine-input` (kind usage) where a value is missing or has another length
   */
  run(feeds: Feeds): Promise<Record<string, DenseArray>>;
  close(): Promise<void>;
}

/** How a step is made ready. */
export interface RepeatOptions {
  readonly precision: Precision;
  /** The number of samples, where the step has a batch axis. */
  readonly batch?: number | undefined;
  /** The state before the first step, by the names of the leaves. */
  readonly state: Feeds;
  /** Values of the inputs that stay. */
  readonly fixed?: Feeds | undefined;
  /** What was chosen before; otherwise the engine measures and chooses. */
  readonly choice?: EngineChoice | undefined;
}

/** What came of a number of steps. */
export interface RepeatResult {
  /** The loss before each step that was done, the failed one's included. */
  readonly losses: Float64Array;
  /** Which step was not finite, counted from 0; undefined where all was well. */
  readonly failed: number | undefined;
}

/** A step that is being repeated; its state stays with the engine. */
export interface Repetition {
  readonly choice: EngineChoice;
  /** Milliseconds a step, as measured when it was made ready. */
  readonly stepTime: number;
  /**
   * Does some steps. Calls must not overlap.
   *
   * @param perStep for each per-step input `count` values of its shape, one after the other
   */
  run(count: number, perStep?: Feeds): Promise<RepeatResult>;
  /** A copy of the state, by the names of the leaves; f32 values are widened and come back unchanged. */
  state(): Promise<Record<string, Float64Array>>;
  /** Goes on from another state. */
  setState(state: Feeds): Promise<void>;
  close(): Promise<void>;
}

/** An engine that has been loaded and has passed its test. */
export interface LoadedEngine {
  readonly name: string;
  /** What does the work, with its version. */
  readonly runtime: string;
  /** How many threads compute what is compiled; repetitions choose for themselves. */
  readonly threads: number;
  readonly precisions: readonly Precision[];
  /** Makes named nodes of one graph ready to run. */
  compile(outputs: Readonly<Record<string, GraphNode>>, options: CompileOptions): Promise<Executable>;
  /** Makes a step ready to be repeated. */
  repeat(step: Step, options: RepeatOptions): Promise<Repetition>;
  /** Ends threads and gives memory back. */
  close(): Promise<void>;
}

/** A way to run graphs: one object, one file, one line in the registry. */
export interface Engine {
  readonly name: string;
  /** One line for lists. */
  readonly description: string;
  readonly precisions: readonly Precision[];
  /**
   * Loads what it needs.
   *
   * @throws HnncError kind engine where that is not installed or does not work here
   */
  load(): Promise<LoadedEngine>;
}
