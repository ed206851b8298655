import { type Compiled, compile } from "../compile.ts";
import { asTrajectory, type Dataset, makeDataset, type Trajectory } from "../data/dataset.ts";
import type { Header } from "../data/format.ts";
import type { Provenance } from "../data/provenance.ts";
import { concatenate } from "../data/select.ts";
import { shardRange } from "../data/shard.ts";
import { parameterVector } from "../ensemble/facts.ts";
import type { Diverged } from "../ensemble/options.ts";
import { planSimulation } from "../simulate.ts";
import type { System } from "../systems/system.ts";
import { type GenerateOptions, type Sizes, sizesOf } from "./generate-options.ts";
import { type RowSummary, TrainingRows } from "./generate-rows.ts";
import { energyOf } from "./rows.ts";
import { type Starts, startsOf } from "./starts.ts";

/** What generating took, and what came out. */
export interface GenerationReport extends RowSummary {
  readonly method: string;
  /** Why this method: a sentence for a person. */
  readonly reason: string;
  /** Computed here: those of the shard, where there is one. */
  readonly trajectories: number;
  readonly steps: number;
  /** Trajectories that could not be finished; their rows end before that. */
  readonly diverged: readonly Diverged[];
}

/** A training set that is ready to be computed. */
export interface GenerationPlan extends Sizes {
  readonly method: string;
  readonly reason: string;
  /** The trajectories that are computed, numbered in the whole: all, or those of the shard. */
  readonly from: number;
  readonly to: number;
  /** Of the files that its rows fit into. */
  readonly header: Header;
  /**
   * Computes the rows, trajectory after trajectory, in chunks; the next is computed when `take` is done with one, so that
   * a set may be larger than memory.
   */
  run(take: (chunk: Dataset) => void | Promise<void>): Promise<GenerationReport>;
}

/** A training set, and what it took. */
export type TrainingData = Trajectory & { readonly report: GenerationReport };

/** Numbers of starts that are held at once. */
const portionNumbers = 2 ** 18;

/**
 * Checks the options and leaves the work to the caller.
 *
 * What becomes of a trajectory depends on its number, the seed and the options alone: not on threads, on portions or on
 * the shard that it is in.
 *
 * @throws HnncError kind `usage`
 * @example
 * const plan = planGeneration(compile(systems.kepler), { system: systems.kepler, trajectories: 1e6, t: 10 });
 * const writer = await openWriter("kepler.parquet", plan.header);
 * await plan.run((chunk) => writer.write(chunk));
 * await writer.close();
 */
export function planGeneration(compiled: Compiled, options: GenerateOptions): GenerationPlan {
  const { shard, seed = 0, system, derivatives = true } = options;
  const energy = energyOf(compiled.source, parameterVector(compiled.source, options.params));
  const startTime = startTimeOf(options);
  const starts = startsOf(compiled, (x) => energy(x, startTime), options, system);
  const sizes = sizesOf(options, starts.count);
  const { from, to } = shardRange(shard ?? { index: 1, count: 1 }, sizes.trajectories);
  const { method, dt, rtol, atol, params, workers, fma, signal } = options;
  const { t, points } = sizes;
  const common = { method, dt, rtol, atol, params, workers, fma, signal, t, samples: points, derivatives };
  const planned = planSimulation(compiled, { ...common, x0: starts.at(from < to ? from : 0) });
  const header: Header = {
    ...planned.header,
    test: sizes.split.test > 0,
    runs: sizes.trajectories > 1,
    provenance: provenanceOf(planned.header.provenance, sizes, starts, options),
  };
  const run: GenerationPlan["run"] = async (take) => {
    const rows = new TrainingRows({ compiled, header, sizes, seed, from, take });
    const diverged: Diverged[] = [];
    const portion = Math.max(1, Math.floor(portionNumbers / compiled.meta.dimension));
    let steps = 0;
    for (let first = from; first < to; first += portion) {
      const last = Math.min(to, first + portion);
      const x0 = statesOf(starts, first, last, compiled.meta.dimension);
      const progress = (part: number) => options.progress?.((first - from + part * (last - first)) / (to - from));
      const report = await planSimulation(compiled, { ...common, x0, progress }).run((chunk) => rows.add(chunk, first));
      steps += report.steps;
      for (const each of report.diverged) diverged.push({ ...each, trajectory: each.trajectory + first });
    }
    return {
      method: planned.method,
      reason: planned.reason,
      trajectories: to - from,
      steps,
      diverged,
      ...rows.summary(),
    };
  };
  return { ...sizes, method: planned.method, reason: planned.reason, from, to, header, run };
}

/**
 * Makes a training set in memory: states with noise, derivatives and energies of the true states, a split, and where all
 * of it comes from.
 *
 * @param input a system of the catalogue, or a compiled Hamiltonian; then the options say where trajectories begin
 * @returns times [B·K], states and derivatives [B·K, 2n], energies [B·K], test [B·K]; run k is trajectory k
 * @throws HnncError kind `usage`
 * @example
 * const { states, derivatives } = await generate(systems.pendulum, { trajectories: 50, points: 45, t: 3, noise: 0.1 });
 */
export async function generate(input: System | Compiled, options: GenerateOptions = {}): Promise<TrainingData> {
  const plan =
    "source" in input && "field" in input
      ? planGeneration(input, options)
      : planGeneration(compiledSystem(input), { system: input, ...options });
  const chunks: Dataset[] = [];
  const report = await plan.run((chunk) => void chunks.push(chunk));
  const { coordinates, momenta, provenance } = plan.header;
  const rows =
    chunks.length > 0
      ? concatenate(chunks as [Dataset, ...Dataset[]])
      : makeDataset({ ...empty, coordinates, momenta });
  return { ...asTrajectory(rows), provenance, report };
}

const empty = { times: new Float64Array(0), states: new Float64Array(0) };

/** A system is compiled once. */
const known = new WeakMap<System, Compiled>();

function compiledSystem(system: System): Compiled {
  const compiled = known.get(system) ?? compile(system);
  known.set(system, compiled);
  return compiled;
}

function statesOf(starts: Starts, from: number, to: number, dimension: number): Float64Array {
  const states = new Float64Array((to - from) * dimension);
  for (let k = from; k < to; k++) states.set(starts.at(k), (k - from) * dimension);
  return states;
}

/** The keys stand in the order of the work. */
function provenanceOf(motion: Provenance, sizes: Sizes, starts: Starts, options: GenerateOptions): Provenance {
  const { trajectories, points, t, noise, split } = sizes;
  const { seed = 0, shard, derivatives = true } = options;
  const { test, by = "run", which = "random" } = split;
  return {
    ...motion,
    seed,
    sampling: { trajectories, points, t, starts: starts.told },
    ...(noise !== 0 && { noise: { kind: "normal", sigma: noise, of: "states" } }),
    ...(test > 0 && { split: { test, by, which } }),
    ...(derivatives && { derivatives: "field" }),
    ...(shard && { shard }),
  };
}

function startTimeOf({ t, system }: GenerateOptions): number {
  const given = t ?? system?.trainingSet?.t ?? 0;
  return typeof given === "number" ? 0 : given[0];
}
