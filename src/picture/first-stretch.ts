import { stateAt, stateNames } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { planSimulation } from "../simulate.ts";
import { shortNumber } from "./number-label.ts";
import type { LegendEntry, LineMark } from "./panel.ts";
import { extent } from "./range.ts";
import type { Subject } from "./subject.ts";

/** A path that leads the eye where samples are too far apart to be joined. */
export interface Stretch {
  readonly marks: readonly LineMark[];
  readonly legend: readonly LegendEntry[];
}

const none: Stretch = { marks: [], legend: [] };
const color = "#9a9a9a";
/** How often the path may run through the picture: some revolutions of an orbit. */
const crossings = 16;
const samples = 3001;

/**
 * The motion from the first sample on, for about as long as it takes to be read: integrated again, where there is a model
 * and one trajectory.
 */
export async function firstStretch(
  subject: Subject,
  planes: readonly (readonly [x: string, y: string])[],
): Promise<Stretch> {
  const { dataset, model } = subject;
  const { times } = dataset;
  if (!model || !times || dataset.runs.length > 1 || dataset.provenance.method === undefined) return none;
  const names = stateNames(dataset);
  const places = planes.map(([x, y]) => [names.indexOf(x), names.indexOf(y)] as const);
  if (places.flat().some((place) => place < 0)) return none;
  const start = times[0]!;
  const whole = times.at(-1)! - start;
  const span = crossings * Math.min(...places.flat().map((place) => crossingTime(subject, place)));
  if (!(span > 0 && span < Math.abs(whole))) return none;
  const path: number[] = [];
  try {
    const options = { x0: stateAt(dataset, 0), t: [start, start + Math.sign(whole) * span] as const, samples };
    await planSimulation(model, options).run((chunk) => {
      for (const value of chunk.states) path.push(value);
    });
  } catch (error) {
    if (error instanceof HnncError) return none;
    throw error;
  }
  const along = (place: number) =>
    Float64Array.from({ length: path.length / names.length }, (_, row) => path[row * names.length + place]!);
  const marks = places.map(([x, y]): LineMark => ({ kind: "line", xs: along(x), ys: along(y), color, width: 0.8 }));
  const label = [
    { text: "first " },
    { text: shortNumber(span, 2) },
    { text: subject.unit("t") === undefined ? " time units" : ` ${subject.unit("t")}` },
  ];
  return { marks, legend: [{ label, color, shape: "line" }] };
}

/** The time in which a column passes through its range once, at its usual speed. */
function crossingTime({ dataset, model, column }: Subject, place: number): number {
  const name = stateNames(dataset)[place]!;
  const [low, high] = extent(column(name)) ?? [0, 0];
  const step = Math.max(1, Math.floor(dataset.rows / 100));
  const speeds: number[] = [];
  for (let row = 0; row < dataset.rows; row += step) {
    const rate = model!.field(stateAt(dataset, row), undefined, undefined, dataset.times![row]!)[place]!;
    if (Number.isFinite(rate)) speeds.push(Math.abs(rate));
  }
  const mean = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  return (high - low) / mean;
}
