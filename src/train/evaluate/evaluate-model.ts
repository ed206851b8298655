import type { Compiled } from "../../compile.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { LoadedEngine } from "../../engine/engine.ts";
import { openEngine } from "../../engine/engines.ts";
import type { TrainableModel } from "../../hnn/model.ts";
import { compiledField, type PlainField, plainField } from "../../hnn/plain-field.ts";
import { type Region, trainingRegion } from "../../hnn/region.ts";
import { evaluateLoss } from "../evaluate-loss.ts";
import { type LossName, losses } from "../losses.ts";
import { usualLoss } from "../train.ts";
import { cycleLength } from "./cycle.ts";
import { disagreementOf } from "./disagreement.ts";
import { type DriftRun, driftOf, energyScale, longPrediction, longRun } from "./drift.ts";
import { type EnergyFunction, energyError } from "./energy-error.ts";
import type { Evaluation } from "./evaluation.ts";
import { outsideOf } from "./region.ts";
import { fieldPredictor, type Predictor, type RollOut, sequencePredictor } from "./roll-out.ts";
import { rollOutError, stateScale, type TimeUnit } from "./roll-out-error.ts";
import { figure } from "./statistics.ts";
import { stepLength, type Trials, trialsOf } from "./trials.ts";

/** A model with the parameters that it was trained to. */
export interface TrainedModel {
  readonly model: TrainableModel;
  /** `[count]`. */
  readonly parameters: Float64Array;
}

/** What a model is held against. */
export interface EvaluateOptions {
  /** The true Hamiltonian: the trajectories that it gives and its H. */
  readonly truth?: Compiled | undefined;
  /** Measured trajectories instead of computed ones: each run is one, from its first row. */
  readonly measured?: Dataset | undefined;
  /** Where trajectories start, `[B·2n]` row-major. Default: the first row of each run of `measured`. */
  readonly starts?: ArrayLike<number> | undefined;
  /** Their time: from 0, or `[start, end]`. Default 20. */
  readonly t?: number | readonly [start: number, end: number] | undefined;
  /** How many samples of each, equally spaced, both ends counted; or their times. Default 100. */
  readonly samples?: number | ArrayLike<number> | undefined;
  /** The tolerance of DOP853, for the model and for the truth. Default 1e-12. */
  readonly rtol?: number | undefined;
  /** Energies to compare besides the true and the learned H: what publications took for it. */
  readonly energies?: readonly EnergyFunction[] | undefined;
  /** The relative error that ends a valid prediction. Default 0.1. */
  readonly threshold?: number | undefined;
  /** Valid times are given in it too; its length is the cycle of the long run. Default: cycles of the truth. */
  readonly unit?: TimeUnit | undefined;
  /** What the model was trained on: for losses, the region, and the step of sequences. */
  readonly dataset?: Dataset | undefined;
  /** Default: the one that training takes. */
  readonly loss?: LossName | undefined;
  /** Steps of the losses that have them. */
  readonly length?: number | undefined;
  /** Computes losses; it stays open. Default: one is opened, in f64. */
  readonly engine?: LoadedEngine | undefined;
  /** The long run from the first start, or none. Default: 200 cycles. */
  readonly drift?: DriftWish | false | undefined;
  /** Models that differ in their seeds alone, or in their data: each has its own normalisation. */
  readonly ensemble?: readonly TrainedModel[] | undefined;
}

/** How long the long run is to be. */
export interface DriftWish {
  /** In cycles of the truth. Default 200. */
  readonly cycles?: number | undefined;
  /** In units of t, instead. */
  readonly t?: number | undefined;
  readonly dt?: number | undefined;
}

/** Figures, and the trajectories that they were measured on. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly trajectories: { readonly model: readonly RollOut[]; readonly truth: readonly RollOut[] };
  readonly drift: DriftRun | undefined;
}

/**
 * Measures a trained model: losses, energies along its trajectories, how far these are from true or measured ones and
 * for how long they are good, the drift of its energy, and whether it is asked where it was not trained.
 *
 * @throws HnncError kind `usage` for starts that are no states; what opening an engine throws
 * @example
 * const { evaluation } = await evaluateModel(trained, { truth: compile(systems.pendulum), starts: [1, 0], t: 20 });
 * evaluation.energy[0].mean; // of (H(model) − H(truth))²
 */
export async function evaluateModel(trained: TrainedModel, options: EvaluateOptions): Promise<Evaluated> {
  const { model, parameters } = trained;
  const { dataset, truth, ensemble = [] } = options;
  const field = model.sequence ? undefined : plainField(model, parameters);
  const predictor = predictorOf(trained, field, options);
  const trials = trialsOf(model.dimension, options);
  const runs = trials.starts.map((start, k) => predictor.rollOut(start, trials.times[k]!));
  const region = dataset && trainingRegion(dataset);
  const energies = energyFunctions(truth, field, options.energies);
  const hasTruth = trials.truth.length > 0;
  const drift = await driftRun({ trials, runs, predictor, field, energy: energies[0], options });
  const fields = model.field ? [field!, ...ensemble.map((each) => plainField(each.model, each.parameters))] : [];
  const evaluation: Evaluation = {
    losses: dataset && (await lossesOf(trained, dataset, options)),
    rollOuts: summaryOf(runs, trials, predictor),
    energy: hasTruth ? energies.map((each) => energyError(each, runs, trials.truth)) : [],
    error: hasTruth
      ? rollOutError(runs, trials.truth, { threshold: options.threshold, unit: unitOf(trials, options) })
      : undefined,
    drift: drift?.drift,
    region: region && { ...region, ...outsideAll(region, runs) },
    disagreement: fields.length > 1 && runs.length > 0 ? disagreementOf(fields, joined(runs)) : undefined,
  };
  return { evaluation, trajectories: { model: runs, truth: trials.truth }, drift };
}

/**
 * Something that follows a trained model's trajectories.
 *
 * @param field of the model, where it has one
 */
export function predictorOf(
  { model, parameters }: TrainedModel,
  field: PlainField | undefined,
  { rtol, dataset, measured }: Pick<EvaluateOptions, "rtol" | "dataset" | "measured">,
): Predictor {
  if (field) return fieldPredictor(field, rtol);
  const dt = stepLength(dataset ?? measured);
  return sequencePredictor(model.sequence!, parameters, { dimension: model.dimension, dt });
}

function energyFunctions(
  truth: Compiled | undefined,
  field: PlainField | undefined,
  others: readonly EnergyFunction[] = [],
): EnergyFunction[] {
  const exact = truth && compiledField(truth).energy!;
  const learned = field?.energy;
  return [
    ...(exact ? [{ name: "H", value: exact }] : []),
    ...(learned ? [{ name: "learned H", value: learned }] : []),
    ...others,
  ];
}

/** A system's own unit, or cycles of the true trajectories. */
function unitOf({ truth }: Trials, { unit }: EvaluateOptions): TimeUnit | undefined {
  if (unit) return unit;
  const length = cycleLength(truth);
  return length === null ? undefined : { name: "cycles", length };
}

async function lossesOf(
  { model, parameters }: TrainedModel,
  dataset: Dataset,
  { loss: wanted, length, engine }: EvaluateOptions,
): Promise<Evaluation["losses"]> {
  const name = wanted ?? usualLoss(model, dataset);
  const loss = losses[name];
  const opened = engine ?? (await openEngine({ precision: "f64" }));
  const precision = opened.precisions.includes("f64") ? "f64" : "f32";
  try {
    const of = async (part: "train" | "test") => {
      const samples = loss.samples(dataset, part, { length });
      return samples.count === 0
        ? null
        : figure(await evaluateLoss(opened, { model, loss, samples }, { parameters, precision }));
    };
    return { loss: name, train: await of("train"), test: await of("test") };
  } finally {
    if (!engine) await opened.close();
  }
}

function summaryOf(runs: readonly RollOut[], { times }: Trials, { method }: Predictor): Evaluation["rollOuts"] {
  const [first] = times;
  if (!first) return undefined;
  return {
    starts: runs.length,
    samples: Math.max(...times.map(({ length }) => length)),
    t: [first[0]!, Math.max(...times.map((each) => each.at(-1)!))],
    method,
    diverged: runs.flatMap(({ ended }, start) => (ended ? [{ start, ...ended }] : [])),
  };
}

interface DriftParts {
  readonly trials: Trials;
  readonly runs: readonly RollOut[];
  readonly predictor: Predictor;
  readonly field: PlainField | undefined;
  /** The true H, where there is one, else the learned. */
  readonly energy: EnergyFunction | undefined;
  readonly options: EvaluateOptions;
}

/** Where H depends on time, or the motion loses energy by right, there is nothing that would have to stay. */
async function driftRun({
  trials,
  runs,
  predictor,
  field,
  energy,
  options,
}: DriftParts): Promise<DriftRun | undefined> {
  const { truth, unit, drift: wish = {} } = options;
  const [start] = trials.starts;
  if (wish === false || !start || !energy) return undefined;
  const meta = (truth ?? field?.compiled)?.meta;
  if (meta && (!meta.conservative || meta.timeDependent)) return undefined;
  const known = trials.truth.length > 0 ? trials.truth : runs;
  const cycle = unit?.length ?? cycleLength(known.slice(0, 1)) ?? cycleLength(known);
  const horizon = trials.times[0]!.at(-1)! - trials.times[0]![0]!;
  const t = wish.t ?? (cycle === null ? Math.min(100 * horizon, 1e4) : (wish.cycles ?? 200) * cycle);
  const settings = { cycle, t, dt: wish.dt, scale: energyScale(known, stateScale(known)) };
  const long = field ? await longRun(field, start, settings) : longPrediction(predictor, start, settings);
  return driftOf(long, energy, settings);
}

function outsideAll(region: Region, runs: readonly RollOut[]) {
  const all = runs.map((run) => outsideOf(region, run));
  const first = all
    .filter(({ firstTime }) => firstTime !== null)
    .reduce((a, b) => (a.firstTime !== null && a.firstTime <= b.firstTime! ? a : b), {
      firstTime: null,
      entry: null,
    } as {
      firstTime: number | null;
      entry: string | null;
    });
  const rows = runs.reduce((sum, { times }) => sum + times.length, 0);
  const outside = all.reduce((sum, { fraction }, k) => sum + fraction * runs[k]!.times.length, 0);
  return { fraction: rows === 0 ? 0 : outside / rows, firstTime: first.firstTime, entry: first.entry };
}

function joined(runs: readonly RollOut[]): Float64Array {
  return Float64Array.from(runs.flatMap(({ states }) => [...states]));
}
