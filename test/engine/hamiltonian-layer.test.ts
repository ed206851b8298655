import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, compileModel } from "../../src/compile.ts";
import { hamiltonianLayer, type LayerOutput } from "../../src/engine/hamiltonian-layer.ts";
import { networkModels } from "../support/networks.ts";

/** Rounding of f32, with a few operations. */
const tolerance = 2e-5;

const text = "p^2/(2 m) + k q^2/2 + k2 q^4; m = 0.5; k = 1 learn; k2 = 0.3";
const states = [
  [1, 0],
  [0.5, 1],
  [-0.3, 0.8],
  [0, -1],
];

beforeAll(() => tf.setBackend("cpu"));

function modelWith(layer: tf.layers.Layer): tf.Sequential {
  return tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [2] }), layer] });
}

describe("hamiltonianLayer", () => {
  it.each(["hamiltonian", "gradient", "field"] satisfies LayerOutput[])("gives %s as the kernels do", (output) => {
    const compiled = compile(text);
    const model = modelWith(hamiltonianLayer(compiled, { tf, output }));
    const found = (model.predict(tf.tensor2d(states)) as tf.Tensor).arraySync() as number[][];
    states.forEach((x, row) => {
      const wanted = output === "hamiltonian" ? [compiled.hamiltonian(x)] : [...compiled[output](x)];
      expect(found[row]).toHaveLength(wanted.length);
      for (const [k, value] of wanted.entries()) expect(Math.abs(found[row]![k]! - value)).toBeLessThan(tolerance);
    });
  });

  it("holds trained networks", () => {
    const compiled = compileModel(networkModels.potential!());
    const model = modelWith(hamiltonianLayer(compiled, { tf }));
    const found = (model.predict(tf.tensor2d(states)) as tf.Tensor).arraySync() as number[][];
    states.forEach((x, row) => {
      for (const [k, value] of compiled.field(x).entries()) {
        expect(Math.abs(found[row]![k]! - value)).toBeLessThan(tolerance);
      }
    });
  });

  it("learns what the formula marks, and nothing else", async () => {
    const truth = compile(text, { parameters: { k: 3.7 } });
    const rates = tf.tensor2d(states.map((x) => [...truth.field(x)]));
    const layer = hamiltonianLayer(compile(text), { tf });
    const model = modelWith(layer);
    expect(layer.trainableWeights.map(({ originalName }) => originalName.split("/").at(-1))).toEqual(["k"]);
    model.compile({ optimizer: tf.train.adam(0.1), loss: "meanSquaredError" });
    await model.fit(tf.tensor2d(states), rates, { epochs: 300, verbose: 0, batchSize: 4, shuffle: false });
    expect(layer.getWeights()[0]!.dataSync()[0]).toBeCloseTo(3.7, 3);
  });

  it("stands behind other layers: a gradient flows through it", async () => {
    const layer = hamiltonianLayer(compile("p^2/2 - cos(q)"), { tf });
    const inner = tf.layers.dense({ units: 2, useBias: false });
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [2] }), inner, layer] });
    const rotation = [
      [0.6, 0.8],
      [-0.8, 0.6],
    ];
    inner.setWeights([tf.tensor2d(rotation)]);
    const wanted = model.predict(tf.tensor2d(states)) as tf.Tensor;
    inner.setWeights([
      tf.tensor2d([
        [0.9, 0.5],
        [-0.5, 0.9],
      ]),
    ]);
    model.compile({ optimizer: tf.train.adam(0.02), loss: "meanSquaredError" });
    const history = await model.fit(tf.tensor2d(states), wanted, { epochs: 400, verbose: 0, batchSize: 4 });
    const losses = history.history.loss as number[];
    expect(losses.at(-1)!).toBeLessThan(1e-3 * losses[0]!);
  });

  it("is saved and loaded with its model", async () => {
    const layer = hamiltonianLayer(compile(text), { tf });
    const model = modelWith(layer);
    layer.setWeights([tf.scalar(2.5)]);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    const x = tf.tensor2d(states);
    expect((loaded.predict(x) as tf.Tensor).arraySync()).toEqual((model.predict(x) as tf.Tensor).arraySync());
  });

  it("leaves no tensors behind", () => {
    const model = modelWith(hamiltonianLayer(compile(text), { tf }));
    const x = tf.tensor2d(states);
    const count = () => {
      (model.predict(x) as tf.Tensor).dispose();
      return tf.memory().numTensors;
    };
    const first = count();
    expect([count(), count()]).toEqual([first, first]);
  });

  it("refuses what it cannot do", () => {
    expect(() => hamiltonianLayer(compile(text), { tf, trainable: ["kk"] })).toThrow(
      "the formula has no parameter `kk`",
    );
    expect(() => hamiltonianLayer(compile("p^2/2 + q cos(t)"), { tf })).toThrow(
      "a layer takes states alone, and this H depends on time",
    );
    expect(() => hamiltonianLayer(compile("p^2/2 + V(q)"), { tf })).toThrow("`V` is an unknown function");
    const wrong = () =>
      tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [3] }), hamiltonianLayer(compile(text), { tf })] });
    expect(wrong).toThrow("states have 2 entries, not 3");
  });
});
