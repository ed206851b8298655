import { HnncError } from "../errors.ts";

/** A computed trajectory. */
export interface Samples {
  /** The method's name. */
  readonly method: string;
  /** n. */
  readonly degreesOfFreedom: number;
  /** [k], in the order of the run. */
  readonly times: Float64Array;
  /** [k, 2n], row-major: `[q1 … qn, p1 … pn]` at each time. */
  readonly states: Float64Array;
  /** Steps taken; for adaptive methods the accepted ones. */
  readonly steps: number;
  readonly rejected: number;
  /** Calls of the field or a half of it. */
  readonly evaluations: number;
  /** Rounds of an implicit method's iteration. */
  readonly iterations: number;
  /** The step that was taken (at most the dt that was asked for), where it was the same everywhere. */
  readonly dt: number | undefined;
}

/** Numbers of one trajectory in memory: 2 GiB. */
const mostNumbers = 2 ** 28;

/** Times and states in arrays that grow. */
export class SampleBuffer {
  #times: Float64Array;
  #states: Float64Array;
  #count = 0;
  readonly #width: number;

  /** @param width the length of a state */
  constructor(width: number, capacity: number) {
    this.#width = width;
    requireRoom(capacity, width);
    this.#times = new Float64Array(capacity);
    this.#states = new Float64Array(capacity * width);
  }

  get count(): number {
    return this.#count;
  }

  lastTime(): number {
    return this.#times[this.#count - 1]!;
  }

  /** @throws HnncError kind `limit` */
  push(t: number, state: Float64Array): void {
    if (this.#count === this.#times.length) {
      requireRoom(this.#count + 1, this.#width);
      this.#times = grown(this.#times, 1);
      this.#states = grown(this.#states, this.#width);
    }
    this.#times[this.#count] = t;
    this.#states.set(state, this.#count * this.#width);
    this.#count++;
  }

  /** Not to be written to: a full buffer gives its own array, which is left behind when it grows. */
  times(): Float64Array {
    return this.#count === this.#times.length ? this.#times : this.#times.slice(0, this.#count);
  }

  /** As `times`. */
  states(): Float64Array {
    return this.#count === this.#times.length ? this.#states : this.#states.slice(0, this.#count * this.#width);
  }
}

function requireRoom(samples: number, width: number): void {
  if (samples * width <= mostNumbers) return;
  throw new HnncError({
    kind: "limit",
    code: "too-many-samples",
    message: `${samples} samples of ${width} numbers do not fit; the limit is ${mostNumbers} numbers`,
    hint: "ask for fewer samples",
  });
}

/** Room for twice as many rows and some more. */
function grown(array: Float64Array, width: number): Float64Array {
  const larger = new Float64Array(2 * array.length + 16 * width);
  larger.set(array);
  return larger;
}
