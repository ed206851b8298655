import { sourceOf } from "../codegen/source.ts";
import { requireSeries } from "../codegen/taylor/networks.ts";
import { type Taylor, taylor } from "../codegen/taylor/taylor.ts";
import type { Compiled } from "../compile.ts";
import { randomStream } from "../data/random.ts";
import { HnncError } from "../errors.ts";
import { requireBound } from "../mechanics/layout.ts";
import { withParameters } from "../mechanics/parameters.ts";
import { variationalModel } from "../mechanics/variational.ts";
import { type Growth, GrowthRecord } from "./growth.ts";
import { initialStates } from "./initial-states.ts";

export interface LyapunovOptions {
  /** The end of a run that starts at 0, or `[start, end]`. An end before the start runs backwards. */
  readonly t: number | readonly [start: number, end: number];
  /** One state `[2n]`. Default: the start that the model text gives. */
  readonly x0?: ArrayLike<number> | undefined;
  /** Values of parameters that differ from the model's, in base units where it has units. */
  readonly params?: Readonly<Record<string, number | readonly number[]>> | undefined;
  /** The first displacement, `[2n]`; its size does not matter. Default: drawn, by `seed`. */
  readonly direction?: ArrayLike<number> | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** Error of a step. Default: round-off. */
  readonly rtol?: number | undefined;
  /** Ends the run: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told about ten times a second which fraction is done. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

/** The maximal Lyapunov exponent of one trajectory. Exponents are in 1/time, times in the model's unit of time. */
export interface Lyapunov extends Growth {
  /** 1/exponent, the time in which an error grows e-fold; undefined unless the motion is chaotic. */
  readonly lyapunovTime: number | undefined;
  /**
   * `chaotic`: neighbours part exponentially (in bounded motion that is chaos). `regular`: over this time they
   * part no faster than linearly; chaos slower than 1/t cannot be told from it. `undecided`: a longer run may tell.
   */
  readonly verdict: "chaotic" | "regular" | "undecided";
  /** [2n], where the trajectory ended. */
  readonly state: Float64Array;
  readonly steps: number;
  readonly seed: number;
}

/**
 * The maximal Lyapunov exponent λ = lim 1/t ln |δ(t)|/|δ(0)|, where δ follows the variational equations beside the motion
 * (Benettin, Galgani, Giorgilli, Strelcyn 1980, doi:10.1007/BF02128236). δ is shortened before it grows large, so that runs
 * may be of any length. Both are followed by Taylor series to round-off: no difference of neighbouring trajectories is
 * taken, and nothing depends on the length of δ.
 *
 * @throws HnncError kind `usage` for options that do not fit; kind `diverged` where the motion ends before its time
 * @example
 * const { exponent, error, verdict } = await lyapunov(compile(systems["henon-heiles"]), { x0: [0, -0.25, 0.42, 0], t: 1e4 });
 */
export async function lyapunov(compiled: Compiled, options: LyapunovOptions): Promise<Lyapunov> {
  const { params = {}, seed = 0, rtol, signal, progress } = options;
  const [start, end] = typeof options.t === "number" ? [0, options.t] : options.t;
  if (!(Number.isFinite(start) && Number.isFinite(end) && start !== end)) {
    throw usage("bad-time", `no growth can be measured from t = ${start} to t = ${end}`, "give two different times");
  }
  const model = withParameters(compiled.model, params);
  requireBound(model);
  requireSeries(model, "lyapunov");
  const x0 = initialStates(model, options.x0);
  const { dimension } = compiled.meta;
  if (x0.length !== dimension) throw usage("bad-start", "an exponent is that of one start", "call it for each");
  const direction = firstDirection(options.direction, dimension, seed);
  const flow = new TangentFlow(taylor(sourceOf(variationalModel(model).model), { tolerance: rtol }), x0, direction);
  const record = new GrowthRecord(Math.abs(end - start));
  await flow.follow(start, end, record, { signal, progress });
  const growth = record.result();
  return { ...growth, ...judged(growth), state: flow.state, steps: flow.steps, seed };
}

/** ⟨Y⟩ of regular motion ends near 2; where it is beyond the last of these, errors have grown by more than e^20. */
const [regular, growing, certain] = [2.5, 5, 10];

function judged({ exponent, error, megno }: Growth): Pick<Lyapunov, "verdict" | "lyapunovTime"> {
  if (megno < regular) return { verdict: "regular", lyapunovTime: undefined };
  const isChaotic = exponent > 0 && (megno > certain || (megno > growing && exponent > 2 * error));
  return { verdict: isChaotic ? "chaotic" : "undecided", lyapunovTime: isChaotic ? 1 / exponent : undefined };
}

/** A unit vector. */
function firstDirection(given: ArrayLike<number> | undefined, dimension: number, seed: number): Float64Array {
  const { normal } = randomStream(seed, "lyapunov").at(0);
  const drawn = given === undefined ? Float64Array.from({ length: dimension }, normal) : Float64Array.from(given);
  const size = Math.hypot(...drawn);
  if (drawn.length === dimension && size > 0 && Number.isFinite(size)) return drawn.map((value) => value / size);
  throw usage("bad-direction", `a displacement has ${dimension} finite numbers that are not all 0`);
}

/** The length of δ relative to the state, or to 1: so small that it does not disturb the choice of steps. */
const shortest = 2 ** -20;
/** Windows of time, after each of which δ is shortened: their parts of the run, steps, and growth. */
const firstWindow = 2 ** -20;
const mostSteps = 64;
const [littleGrowth, wantedGrowth, mostGrowth] = [3, 6, 12];
/** Milliseconds without a look at signals. */
const pace = 25;

interface Listeners {
  readonly signal: AbortSignal | undefined;
  readonly progress: ((fraction: number) => void) | undefined;
}

/** A trajectory and a displacement from it. */
class TangentFlow {
  readonly #integrator: Taylor;
  /** n */
  readonly #n: number;
  /** `[q, δq, δp, p]` */
  #lifted: Float64Array;
  /** ln |δ| but for the length that it has at the moment. */
  #growth = 0;
  steps = 0;

  constructor(integrator: Taylor, x0: Float64Array, direction: Float64Array) {
    this.#integrator = integrator;
    this.#n = x0.length / 2;
    this.#lifted = new Float64Array(2 * x0.length);
    this.#lifted.set(x0.subarray(0, this.#n));
    this.#lifted.set(direction, this.#n);
    this.#lifted.set(x0.subarray(this.#n), 3 * this.#n);
  }

  get state(): Float64Array {
    const n = this.#n;
    return Float64Array.of(...this.#lifted.subarray(0, n), ...this.#lifted.subarray(3 * n));
  }

  async follow(start: number, end: number, record: GrowthRecord, { signal, progress }: Listeners): Promise<void> {
    let t = start;
    let width = (end - start) * firstWindow;
    let told = performance.now();
    while (t !== end) {
      let to = t + width;
      // a window narrower than the rounding of the time goes to the next number
      if (to === t) to = t + (end - start) * 2 ** -50 + Math.sign(end - start) * Math.abs(t) * Number.EPSILON;
      if ((end - to) * (end - start) <= 0) to = end;
      const taken = this.#window(t, to, start, record);
      if (taken.growth > mostGrowth) {
        width /= 4;
        continue;
      }
      t = to;
      if (taken.growth > wantedGrowth || taken.steps > mostSteps) width /= 2;
      else if (taken.growth < littleGrowth && taken.steps < mostSteps / 2) width *= 2;
      if (performance.now() - told < pace) continue;
      told = performance.now();
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
      progress?.((t - start) / (end - start));
    }
    progress?.(1);
  }

  /** One window; nothing of it is kept where δ grows too much. */
  #window(from: number, to: number, start: number, record: GrowthRecord): { growth: number; steps: number } {
    this.#shorten();
    const first = this.#length(this.#lifted);
    const width = this.#lifted.length;
    const { times, states, steps } = this.#integrator.run(this.#lifted, { t: [from, to] });
    const growths = Array.from(times, (_, k) =>
      Math.log(this.#length(states.subarray(k * width, (k + 1) * width)) / first),
    );
    const growth = Math.max(...growths.map(Math.abs));
    if (growth > mostGrowth) return { growth, steps };
    growths.forEach((each, k) => {
      record.add(Math.abs(times[k]! - start), this.#growth + each);
    });
    this.#growth += growths.at(-1)!;
    this.#lifted = states.slice(-width);
    this.steps += steps;
    return { growth, steps };
  }

  /** |δ| */
  #length(lifted: Float64Array): number {
    return Math.hypot(...lifted.subarray(this.#n, 3 * this.#n));
  }

  #shorten(): void {
    const n = this.#n;
    let size = 1;
    for (const block of [this.#lifted.subarray(0, n), this.#lifted.subarray(3 * n)]) {
      for (const value of block) size = Math.max(size, Math.abs(value));
    }
    const factor = (shortest * size) / this.#length(this.#lifted);
    for (let k = n; k < 3 * n; k++) this.#lifted[k]! *= factor;
  }
}

function usage(code: string, message: string, hint?: string): HnncError {
  return new HnncError({ kind: "usage", code, message, hint });
}
