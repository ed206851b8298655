import { randomStream } from "../data/random.ts";

/** Which samples each step takes. */
export interface Minibatches {
  readonly batch: number;
  /** The samples of a number of steps, from `step` on, `[count · batch]`. */
  rows(step: number, count: number): Int32Array;
}

/**
 * Minibatches without replacement: each epoch deals all samples anew, and those that do not fill a batch sit out. They
 * depend on the seed and the step's number alone, so that a run that is resumed goes on as if it had not stopped.
 *
 * @param samples how many there are
 * @param batch 1 … samples
 */
export function minibatches(samples: number, batch: number, seed: number): Minibatches {
  const stream = randomStream(seed, "minibatches");
  const perEpoch = Math.floor(samples / batch);
  let dealt: { readonly epoch: number; readonly order: Int32Array } = { epoch: -1, order: new Int32Array(0) };
  const orderOf = (epoch: number): Int32Array => {
    if (dealt.epoch !== epoch) dealt = { epoch, order: shuffled(samples, stream.at(epoch).below) };
    return dealt.order;
  };
  return {
    batch,
    rows(step, count) {
      const rows = new Int32Array(count * batch);
      for (let k = 0; k < count; k++) {
        const epoch = Math.floor((step + k) / perEpoch);
        const start = ((step + k) % perEpoch) * batch;
        rows.set(orderOf(epoch).subarray(start, start + batch), k * batch);
      }
      return rows;
    },
  };
}

/** 0 … count − 1 in random order (Fisher and Yates). */
function shuffled(count: number, below: (count: number) => number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const other = below(k + 1);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order;
}
