import { compile } from "../../../src/compile.ts";
import { makeDataset } from "../../../src/data/dataset.ts";
import { reference } from "../../../src/engine/reference.ts";
import { plainField } from "../../../src/hnn/plain-field.ts";
import { type Evaluated, evaluateModel, type TrainedModel } from "../../../src/train/evaluate/evaluate-model.ts";
import type { RunPicturesInput } from "../../../src/train/report/picture-draft.ts";

export const truth = compile("p^2 + q^2");

/** Rows on circles of radius 0.4 … 1.1, with derivatives of H = p² + q². */
export const dataset = makeDataset({
  coordinates: ["q"],
  momenta: ["p"],
  states: Float64Array.from(
    Array.from({ length: 60 }, (_, k) => [(0.4 + k / 84) * Math.cos(k), (0.4 + k / 84) * Math.sin(k)]).flat(),
  ),
  derivatives: Float64Array.from(
    Array.from({ length: 60 }, (_, k) => [2 * (0.4 + k / 84) * Math.sin(k), -2 * (0.4 + k / 84) * Math.cos(k)]).flat(),
  ),
});

/** All that pictures and reports are made from, of a model beside the spring. */
export async function springInput(
  trained: TrainedModel,
): Promise<RunPicturesInput & { readonly evaluated: Evaluated }> {
  const engine = await reference.load();
  const evaluated = await evaluateModel(trained, { truth, dataset, engine, starts: [1, 0], drift: { cycles: 10 } });
  const objective = Array.from({ length: 400 }, (_, k) => 0.01 + Math.exp(-k / 20) * (1 + 0.3 * Math.sin(9 * k)));
  return {
    title: "p^2 + k q^2",
    coordinates: ["q"],
    momenta: ["p"],
    losses: {
      objective,
      test: [
        { step: 100, loss: 0.02 },
        { step: 400, loss: 0.012 },
      ],
    },
    dataset,
    field: plainField(trained.model, trained.parameters),
    truth,
    evaluated,
  };
}
