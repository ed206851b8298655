import type { Compiled } from "./compile.ts";
import type { Dataset, Trajectory } from "./data/dataset.ts";
import type { Header } from "./data/format.ts";
import type { Provenance } from "./data/provenance.ts";
import { concatenate } from "./data/select.ts";
import { checkedOptions, requireWorkers } from "./ensemble/checked.ts";
import { motionFacts, parameterVector } from "./ensemble/facts.ts";
import { planRun } from "./ensemble/schedule.ts";
import { HnncError } from "./errors.ts";
import { Divergence } from "./integrate/divergence.ts";
import { checkRun } from "./integrate/run-check.ts";
import { sampleTimes } from "./integrate/sample-plan.ts";
import { initialStates } from "./simulation/initial-states.ts";
import { chooseMethod, type Method, withoutTaylor } from "./simulation/method.ts";
import type { SimulateOptions, SimulationReport } from "./simulation/options.ts";
import { type RowMaker, rowMaker } from "./simulation/rows.ts";
import { stateColumns } from "./simulation/state-columns.ts";
import { lendTaylor, type TaylorJob } from "./simulation/taylor-job.ts";
import { followAll } from "./simulation/taylor-runs.ts";
import { version } from "./version.ts";

/** Computed trajectories, and what it took. Run k holds the rows that began at start k. */
export type Simulation = Trajectory & { readonly report: SimulationReport };

/** A simulation that is ready to run. */
export interface SimulationPlan {
  readonly method: string;
  /** Why this method: a sentence for a person. */
  readonly reason: string;
  readonly trajectories: number;
  /** Rows of a trajectory that does not end early. */
  readonly samples: number;
  /** Of the files that its rows fit into. */
  readonly header: Header;
  /**
   * Runs it. Rows come trajectory after trajectory, in chunks; the next is computed when `take` is done with one, so that
   * output may be larger than memory. The rows of a trajectory that diverges end at its last good state.
   */
  run(take: (chunk: Dataset) => void | Promise<void>): Promise<SimulationReport>;
}

/**
 * Checks the options, chooses the method, and leaves the run to the caller.
 *
 * @throws HnncError kind `usage` for options that contradict each other, the model, or the method
 * @example
 * const plan = planSimulation(compiled, { t: 1e6, dt: 0.01 });
 * const writer = await openWriter("orbit.parquet", plan.header);
 * await plan.run((chunk) => writer.write(chunk));
 * await writer.close();
 */
export function planSimulation(compiled: Compiled, options: SimulateOptions): SimulationPlan {
  const { source, model } = compiled;
  checkRun(options);
  requireWorkers(options.workers);
  const starts = initialStates(model, options.x0);
  const parameters = parameterVector(source, options.params);
  const { method, dt, samples, execute } = prepared(compiled, options, starts, parameters);
  const name = method.kind === "taylor" ? "taylor" : method.integrator.name;
  const trajectories = starts.length / source.equations.layout.dimension;
  const header: Header = {
    ...stateColumns(source),
    times: true,
    energies: true,
    derivatives: options.derivatives === true,
    test: false,
    runs: trajectories > 1,
    provenance: provenanceOf(compiled, options, method, dt),
  };
  const run = async (take: (chunk: Dataset) => void | Promise<void>): Promise<SimulationReport> => {
    const rows = rowMaker(source, parameters, header, take);
    const found = await execute(rows);
    await rows.flush();
    return { method: name, reason: method.reason, trajectories, ...found };
  };
  return { method: name, reason: method.reason, trajectories, samples, header, run };
}

/**
 * Simulates a compiled Hamiltonian.
 *
 * @returns times [k], states [k, 2n] row-major, energies [k]; with several starts their rows one after the other
 * @throws HnncError kind `usage`; kind `limit` for more than memory holds; kind `diverged` for a single start whose trajectory cannot be finished, then a
 *   `Divergence` that holds its samples until the last good state. Of several starts those are listed in
 *   `report.diverged`.
 * @example
 * const { times, states, report } = await simulate(compile("p^2/2 - cos(q)"), { x0: [1, 0], t: 100 });
 */
export async function simulate(compiled: Compiled, options: SimulateOptions): Promise<Simulation> {
  const plan = planSimulation(compiled, options);
  checkMemory(plan);
  const chunks: Dataset[] = [];
  const report = await plan.run((chunk) => void chunks.push(chunk));
  const whole = concatenate(chunks as [Dataset, ...Dataset[]]) as Trajectory;
  const [diverged] = report.diverged;
  if (diverged && plan.trajectories === 1) {
    const degreesOfFreedom = whole.coordinates.length;
    throw new Divergence(diverged.reason, { ...report, degreesOfFreedom, times: whole.times, states: whole.states });
  }
  return { ...whole, report };
}

const usualSamples = 1001;

type Found = Omit<SimulationReport, "method" | "reason" | "trajectories">;

interface Prepared {
  readonly method: Method;
  /** The step that will be taken, where it is the same everywhere. */
  readonly dt: number | undefined;
  readonly samples: number;
  execute(rows: RowMaker): Promise<Found>;
}

/** The method, compiled as far as can be told before the run; where nobody asked for `taylor`, it gives way if it does not fit. */
function prepared(compiled: Compiled, options: SimulateOptions, starts: Float64Array, params: Float64Array): Prepared {
  const method = chooseMethod(compiled.source, options);
  if (method.kind === "integrator") return preparedIntegrator(compiled, options, method, starts);
  try {
    return preparedTaylor(compiled, options, method, starts, params);
  } catch (error) {
    const wanted = options.method === "taylor" || (options.events?.length ?? 0) > 0;
    if (!(error instanceof HnncError) || error.kind !== "limit" || wanted) throw error;
    return preparedIntegrator(compiled, options, withoutTaylor(compiled.source, options), starts);
  }
}

function preparedTaylor(
  { source }: Compiled,
  options: SimulateOptions,
  method: Method & { readonly kind: "taylor" },
  starts: Float64Array,
  params: Float64Array,
): Prepared {
  const { samples = usualSamples, events = [], fma = false, t, workers, signal, progress } = options;
  checkSize(samples);
  const job: TaylorJob = {
    tolerance: method.tolerance,
    fma,
    events,
    params,
    t: typeof t === "number" ? [0, t] : t,
    samples: typeof samples === "number" ? samples : Float64Array.from(samples),
  };
  // Compiled here, so that it is known whether it fits.
  lendTaylor(source, job).giveBack();
  return {
    method,
    dt: undefined,
    samples: job.t[0] === job.t[1] ? 1 : 1 + sampleTimes(...job.t, job.samples)!.length,
    execute: async (rows) => {
      const { integrator, giveBack } = lendTaylor(source, job);
      try {
        const found = await followAll({ source, job, integrator, starts, workers, signal, progress }, rows);
        return { ...found, rejected: 0, evaluations: found.steps, iterations: 0, dt: undefined };
      } finally {
        giveBack();
      }
    },
  };
}

function preparedIntegrator(
  { source }: Compiled,
  options: SimulateOptions,
  method: Method & { readonly kind: "integrator" },
  starts: Float64Array,
): Prepared {
  const { integrator } = method;
  const { t, dt, rtol, atol, fma, workers, params, blockBytes, signal, progress } = options;
  const samples = options.samples ?? (integrator.adaptive ? usualSamples : undefined);
  const settings = { t, dt, rtol, atol, fma, workers, samples, method: integrator };
  const { start, end } = checkedOptions(motionFacts(source), settings);
  checkSize(samples);
  const plan = planRun(integrator, { start, end, dt, samples, omega: undefined });
  return {
    method,
    dt: plan.dt,
    samples: plan.samples,
    execute: async (rows) => {
      const parts = { source, options: settings, params, starts, samples: plan.samples, blockBytes, signal, progress };
      // Compilers of ensembles take some time to load; Taylor series do without.
      const { runEnsemble } = await import("./simulation/ensemble-runs.ts");
      const { steps, rejected, evaluations, iterations, diverged } = await runEnsemble(parts, rows);
      return { steps, rejected, evaluations, iterations, dt: plan.dt, diverged, events: [] };
    },
  };
}

/** Samples of one run: kernels number them in 32 bits. */
const mostSamples = 1e9;

function checkSize(samples: SimulateOptions["samples"]): void {
  const count = typeof samples === "object" ? samples.length : (samples ?? 0);
  if (count <= mostSamples) return;
  throw new HnncError({
    kind: "limit",
    code: "too-many-samples",
    message: `${count} samples of one run are more than ${mostSamples}`,
    hint: "cut the time into several runs, each from where the one before ended",
  });
}

/** Numbers of states that are held at once: 4 GiB. */
const mostNumbers = 2 ** 29;

function checkMemory({ trajectories, samples, header }: SimulationPlan): void {
  const rows = trajectories * samples;
  if (rows * 2 * header.coordinates.length <= mostNumbers) return;
  throw new HnncError({
    kind: "limit",
    code: "too-many-rows",
    message: `${rows} rows of ${2 * header.coordinates.length} numbers do not fit into memory`,
    hint: "take them in chunks from `planSimulation(…).run(take)`, or ask for fewer samples",
  });
}

function provenanceOf(
  { model, meta }: Compiled,
  options: SimulateOptions,
  method: Method,
  dt: number | undefined,
): Provenance {
  const { rtol = 1e-10, atol = rtol / 1000, params = {}, events = [], fma } = options;
  const stepped = { dt: dt ?? options.dt! };
  const accuracy =
    method.kind === "taylor" ? { rtol: method.tolerance } : method.integrator.adaptive ? { rtol, atol } : stepped;
  const defaults = Object.entries(meta.parameters).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  const given = Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]);
  // Other events leave the rows as they are.
  const until = events
    .filter(({ terminal }) => terminal)
    .map(({ formula, kind = "zero", direction = "both" }) =>
      kind === "zero" ? { formula, direction } : { formula, kind },
    );
  return {
    hnnc: version,
    formula: model.source.trim(),
    parameters: Object.fromEntries([...defaults, ...given]),
    method: method.kind === "taylor" ? "taylor" : method.integrator.name,
    ...accuracy,
    ...(until.length > 0 && { until }),
    bits: fma ? "fused multiply-add: differ between machines" : "portable",
  };
}
