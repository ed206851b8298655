import type { Benchmark, Limit, Row } from "./benchmark.ts";
import { stepRows } from "./train-step.ts";

const dimensions = [2, 8, 24];
const hiddens = [64, 200];
const batches = [128, 750, 4096];

/** The training step of `train-step.ts` over what people train: one to twelve degrees of freedom, small to large batches. */
export const trainingSizes: Benchmark = {
  title: "A training step of a Hamiltonian network [d, h, h, 1], tanh, Adam, over sizes",
  run: async (tools) => {
    const rows: (Row | Limit)[] = [];
    for (const dimension of dimensions) {
      for (const hidden of hiddens) {
        for (const batch of batches) rows.push(...(await stepRows(tools, { dimension, hidden, batch })));
      }
    }
    return rows;
  },
};
