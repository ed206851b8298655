import { sourceOf } from "../src/codegen/source.ts";
import type { Source } from "../src/codegen/target.ts";
import { taylor } from "../src/codegen/taylor/taylor.ts";
import { ensemble } from "../src/ensemble/ensemble.ts";
import type { EnsembleOptions, EnsembleResult } from "../src/ensemble/options.ts";
import type { Integrator } from "../src/integrate/integrator.ts";
import { integrators } from "../src/integrate/integrators.ts";
import { parseModel } from "../src/parser/parse.ts";
import type { Benchmark, Line, Peer, Point, Row } from "./benchmark.ts";
import { repeat, type Sample } from "./measure.ts";
import { type PrecisionMotion, type PrecisionMotionName, precisionMotions } from "./precision-motions.ts";

/**
 * Error against evaluations and time, for all methods on three motions: the whole call from state to state, one
 * trajectory, one thread, strict bits, compensated sums as is the default. The truth is our Taylor series at a
 * tolerance of 1e-17, where the motion does not say it itself. Then the fastest way to an error, against other tools'.
 */
export const workPrecision: Benchmark = {
  title: "Work and precision of all methods, one trajectory",
  async run(tools) {
    const peer = await tools.peer("precision");
    const [points, rows]: [Point[], Line[]] = [[], []];
    for (const name of Object.keys(precisionMotions) as PrecisionMotionName[]) {
      const motion: PrecisionMotion = precisionMotions[name];
      const truth = truthOf(motion);
      const ours = await ourTrials(motion, truth);
      const theirs = peer ? await theirTrials(peer, name, motion, truth) : [];
      const all = [...ours, ...theirs];
      const times = await tools.compare(all.map(({ sample }) => sample));
      const measured = all.map(({ point }, k): Point => ({ ...point, time: times[k]! }));
      points.push(...measured);
      rows.push(...fastest(motion, measured.slice(0, ours.length), measured.slice(ours.length)));
    }
    return [...points, ...rows];
  },
};

interface Trial {
  readonly point: Omit<Point, "time">;
  readonly sample: Sample;
}

const sourceIn = ({ model }: PrecisionMotion): Source => sourceOf(parseModel(model));

function truthOf(motion: PrecisionMotion): ArrayLike<number> {
  if (motion.known) return motion.known;
  const integrator = taylor(sourceIn(motion), { tolerance: 1e-17 });
  return lastOf(motion, integrator.run(motion.x0, { t: motion.end, samples: [motion.end] }).states);
}

/** The last row: the start stands before the samples. */
const lastOf = ({ x0 }: PrecisionMotion, states: Float64Array): Float64Array => states.subarray(-x0.length);

/** The largest error of a coordinate relative to the largest coordinate. */
function errorOf(state: ArrayLike<number>, truth: ArrayLike<number>): number {
  let [error, size] = [0, 0];
  for (let i = 0; i < truth.length / 2; i++) {
    error = Math.max(error, Math.abs(state[i]! - truth[i]!));
    size = Math.max(size, Math.abs(truth[i]!));
  }
  return error / size;
}

async function ourTrials(motion: PrecisionMotion, truth: ArrayLike<number>): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const method of Object.values(integrators) as Integrator[]) {
    for (const setting of settingsOf(method, motion)) {
      const trial = await fixedOrAdaptive(motion, truth, method, setting);
      if (trial) trials.push(trial);
    }
  }
  for (const tolerance of [1e-5, 1e-9, 1e-13, Number.EPSILON]) trials.push(series(motion, truth, tolerance));
  return trials;
}

type Setting = Pick<EnsembleOptions, "dt" | "rtol">;

function settingsOf({ scheme }: Integrator, { end, budgets }: PrecisionMotion): Setting[] {
  if (scheme.kind === "embedded") return [1e-4, 1e-7, 1e-10, 1e-13].map((rtol) => ({ rtol }));
  return budgets.map((budget) => ({ dt: (end * evaluationsOf(scheme)) / budget }));
}

/** Evaluations of the force in a step; an implicit one takes about seven rounds. */
function evaluationsOf(scheme: Exclude<Integrator["scheme"], { kind: "embedded" }>): number {
  switch (scheme.kind) {
    case "splitting":
      return scheme.kick.length;
    case "runge-kutta":
      return scheme.b.length;
    case "gauss":
      return 7 * scheme.b.length;
    case "extended":
      return 4 * scheme.weights.length;
  }
}

/** Undefined where the run fails: the step is too large for it. */
async function fixedOrAdaptive(
  motion: PrecisionMotion,
  truth: ArrayLike<number>,
  method: Integrator,
  setting: Setting,
): Promise<Trial | undefined> {
  const made = ensemble(sourceIn(motion), { method, t: motion.end, samples: 2, workers: 1, ...setting });
  const result = await made.run(motion.x0);
  const error = errorOf(lastOf(motion, result.states), truth);
  if (result.diverged.length > 0 || !(error < 1)) return undefined;
  const size = setting.dt === undefined ? `rtol ${setting.rtol}` : `dt ${result.dt?.toPrecision(3)}`;
  const point = { work: motion.title, method: method.name, setting: size, error, evaluations: forces(method, result) };
  const sample: Sample = async (repetitions) => {
    const begun = performance.now();
    for (let k = 0; k < repetitions; k++) await made.run(motion.x0);
    return (performance.now() - begun) * 1e6;
  };
  return { point, sample };
}

/** Evaluations of the force: a splitting method counts its halves, which are cheap where momenta are concerned. */
function forces({ scheme }: Integrator, { steps, evaluations }: EnsembleResult): number {
  return scheme.kind === "splitting" ? steps * scheme.kick.length : evaluations;
}

function series(motion: PrecisionMotion, truth: ArrayLike<number>, tolerance: number): Trial {
  const integrator = taylor(sourceIn(motion), { tolerance });
  const run = () => integrator.run(motion.x0, { t: motion.end, samples: [motion.end] });
  const { states, steps } = run();
  const point = { work: motion.title, method: "taylor", setting: `tol ${Number(tolerance.toPrecision(2))}` };
  return {
    point: { ...point, error: errorOf(lastOf(motion, states), truth), evaluations: steps },
    sample: repeat(run),
  };
}

const tools = { scipy: "SciPy DOP853", diffrax: "diffrax Dopri8", heyoka: "heyoka" } as const;

async function theirTrials(
  peer: Peer,
  name: PrecisionMotionName,
  { title, x0 }: PrecisionMotion,
  truth: ArrayLike<number>,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const tool of Object.keys(tools) as (keyof typeof tools)[]) {
    const tolerances = tool === "heyoka" ? [1e-5, 1e-9, 1e-13, Number.EPSILON] : [1e-4, 1e-7, 1e-10, 1e-13];
    for (const tolerance of tolerances) {
      const task = `${tool}:${name}:${tolerance}`;
      const state: number[] = [];
      for (let i = 0; i < x0.length; i++) state.push(await peer.time(`entry-${i}:${task}`, 1));
      const evaluations = await peer.time(`evaluations:${task}`, 1);
      const setting = `${tool === "heyoka" ? "tol" : "rtol"} ${Number(tolerance.toPrecision(2))}`;
      const point = { work: title, method: tools[tool], setting, error: errorOf(state, truth), evaluations };
      trials.push({ point, sample: (repetitions) => peer.time(task, repetitions) });
    }
  }
  return trials;
}

/** Our fastest run with at most an error, against each other tool's. */
function fastest({ title, wanted }: PrecisionMotion, ours: readonly Point[], theirs: readonly Point[]): Row[] {
  const best = (points: readonly Point[], error: number) =>
    points.filter((point) => point.error <= error).sort((a, b) => a.time - b.time)[0];
  return wanted.flatMap((error) => {
    const our = best(ours, error);
    if (!our) return [];
    const work = `${title}, to ${error}: ${our.method}, ${our.setting}`;
    return Object.values(tools).flatMap((tool): Row[] => {
      const their = best(
        theirs.filter(({ method }) => method === tool),
        error,
      );
      return their ? [{ work, ours: our.time, against: `${tool}, ${their.setting}`, theirs: their.time }] : [];
    });
  });
}
