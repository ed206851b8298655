import { type Dataset, type Run, stateAt, stateLength } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { hermite, ratesFit } from "./hermite.ts";
import { ratesOf } from "./rates.ts";
import { simulationOf } from "./resimulate.ts";
import { sectionFunction } from "./section-formula.ts";
import type { Subject } from "./subject.ts";
import { requireTimes } from "./time.ts";

export interface SectionWish {
  /** Where it is 0. */
  readonly formula: string;
  readonly direction: "up" | "down" | "both";
}

/** Where trajectories pass through a section. */
export interface Section {
  /** [k, 2n], run after run. */
  readonly states: Float64Array;
  /** Of each point, its place among the dataset's runs, [k]. */
  readonly runs: readonly number[];
  /** How the points were found, for a person. */
  readonly how: string;
}

/**
 * The points of a section: of the motion integrated again from the first row of each run, where the data were simulated,
 * so that they are exact; else between the samples.
 *
 * @throws HnncError kind `formula` for the section's formula; `no-times` (data)
 */
export async function sectionOf(subject: Subject, wish: SectionWish): Promise<Section> {
  requireTimes(subject, "poincare");
  // Also a formula that is only handed on is to be refused here, where its text is known.
  const value = sectionFunction(subject, wish.formula);
  const { provenance } = subject.dataset;
  const simulated =
    provenance.formula !== undefined && provenance.noise === undefined && provenance.method !== undefined;
  if (simulated && subject.model) {
    try {
      return await integratedAgain(subject, wish);
    } catch (error) {
      // A formula too large for series, or one they have no rule for: the samples are still there.
      if (!(error instanceof HnncError) || (error.kind !== "limit" && error.kind !== "usage")) throw error;
    }
  }
  return betweenSamples(subject, wish, value);
}

async function integratedAgain(subject: Subject, { formula, direction }: SectionWish): Promise<Section> {
  const { dataset } = subject;
  const states: number[] = [];
  const runs: number[] = [];
  for (const { from, to, members } of sameSpans(dataset)) {
    const x0 = Float64Array.from(members.flatMap((k) => [...stateAt(dataset, dataset.runs[k]!.start)]));
    const report = await simulationOf(subject.model!, { x0, t: [from, to], events: [{ formula, direction }] });
    for (const { run, state } of report.events) {
      states.push(...state);
      runs.push(members[run]!);
    }
  }
  const how = `integrated again from the first row of ${dataset.runs.length === 1 ? "the run" : `${dataset.runs.length} runs`}, crossings to round-off`;
  return { states: Float64Array.from(states), runs, how };
}

/** Runs over the same time are integrated together. */
function sameSpans({ runs, times }: Dataset) {
  const spans = new Map<string, { from: number; to: number; members: number[] }>();
  for (const [k, { start, end }] of runs.entries()) {
    const [from, to] = [times![start]!, times![end - 1]!];
    if (from === to) continue;
    const key = `${from} ${to}`;
    const span = spans.get(key);
    if (span) span.members.push(k);
    else spans.set(key, { from, to, members: [k] });
  }
  return spans.values();
}

function betweenSamples(
  subject: Subject,
  wish: SectionWish,
  value: (state: Float64Array, t: number) => number,
): Section {
  const { dataset } = subject;
  const rates = ratesOf(subject);
  const states: number[] = [];
  const runs: number[] = [];
  for (const [k, run] of dataset.runs.entries()) {
    for (const state of crossings(dataset, run, rates, wish.direction, value)) {
      states.push(...state);
      runs.push(k);
    }
  }
  const how = rates
    ? "interpolated between samples by cubics along the field"
    : "interpolated between samples by straight lines";
  return { states: Float64Array.from(states), runs, how };
}

function* crossings(
  dataset: Dataset,
  { start, end }: Run,
  rates: Float64Array | undefined,
  direction: SectionWish["direction"],
  value: (state: Float64Array, t: number) => number,
): Generator<Float64Array> {
  const times = dataset.times!;
  let before = value(stateAt(dataset, start), times[start]!);
  for (let row = start; row + 1 < end; row++) {
    const after = value(stateAt(dataset, row + 1), times[row + 1]!);
    const up = before < 0 && after >= 0;
    const down = before > 0 && after <= 0;
    if ((up && direction !== "down") || (down && direction !== "up")) {
      const between = stateBetween(dataset, row, rates);
      const h = times[row + 1]! - times[row]!;
      yield between(root((s) => value(between(s), times[row]! + s * h), before, after));
    }
    before = after;
  }
}

/** The state at a part of the way from a row to the next. */
function stateBetween(dataset: Dataset, row: number, rates: Float64Array | undefined): (s: number) => Float64Array {
  const width = stateLength(dataset);
  const [from, to] = [stateAt(dataset, row), stateAt(dataset, row + 1)];
  const h = dataset.times![row + 1]! - dataset.times![row]!;
  const at = (k: number) => rates!.subarray((row + k) * width, (row + k + 1) * width);
  return (s) =>
    from.map((value, k) => {
      const straight = value + s * (to[k]! - value);
      if (!rates || !ratesFit(h, value, at(0)[k]!, to[k]!, at(1)[k]!)) return straight;
      return hermite(s, h, value, at(0)[k]!, to[k]!, at(1)[k]!);
    });
}

/** A zero in [0, 1] of a function whose values at the ends differ in sign, by the false position with halved weights (Illinois). */
function root(value: (s: number) => number, atStart: number, atEnd: number): number {
  let [a, b, fa, fb] = [0, 1, atStart, atEnd];
  for (let round = 0; round < 60 && Math.abs(b - a) > 1e-14; round++) {
    const s = (a * fb - b * fa) / (fb - fa);
    const f = value(s);
    if (f === 0) return s;
    if (f * fb < 0) [a, fa] = [b, fb];
    else fa /= 2;
    [b, fb] = [s, f];
  }
  return b;
}
