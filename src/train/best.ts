/** Keeps the parameters with the least loss among those seen at every hundredth step. */
export interface Best {
  /** Parameters, and the mean loss of the steps that began with them. */
  offer(parameters: Float64Array, losses: Float64Array): void;
  readonly parameters: Float64Array;
  /** Infinite until something finite was offered. */
  readonly loss: number;
}

/** @param first what is kept until something better is offered, such as the best of a run that goes on */
export function bestOf(first: Float64Array, loss: number = Number.POSITIVE_INFINITY): Best {
  let best = { parameters: first, loss };
  return {
    offer(parameters, losses) {
      const mean = meanOf(losses);
      if (mean < best.loss) best = { parameters, loss: mean };
    },
    get parameters() {
      return best.parameters;
    },
    get loss() {
      return best.loss;
    },
  };
}

/** NaN of none. */
export function meanOf(losses: Float64Array): number {
  return losses.reduce((total, each) => total + each, 0) / losses.length;
}
