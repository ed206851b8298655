import type { Executable, LoadedEngine } from "../engine/engine.ts";
import { HnncError } from "../errors.ts";
import type { Evaluation } from "../fit/lbfgs.ts";
import { concat } from "../graph/arrange.ts";
import { input, mul } from "../graph/build.ts";
import { gradient } from "../graph/gradient.ts";
import { type GraphNode, type Precision, reach } from "../graph/graph.ts";
import { jacobian, jacobianTimes } from "../graph/jacobian.ts";
import { lengthAlong, sizeOf } from "../graph/shape.ts";
import type { ParameterSet } from "../hnn/parameters.ts";
import { type LossGraph, type LossParts, lossGraph, parametersName, sampleFeeds } from "./loss-graph.ts";

/** What a search looks at: the objective and what it is made of, on all samples. */
export interface FitProblem {
  readonly set: ParameterSet;
  readonly precision: Precision;
  /** Parameters to begin with, [n]. */
  readonly first: Float64Array;
  /** How many errors the mean square is of; there are more residuals where a penalty adds some. */
  readonly rows: number;
  /** The objective has decay · Σθ²/2 more, over the parameters that decay. */
  readonly weightDecay: number;
  /** The objective and its gradient, [n]. */
  objective(at: Float64Array): Promise<Evaluation>;
  /** [·] Their sum of squares is `rows` times the objective without weight decay. */
  residuals(at: Float64Array): Promise<Float64Array>;
  /** [· × n] ∂ residual / ∂ parameter, row-major. */
  jacobian(at: Float64Array): Promise<Float64Array>;
}

/** The graphs of a problem, before an engine is chosen. */
export interface FitGraph {
  readonly parts: Omit<LossParts, "batch">;
  readonly loss: LossGraph;
  /** `[B, width]`: errors and what is penalised, so that the sum of squares is `rows` times the objective. */
  readonly residuals: GraphNode;
  readonly rows: number;
  /** How many numbers one evaluation of the residuals computes. */
  readonly work: number;
}

/** What a problem is looked at with. */
export interface FitOptions {
  readonly precision: Precision;
  readonly first: Float64Array;
  /** Default 0. */
  readonly weightDecay?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** More derivatives than this are not held in memory at once: 240 MB in double precision. */
const mostDerivatives = 3e7;

/** Milliseconds after which other work of the process gets its turn, such as a signal that ends the run. */
const longestTurn = 30;

export function fitGraph(parts: Omit<LossParts, "batch">): FitGraph {
  const { count } = parts.samples;
  const loss = lossGraph({ ...parts, batch: count });
  const { error, added } = loss;
  const width = lengthAlong(error.shape, 1);
  const penalised =
    added && mul(Math.sqrt(((parts.residualPenalty ?? 0) * width) / lengthAlong(added.shape, 1)), added);
  const residuals = penalised ? concat([error, penalised], 1) : error;
  return { parts, loss, residuals, rows: count * width, work: workOf([residuals], count) };
}

/** How many numbers nodes hold, those of loops as often as they are computed. */
function workOf(nodes: readonly GraphNode[], count: number): number {
  return reach(nodes).reduce((total, node) => {
    if (node.op !== "scan") return total + sizeOf(node.shape) * (node.shape[0] === "B" ? count : 1);
    const { body, length } = node.attributes;
    return total + length * workOf([...body.next, ...body.collected], count);
  }, 0);
}

/** A problem on an engine; what is asked for is made ready when it is asked for first. */
export function openFit(
  engine: LoadedEngine,
  { parts, loss, residuals, rows }: FitGraph,
  { precision, first, weightDecay = 0, signal }: FitOptions,
): FitProblem & { close(): Promise<void> } {
  const { model, samples } = parts;
  const { parameters } = loss;
  const fixed = sampleFeeds(samples, [residuals, loss.objective]);
  const ready = new Map<string, Promise<Executable>>();
  let turn = performance.now();
  const run = async (outputs: Record<string, GraphNode>, at: Float64Array, more: Record<string, Float64Array> = {}) => {
    if (performance.now() - turn > longestTurn) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
    signal?.throwIfAborted();
    const key = Object.keys(outputs).join(" ");
    const made = ready.get(key) ?? engine.compile(outputs, { precision, fixed });
    ready.set(key, made);
    const found = await (await made).run({ [parametersName]: at, ...more });
    return Object.keys(outputs).map((name) => found[name]!.values);
  };
  const [slopes] = gradient(loss.objective, [parameters]) as [GraphNode];
  const derivatives = jacobianOf({ residuals, parameters }, samples.count, run);
  return {
    set: model.parameters,
    precision,
    first,
    rows,
    weightDecay,
    objective: async (at) => {
      const [value, slope] = await run({ objective: loss.objective, slope: slopes }, at);
      return withDecay(model.parameters, weightDecay, at, { value: value![0]!, gradient: slope! });
    },
    residuals: async (at) => (await run({ residuals }, at))[0]!,
    jacobian: derivatives,
    close: async () => {
      for (const made of ready.values()) await (await made).close();
    },
  };
}

type Run = (
  outputs: Record<string, GraphNode>,
  at: Float64Array,
  more?: Record<string, Float64Array>,
) => Promise<Float64Array[]>;

/** All derivatives at once, or, where parameters go through loops, a column a call. */
function jacobianOf(
  { residuals, parameters }: { readonly residuals: GraphNode; readonly parameters: LossGraph["parameters"] },
  count: number,
  run: Run,
): FitProblem["jacobian"] {
  const n = lengthAlong(parameters.shape, 0);
  const rows = count * lengthAlong(residuals.shape, 1);
  let whole: GraphNode | undefined;
  let along: GraphNode | undefined;
  return async (at) => {
    if (rows * n > mostDerivatives) throw tooMany(rows, n);
    whole ??= along ? undefined : jacobian(residuals, parameters);
    if (whole) return (await run({ jacobian: whole }, at))[0]!;
    along ??= jacobianTimes(residuals, parameters, input(parameters.graph, "direction", [n]));
    const out = new Float64Array(rows * n);
    for (let j = 0; j < n; j++) {
      const [column] = await run({ along }, at, { direction: new Float64Array(n).fill(1, j, j + 1) });
      for (let i = 0; i < rows; i++) out[i * n + j] = column![i]!;
    }
    return out;
  };
}

function withDecay(
  { slices }: ParameterSet,
  weightDecay: number,
  at: Float64Array,
  { value, gradient: slope }: Evaluation,
): Evaluation {
  if (weightDecay === 0) return { value, gradient: slope };
  let total = value;
  const moved = slope.slice();
  for (const { offset, size } of slices.filter(({ decays }) => decays)) {
    for (let k = offset; k < offset + size; k++) {
      total += (weightDecay * at[k]! ** 2) / 2;
      moved[k]! += weightDecay * at[k]!;
    }
  }
  return { value: total, gradient: moved };
}

function tooMany(rows: number, n: number): HnncError {
  return new HnncError({
    kind: "limit",
    code: "jacobian-size",
    message: `${rows} errors of ${n} parameters have ${rows * n} derivatives, and at most ${mostDerivatives} are held at once`,
    hint: "use the optimiser `lbfgs`, which needs one gradient only, or fewer rows",
  });
}
