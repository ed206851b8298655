import { requireSeries } from "../codegen/taylor/networks.ts";
import type { TaylorSamples } from "../codegen/taylor/run.ts";
import { type Taylor, taylor } from "../codegen/taylor/taylor.ts";
import type { Compiled } from "../compile.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import type { Header } from "../data/format.ts";
import type { Json, Provenance } from "../data/provenance.ts";
import { concatenate } from "../data/select.ts";
import { parameterVector } from "../ensemble/facts.ts";
import type { Diverged } from "../ensemble/options.ts";
import { HnncError } from "../errors.ts";
import { Divergence } from "../integrate/divergence.ts";
import { version } from "../version.ts";
import { type EventFormula, eventExpression } from "./event-formula.ts";
import { initialStates } from "./initial-states.ts";
import { stateColumns } from "./state-columns.ts";

/** Which points of which trajectories a section holds. */
export interface SectionOptions extends Omit<EventFormula, "terminal"> {
  /** The end of a run that starts at 0, or `[start, end]`. */
  readonly t: number | readonly [start: number, end: number];
  /** A trajectory ends after so many points. Default: it goes on to the end of the time. */
  readonly crossings?: number | undefined;
  /** One state `[2n]`, or B of them `[B·2n]` row-major. Default: the start that the model text gives. */
  readonly x0?: ArrayLike<number> | undefined;
  /** Values of parameters that differ from the model's, in base units where it has units. */
  readonly params?: Readonly<Record<string, number | readonly number[]>> | undefined;
  /** Error of a step. Default: round-off. */
  readonly rtol?: number | undefined;
  /** How starts were drawn, for provenance. */
  readonly sampling?: Json | undefined;
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told about ten times a second which fraction is done. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

/** What a section took. */
export interface SectionReport {
  /** [B], points of each trajectory. */
  readonly counts: readonly number[];
  readonly steps: number;
  /** Trajectories that could not be finished; their points until then are kept. */
  readonly diverged: readonly Diverged[];
}

/** A section that is ready to be computed. */
export interface SectionPlan {
  readonly trajectories: number;
  /** Of the files that its rows fit into. */
  readonly header: Header;
  /** Computes it, and hands on the points of one trajectory after the other. */
  run(take: (chunk: Dataset) => void | Promise<void>): Promise<SectionReport>;
}

/**
 * Checks the options and leaves the run to the caller.
 *
 * @throws HnncError kind `formula` with the place in the section's text; kind `usage`
 */
export function planSection(compiled: Compiled, options: SectionOptions): SectionPlan {
  const { source, model } = compiled;
  const { formula, kind = "zero", crossings = 1, rtol } = options;
  if (!(crossings >= 1)) throw usage("bad-crossings", `${crossings} points of a trajectory are none`, "give 1 or more");
  const direction = options.direction ?? (kind === "zero" ? "up" : undefined);
  const starts = initialStates(model, options.x0);
  const params = parameterVector(source, options.params);
  requireSeries(source.model, "section");
  const integrator = taylor(source, {
    tolerance: rtol,
    events: [eventExpression(model, { formula, kind, direction })],
  });
  const { dimension } = source.equations.layout;
  const trajectories = starts.length / dimension;
  const header: Header = {
    ...stateColumns(source),
    times: true,
    energies: true,
    derivatives: false,
    test: false,
    runs: trajectories > 1,
    provenance: provenanceOf(compiled, options, direction),
  };
  return {
    trajectories,
    header,
    run: async (take) => {
      const follower = new SectionRun({ compiled, integrator, params, options, header, trajectories });
      for (let run = 0; run < trajectories; run++) {
        const x0 = starts.subarray(run * dimension, (run + 1) * dimension);
        const points = await follower.follow(run, x0);
        if (points.rows > 0) await take(points);
      }
      options.progress?.(1);
      const { counts, steps, diverged } = follower;
      return { counts, steps, diverged };
    },
  };
}

function provenanceOf(compiled: Compiled, options: SectionOptions, direction: SectionOptions["direction"]): Provenance {
  const { formula, kind = "zero", rtol = Number.EPSILON, seed, sampling } = options;
  return {
    hnnc: version,
    formula: compiled.model.source.trim(),
    parameters: parametersTold(compiled, options),
    method: "taylor",
    rtol,
    bits: "portable",
    section: kind === "zero" ? formula : `d(${formula})/dt`,
    ...(kind !== "zero" && { extremum: kind }),
    ...(direction && { direction }),
    ...(seed !== undefined && { seed }),
    ...(sampling !== undefined && { sampling }),
  };
}

interface RunParts {
  readonly compiled: Compiled;
  readonly integrator: Taylor;
  readonly params: Float64Array;
  readonly options: SectionOptions;
  readonly header: Header;
  readonly trajectories: number;
}

/**
 * A Poincaré section: where trajectories pass through `formula = 0`, or where it is least or greatest (closest
 * approaches), found on the polynomials of the Taylor series to round-off.
 *
 * @returns a dataset with a row a point, in the order of trajectories and of time; trajectories without points have no run
 * @throws HnncError kind `formula` with the place in the section's text; kind `usage`
 * @example
 * const { states } = await poincareSection(compile(systems["henon-heiles"]), { formula: "x", t: 2000 });
 */
export async function poincareSection(
  compiled: Compiled,
  options: SectionOptions,
): Promise<Dataset & { readonly times: Float64Array; readonly report: SectionReport }> {
  const plan = planSection(compiled, options);
  const { coordinates, momenta, provenance } = plan.header;
  const none = new Float64Array();
  const empty = makeDataset({ coordinates, momenta, provenance, times: none, states: none, energies: none });
  const chunks: Dataset[] = [];
  const report = await plan.run((chunk) => void chunks.push(chunk));
  const [first, ...others] = chunks;
  const whole = first ? concatenate([first, ...others]) : empty;
  return { ...whole, times: whole.times!, report };
}

function parametersTold({ meta }: Compiled, { params = {} }: SectionOptions) {
  const defaults = Object.entries(meta.parameters).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  const given = Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]);
  return Object.fromEntries([...defaults, ...given]) as Readonly<Record<string, number | readonly number[]>>;
}

/** Steps between looks at the clock, and milliseconds without a look at signals. */
const [stepsAtOnce, pace] = [512, 25];

interface Crossed {
  readonly times: number[];
  /** [rows, 2n] */
  readonly states: number[];
}

/** Follows trajectory after trajectory. */
class SectionRun implements SectionReport {
  readonly counts: number[] = [];
  readonly diverged: Diverged[] = [];
  steps = 0;
  readonly #parts: RunParts;
  #told = performance.now();

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** The points of one trajectory. */
  async follow(run: number, x0: Float64Array): Promise<Dataset> {
    const { integrator, params, options, trajectories } = this.#parts;
    const { crossings = Number.POSITIVE_INFINITY, t } = options;
    const [start, end] = typeof t === "number" ? [0, t] : t;
    const found: Crossed = { times: [], states: [] };
    const wanted = { t: [start, end] as const, samples: [end], params, steps: () => stepsAtOnce };
    let reached = start;
    try {
      for (const { events, steps } of integrator.stream(x0, wanted)) {
        this.steps += steps;
        keep(found, events.slice(0, crossings - found.times.length));
        if (found.times.length >= crossings) break;
        reached = events.at(-1)?.t ?? reached;
        const part = Math.max((reached - start) / (end - start || 1), found.times.length / crossings);
        await this.#breathe((run + part) / trajectories);
      }
    } catch (error) {
      if (!(error instanceof Divergence)) throw error;
      const { times, states, steps } = error.samples;
      this.steps += steps;
      keep(found, (error.samples as typeof error.samples & Partial<TaylorSamples>).events ?? []);
      const state = states.slice(-x0.length);
      this.diverged.push({ trajectory: run, time: times.at(-1) ?? start, state, reason: error.message });
    }
    this.counts.push(found.times.length);
    return this.#points(run, found);
  }

  #points(run: number, { times, states }: Crossed): Dataset {
    const { compiled, params, header } = this.#parts;
    const width = compiled.meta.dimension;
    const all = Float64Array.from(states);
    const energies = Float64Array.from(times, (t, k) =>
      compiled.hamiltonian(all.subarray(k * width, (k + 1) * width), params, t),
    );
    const runs = times.length > 0 ? [{ id: run, start: 0, end: times.length }] : [];
    const { coordinates, momenta, provenance } = header;
    return makeDataset({
      coordinates,
      momenta,
      provenance,
      times: Float64Array.from(times),
      states: all,
      energies,
      runs,
    });
  }

  async #breathe(fraction: number): Promise<void> {
    const { signal, progress } = this.#parts.options;
    if (performance.now() - this.#told < pace) return;
    this.#told = performance.now();
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    progress?.(fraction);
  }
}

function keep({ times, states }: Crossed, events: TaylorSamples["events"]): void {
  for (const { t, state } of events) {
    times.push(t);
    for (const value of state) states.push(value);
  }
}

function usage(code: string, message: string, hint?: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
