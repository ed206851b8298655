import { HnncError } from "../../errors.ts";
import type { Expr } from "../../expr/expr.ts";
import { describeState } from "../../integrate/describe-state.ts";
import { checkSamples } from "../../integrate/run-check.ts";
import { sampleTimes } from "../../integrate/sample-plan.ts";
import { taylor as method } from "../../integrate/taylor.ts";
import type { Write } from "../../mechanics/equations.ts";
import { parameterDefaults, requireBound } from "../../mechanics/layout.ts";
import { withParameters } from "../../mechanics/parameters.ts";
import type { ParameterValues, State } from "../load.ts";
import type { Program } from "../program.ts";
import { schedule } from "../schedule.ts";
import type { Source } from "../target.ts";
import { LateRoutines } from "../wasm/late.ts";
import { crossings, type Direction } from "./events.ts";
import { plainTaylor } from "./js.ts";
import { layOut, type TaylorLayout } from "./layout.ts";
import { type FixedValues, fixedValues, memoryOf, type TaylorMemory, writeFixed, writeTables } from "./memory.ts";
import { requireSeries } from "./networks.ts";
import { seriesProgram } from "./program.ts";
import { type Plan, TaylorRun, type TaylorSamples } from "./run.ts";
import type { SeriesProgram } from "./series.ts";
import { plainStepper, type TaylorStepper, wasmStepper } from "./step.ts";
import { clock, emitTaylor, latePlace } from "./wasm.ts";

/** Something to be noticed along the motion: a formula that passes through 0. */
export interface TaylorEvent {
  /** A formula of coordinates, momenta, parameters and t. */
  readonly value: Expr;
  /** Default `both`. */
  readonly direction?: Direction | undefined;
  /** Whether it ends the run. Default false. */
  readonly terminal?: boolean | undefined;
}

export interface TaylorOptions {
  /**
   * The error of each step relative to the largest entry of the state, or absolute where that is below 1; it sets the
   * order. Default 2^−52: order 20.
   */
  readonly tolerance?: number | undefined;
  readonly events?: readonly TaylorEvent[] | undefined;
  /** `wasm` by default; `js` runs the same recurrences in plain JavaScript, some fifty times slower. */
  readonly engine?: "wasm" | "js" | undefined;
  /** Fused multiply-add: faster, but its bits differ between machines. Default false. */
  readonly fma?: boolean | undefined;
}

export interface TaylorRunOptions {
  /** The end of a run that starts at 0, or `[start, end]`. An end before the start runs backwards. */
  readonly t: number | readonly [start: number, end: number];
  /** How many equally spaced samples, both ends counted; or their times, in the order of the run. Default: each step. */
  readonly samples?: number | ArrayLike<number> | undefined;
  /** Values that differ from the model's. */
  readonly params?: ParameterValues | undefined;
  /** A run that takes more is given up. Default 1e9. */
  readonly maxSteps?: number | undefined;
}

/** Where a run is cut into pieces. */
export interface TaylorPieces {
  /** A piece ends when it has this many samples. Default 4096. */
  readonly rows?: number | undefined;
  /** A piece ends after so many steps; asked before each piece. Default: not at all. */
  readonly steps?: (() => number) | undefined;
}

/** A compiled integrator. One run at a time: they share its memory. */
export interface Taylor {
  /** P: the highest power of time in a step's polynomials. */
  readonly order: number;
  /** Size of the WebAssembly module in bytes; 0 for the plain engine. */
  readonly size: number;
  /**
   * One trajectory.
   *
   * @param x0 `[q1 … qn, p1 … pn]`
   * @throws HnncError kind `usage`; kind `diverged`, then a `Divergence` that holds the samples until the last good state
   */
  run(x0: State, options: TaylorRunOptions): TaylorSamples;
  /** The same in pieces, for runs too long to be kept; a piece that ends by its steps may hold no sample. */
  stream(x0: State, options: TaylorRunOptions & TaylorPieces): Generator<TaylorSamples>;
  /** Several trajectories from B starts, row-major [B, 2n]; each has its own steps. */
  batch(starts: State, options: TaylorRunOptions): TaylorSamples[];
}

/**
 * Compiles Hamilton's equations into an adaptive Taylor-series integrator of high order (Jorba, Zou 2005,
 * doi:10.1080/10586458.2005.10128904). Errors stay at round-off over long runs: the state is summed with compensation.
 *
 * Operations with a kink (abs, min, max, select, comparisons) are followed branch by branch: a step ends where the
 * branch changes.
 *
 * @throws HnncError kind `formula` where a function has no body, `limit` where sums are too long for the memory
 * @example
 * const integrator = taylor(sourceOf(parseModel("p^2/2 - cos(q)")));
 * integrator.run([1, 0], { t: 100, samples: [100] }).states; // the state at t = 100
 */
export function taylor(source: Source, options: TaylorOptions = {}): Taylor {
  const { tolerance = Number.EPSILON, events = [], engine = "wasm", fma = false } = options;
  if (!(tolerance >= 1e-17 && tolerance <= 0.1)) {
    throw usage("bad-tolerance", `tolerance = ${tolerance} is none`, "give a number between 1e-17 and 0.1");
  }
  requireSeries(source.model);
  const { layout: sizes } = source.equations;
  const program = seriesProgram(programOf(source, events), sizes.dimension);
  const layout = layOut(program, method.order(tolerance), sizes);
  const machine = engine === "wasm" ? wasmMachine(program, layout, fma) : plainMachine(program, layout);
  writeTables(layout, machine.memory);
  return integratorOf(source, program, machine, events);
}

/** The program of the field, and behind it the values of events. */
function programOf(source: Source, events: readonly TaylorEvent[]): Program {
  if (events.length === 0) return source.program("field");
  requireBound(source.model);
  const { layout, field } = source.equations;
  const values = events.map(({ value }, k): Write => ({ kind: "store", slot: layout.dimension + k, value }));
  return schedule(layout, [...field, ...values], layout.dimension + events.length);
}

interface Machine {
  readonly layout: TaylorLayout;
  readonly memory: TaylorMemory;
  readonly stepper: TaylorStepper;
  readonly size: number;
  setFixed(values: FixedValues): void;
}

function wasmMachine(program: SeriesProgram, layout: TaylorLayout, fma: boolean): Machine {
  const late = new LateRoutines({ place: latePlace(layout), fma });
  const bytes = emitTaylor(program, layout, { fma, late });
  const imports = { env: { late: late.run(() => memory.numbers.buffer) } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  const memory = memoryOf((exports.memory as WebAssembly.Memory).buffer);
  const stepper = wasmStepper(exports, memory.numbers);
  const setFixed = (values: FixedValues): void => writeFixed(layout, values, memory);
  return { layout, memory, stepper, size: bytes.length, setFixed };
}

function plainMachine(program: SeriesProgram, layout: TaylorLayout): Machine {
  const memory = memoryOf(new ArrayBuffer(8 * Math.ceil(layout.bytes / 8)));
  let values: FixedValues = new Map();
  const stepper = plainStepper(
    plainTaylor(program, layout, () => values, memory.numbers),
    layout,
  );
  const setFixed = (next: FixedValues): void => {
    values = next;
  };
  return { layout, memory, stepper, size: 0, setFixed };
}

function integratorOf(
  source: Source,
  program: SeriesProgram,
  machine: Machine,
  events: readonly TaylorEvent[],
): Taylor {
  const { layout, memory, stepper } = machine;
  const { numbers } = memory;
  const directions = events.map(({ direction }) => direction ?? "both");
  let inUse: Float64Array | undefined;
  /** The parameters in memory are the model's own. */
  let usual = false;

  const begin = (x0: State, options: TaylorRunOptions): TaylorRun => {
    const plan = checkedPlan(x0, layout.dimension, options, events);
    if (!usual || options.params !== undefined) {
      const parameters = parameterVector(source, options.params);
      if (!inUse || parameters.some((value, k) => value !== inUse![k])) {
        numbers.set(parameters, layout.parameters / 8);
        machine.setFixed(fixedValues(program, layout, parameters));
        inUse = parameters;
      }
      usual = options.params === undefined;
    }
    for (let i = 0; i < layout.dimension; i++) {
      numbers[layout.state / 8 + i] = x0[i]!;
      numbers[layout.carry / 8 + i] = 0;
    }
    numbers[clock.t / 8] = plan.start;
    numbers[clock.carry / 8] = 0;
    const watches = program.watches.length > 0;
    return new TaylorRun(layout, stepper, watches ? crossings(program, layout, numbers, directions) : undefined, plan);
  };
  const run: Taylor["run"] = (x0, options) =>
    begin(x0, options).take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return {
    order: layout.order,
    size: machine.size,
    run,
    *stream(x0, { rows = 4096, steps = () => Number.POSITIVE_INFINITY, ...options }) {
      const started = begin(x0, options);
      do yield started.take(rows, steps());
      while (!started.finished);
    },
    batch: (starts, options) => rowsOf(starts, layout.dimension).map((x0) => run(x0, options)),
  };
}

/** The states of a batch. */
function rowsOf(starts: State, dimension: number): State[] {
  const count = starts.length / dimension;
  if (!Number.isInteger(count)) {
    throw usage("bad-start", `${starts.length} numbers are no whole number of states of ${dimension}`);
  }
  const all = Float64Array.from(starts);
  return Array.from({ length: count }, (_, k) => all.subarray(k * dimension, (k + 1) * dimension));
}

function parameterVector(source: Source, params: ParameterValues | undefined): Float64Array {
  const { parameters, parameterCount } = source.equations.layout;
  const byName = params === undefined || params instanceof Float64Array ? {} : params;
  const vector =
    params instanceof Float64Array ? params.slice() : parameterDefaults(withParameters(source.model, byName));
  if (vector.length !== parameterCount) {
    throw usage("parameter-shape", `${vector.length} parameters were given, the model has ${parameterCount}`);
  }
  const missing = [...parameters.values()].filter(({ offset, size }) =>
    vector.subarray(offset, offset + size).some(Number.isNaN),
  );
  if (missing.length === 0) return vector;
  const names = missing.map(({ name }) => `\`${name}\``).join(", ");
  throw usage("missing-parameter", `${names} must be given: the model has no value for it`);
}

function checkedPlan(
  x0: State,
  dimension: number,
  { t, samples, maxSteps = 1e9 }: TaylorRunOptions,
  events: readonly TaylorEvent[],
): Plan {
  const [start, end] = typeof t === "number" ? [0, t] : t;
  if (!(Number.isFinite(start) && Number.isFinite(end))) {
    throw usage("bad-time", `the run from t = ${start} to t = ${end} has no end`, "give finite times");
  }
  if (x0.length !== dimension) {
    throw usage("bad-start", `the start has ${x0.length} entries, a state has ${dimension}`);
  }
  if (!Array.from(x0).every(Number.isFinite)) {
    throw usage("bad-start", `the start at t = ${start} is not finite: ${describeState(x0)}`);
  }
  checkSamples(start, end, samples);
  return {
    start,
    end,
    samples: sampleTimes(start, end, samples),
    terminal: events.map(({ terminal }) => terminal === true),
    mostSteps: maxSteps,
  };
}

function usage(code: string, message: string, hint?: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
