/** Keeps the parameters with the least loss among those seen at every hundredth step. */
export interface Best {
  /** Parameters, and the mean loss of the steps that began with them. */
  offer(parameters: Float64Array, losses: Float64Array): void;
  readonly parameters: Float64Array;
}

/** @param first what is kept until something is offered, and where nothing that is offered is finite */
export function bestOf(first: Float64Array): Best {
  let best = { parameters: first, loss: Number.POSITIVE_INFINITY };
  return {
    offer(parameters, losses) {
      const loss = losses.reduce((total, each) => total + each, 0) / losses.length;
      if (loss < best.loss) best = { parameters, loss };
    },
    get parameters() {
      return best.parameters;
    },
  };
}
