import type { Compiled } from "../compile.ts";
import { column, columnNames, type Dataset, type Run, stateAt, stateNames } from "../data/dataset.ts";
import { selectRows } from "../data/select.ts";
import { HnncError } from "../errors.ts";
import { layoutOf } from "../mechanics/layout.ts";
import { type Label, nameLabel } from "./label.ts";
import { modelOf, requireSameState } from "./model-of.ts";
import type { Axis } from "./panel.ts";
import { padded } from "./range.ts";

/** What is drawn: data, and the model behind them where it is known. */
export interface Subject {
  readonly dataset: Dataset;
  /** [rows] of `t`, `H`, a coordinate, a momentum, or a derivative such as `dq/dt`. */
  column(name: string): Float64Array;
  /** Compiled when it is first asked for. */
  readonly model: Compiled | undefined;
  /** Why there is no model. */
  readonly modelMissing: string;
  unit(name: string): string | undefined;
  /** Whether a coordinate is an angle in radians: the motion is the same a turn later. */
  isAngle(name: string): boolean;
}

/**
 * @param runs the runs to draw, by number; default all
 * @throws HnncError `empty` (data) where there are no rows; `unknown-run`, `other-model` (usage)
 */
export function subjectOf(
  whole: Dataset,
  options: { readonly model?: Compiled | undefined; readonly runs?: readonly number[] | undefined },
): Subject {
  const dataset = options.runs ? chosenRuns(whole, options.runs) : whole;
  if (dataset.rows === 0) {
    throw new HnncError({ kind: "data", code: "empty", message: "the dataset has no rows: there is nothing to draw" });
  }
  if (options.model) requireSameState(options.model, dataset);
  const columns = new Map<string, Float64Array>();
  const angles = new Map<string, boolean>();
  let rebuilt = options.model && ({ kind: "model", model: options.model } as const);
  let missing = "";
  const modelNow = () => {
    if (!rebuilt && missing === "") {
      const found = modelOf(dataset);
      if (found.kind === "model") rebuilt = found;
      else missing = found.reason;
    }
    return rebuilt?.model;
  };
  return {
    dataset,
    column: (name) => remembered(columns, name, () => columnOrEnergy(dataset, name, modelNow)),
    get model() {
      return modelNow();
    },
    get modelMissing() {
      modelNow();
      return missing;
    },
    unit: (name) => unitOf(name, dataset, modelNow()),
    isAngle: (name) => remembered(angles, name, () => isAngle(name, dataset, modelNow())),
  };
}

function remembered<T>(known: Map<string, T>, name: string, make: () => T): T {
  if (!known.has(name)) known.set(name, make());
  return known.get(name)!;
}

function chosenRuns(dataset: Dataset, ids: readonly number[]): Dataset {
  const runs = ids.map((id): Run => {
    const run = dataset.runs.find((each) => each.id === id);
    if (run) return run;
    const known = dataset.runs.map((each) => each.id);
    throw new HnncError({
      kind: "usage",
      code: "unknown-run",
      message: `there is no run ${id}`,
      notes: [`runs: ${known.slice(0, 20).join(" ")}${known.length > 20 ? ` … ${known.at(-1)}` : ""}`],
    });
  });
  return selectRows(
    dataset,
    runs.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, k) => start + k)),
  );
}

function columnOrEnergy(dataset: Dataset, name: string, model: () => Compiled | undefined): Float64Array {
  if (name === "H" && !dataset.energies) {
    const compiled = model();
    if (compiled) return energiesOf(dataset, compiled);
  }
  return column(dataset, name);
}

function energiesOf(dataset: Dataset, { hamiltonian }: Compiled): Float64Array {
  return Float64Array.from({ length: dataset.rows }, (_, row) =>
    hamiltonian(stateAt(dataset, row), undefined, dataset.times?.[row] ?? 0),
  );
}

function unitOf(name: string, dataset: Dataset, compiled: Compiled | undefined): string | undefined {
  if (!compiled) return undefined;
  const { model } = compiled;
  if (name === "t" || name === "H") return model.inUnits ? (name === "t" ? "s" : "J") : undefined;
  const index = stateNames(dataset).indexOf(name);
  const slot = [...layoutOf(model).state.values()].find(({ offset, size }) => index >= offset && index < offset + size);
  return [...model.coordinates, ...model.momenta].find((variable) => variable.name === slot?.name)?.unit;
}

const angleNames = /^(theta|vartheta|phi|varphi|psi|chi|θ|φ|ϕ|ψ|angle)\d*(_\w+)?(\[|$)/;

/** By the field, which is the same a turn later, also where H itself is not, as with a torque. */
function isAngle(name: string, dataset: Dataset, compiled: Compiled | undefined): boolean {
  const index = dataset.coordinates.indexOf(name);
  if (index < 0 || !compiled) return false;
  const probes = [0, 1, 2, 3, 4].map((k) => Math.floor((k * (dataset.rows - 1)) / 4));
  let moves = false;
  for (const row of probes) {
    const shifted = (by: number) => {
      const state = stateAt(dataset, row).slice();
      state[index] = state[index]! + by;
      return compiled.field(state, undefined, undefined, dataset.times?.[row] ?? 0);
    };
    const here = shifted(0);
    const apart = (other: Float64Array) => Math.max(...here.map((value, k) => Math.abs(value - other[k]!)));
    const scale = Math.max(...[here, shifted(1), shifted(2)].flatMap((field) => [...field].map(Math.abs)));
    // A large angle itself is rounded: what is left of it is no more exact.
    const rounding = 1e-9 + Number.EPSILON * 10 * Math.abs(stateAt(dataset, row)[index]!);
    if (!(apart(shifted(2 * Math.PI)) <= rounding * scale)) return false;
    moves ||= apart(shifted(1)) > 1e-6 * scale;
  }
  return moves || angleNames.test(name) || unitOf(name, dataset, compiled) === "rad";
}

/** An axis over a column whose values lie in `range`. */
export function axisOf(subject: Subject, name: string, range: readonly [number, number], part = 0.05): Axis {
  return {
    label: nameLabel(name),
    unit: subject.unit(name),
    kind: "linear",
    ...padded(range, part),
    angle: subject.isAngle(name),
  };
}

/**
 * The finite range of columns of a dataset.
 *
 * @throws HnncError `not-finite` (data)
 */
export function requireRange(range: [number, number] | undefined, names: readonly string[]): [number, number] {
  if (range) return range;
  throw new HnncError({
    kind: "data",
    code: "not-finite",
    message: `${names.map((name) => `\`${name}\``).join(", ")} ${names.length === 1 ? "has" : "have"} no finite value: there is nothing to draw`,
  });
}

/** The label of a legend's entry for a run. */
export function runLabel({ id }: Run): Label {
  return [{ text: `run ${id}` }];
}

/** @throws HnncError `unknown-column` (usage), naming the columns there are */
export function requireColumn(subject: Subject, name: string): void {
  const known = [...columnNames(subject.dataset), ...(subject.model ? ["H"] : [])];
  if (!known.includes(name)) column(subject.dataset, name);
}
