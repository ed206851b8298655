import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadKernels } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { tfjsModule } from "../../src/codegen/tfjs.ts";
import { type EquationsGraph, lowerEquations, overStateVector } from "../../src/graph/equations.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import type { Model } from "../../src/model.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { randomStates, reference } from "../support/equations-oracle.ts";
import { bodies, exampleModels, pairSum } from "../support/example-models.ts";
import { metaOf } from "../support/meta.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { availableBackends, loadTfjsModule, type Tf, tfImport, useBackend } from "../support/tfjs-backends.ts";

const time = 0.7;
const batch = 3;

function emitted(model: Model, tf: Tf) {
  return loadTfjsModule(tfjsModule(lowerEquations(model), metaOf(model), tfImport(tf)), tf);
}

/** Σ w·field in double precision, of states and parameters. */
function weightedField(model: Model, equations: EquationsGraph, weights: readonly number[]) {
  const { field } = overStateVector(equations);
  return (x: readonly number[], parameters: Readonly<Record<string, readonly number[]>>) => {
    const feeds: Record<string, ArrayLike<number>> = { x, t: [time] };
    for (const { name } of model.parameters) feeds[`p:${name}`] = parameters[name]!;
    const [rates] = evaluateGraph([field], feeds, batch);
    return rates!.values.reduce((sum, rate, k) => sum + weights[k]! * rate, 0);
  };
}

/** Central differences with respect to every entry. */
function differences(f: (at: readonly number[]) => number, at: readonly number[]): number[] {
  const step = 1e-5;
  return at.map((value, k) => {
    const moved = (to: number) => f(at.map((old, j) => (j === k ? to : old)));
    return (moved(value + step) - moved(value - step)) / (2 * step);
  });
}

/** The largest error, relative to the larger of 1 and the largest value: sums in float32 lose against their largest term. */
function error(found: ArrayLike<number>, wanted: readonly number[]): number {
  const scale = Math.max(1, ...wanted.map(Math.abs));
  return (
    Math.max(...wanted.map((value, k) => (Number.isNaN(found[k]) ? Number.NaN : Math.abs(found[k]! - value)))) / scale
  );
}

const parametersOf = (model: Model) =>
  Object.fromEntries(model.parameters.map(({ name, value }) => [name, [value!].flat() as number[]]));

describe.each(availableBackends())("%s backend", (backend) => {
  let tf: Tf;
  beforeAll(async () => {
    tf = await useBackend(backend);
  });

  describe.each(Object.entries(exampleModels))("%s", (_name, make) => {
    const model = make();
    const states = randomStates(model, batch);

    it("H, gradient and field = interpreter and central differences (1e-5: float32), without leaks", async () => {
      const module = await emitted(model, tf);
      const x = tf.tensor2d(states);
      const before = tf.memory().numTensors;
      const found = [module.hamiltonian(x, {}, time), module.gradient(x, {}, time), module.field(x, {}, time)] as const;
      expect(tf.memory().numTensors).toBe(before + 3);
      const expected = states.map((state) => reference(model, state, time));
      expect(found.map(({ shape }) => shape)).toEqual([[batch], x.shape, x.shape]);
      expect(
        error(
          found[0].dataSync(),
          expected.map(({ hamiltonian }) => hamiltonian),
        ),
      ).toBeLessThan(1e-5);
      expect(
        error(
          found[1].dataSync(),
          expected.flatMap(({ gradient }) => gradient),
        ),
      ).toBeLessThan(1e-5);
      expect(
        error(
          found[2].dataSync(),
          expected.flatMap(({ field }) => field),
        ),
      ).toBeLessThan(1e-5);
      tf.dispose([x, ...found]);
    });

    it("the gradient of TensorFlow.js through the field = central differences in f64 (1e-4: float32)", async () => {
      const module = await emitted(model, tf);
      const next = randomNumbers(11);
      const flat = states.flat();
      const weights = flat.map(() => next() - 0.5);
      const f = weightedField(model, lowerEquations(model), weights);
      const defaults = parametersOf(model);
      const names = Object.keys(defaults);
      const loss = (x: Tensor, ...values: Tensor[]) => {
        const params = Object.fromEntries(names.map((name, k) => [name, values[k]!]));
        return tf.sum(
          tf.mul(module.field(x as Tensor2D, params, time), tf.tensor2d(weights, x.shape as [number, number])),
        );
      };
      const { numTensors, numDataBuffers } = tf.memory();
      const inputs = [tf.tensor2d(states), ...names.map((name) => tf.tensor1d(defaults[name]!))];
      const gradients = tf.grads(loss)(inputs);
      expect(
        error(
          gradients[0]!.dataSync(),
          differences((x) => f(x, defaults), flat),
        ),
      ).toBeLessThan(1e-4);
      names.forEach((name, k) => {
        const wanted = differences((value) => f(flat, { ...defaults, [name]: value }), defaults[name]!);
        expect(error(gradients[k + 1]!.dataSync(), wanted), name).toBeLessThan(1e-4);
      });
      tf.dispose([...inputs, ...gradients]);
      expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
    });
  });

  it("a sum over 19 900 pairs is right in float32: field 1e-5, H 1e-6", async () => {
    const model = pairSum(200);
    const states = randomStates(model, 1);
    const module = await emitted(model, tf);
    const x = tf.tensor2d(states);
    const { hamiltonian, field } = overStateVector(lowerEquations(model));
    const [energy, rates] = evaluateGraph([hamiltonian, field], { x: states.flat(), t: [0] }, 1);
    const found = [module.hamiltonian(x), module.field(x)] as const;
    expect(error(found[0].dataSync(), [...energy!.values])).toBeLessThan(1e-6);
    expect(error(found[1].dataSync(), [...rates!.values])).toBeLessThan(1e-5);
    tf.dispose([x, ...found]);
  });

  it("parameters can be trained: masses are recovered from the field", async () => {
    const model = bodies(3);
    const module = await emitted(model, tf);
    const x = tf.tensor2d(randomStates(model, 20));
    const target = module.field(x, { m: [1.4, 0.9, 1.2] });
    const masses = tf.variable(tf.tensor1d([1, 1, 1]));
    const optimizer = tf.train.adam(0.03);
    for (let step = 0; step < 150; step++) {
      optimizer.minimize(() => tf.losses.meanSquaredError(target, module.field(x, { m: masses })));
    }
    expect(error(masses.dataSync(), [1.4, 0.9, 1.2])).toBeLessThan(1e-2);
    tf.dispose([x, target, masses]);
    optimizer.dispose();
  });

  it("one number stands for all entries of an array parameter; undefined keeps the default", async () => {
    const module = await emitted(bodies(3), tf);
    const x = tf.tensor2d(randomStates(bodies(3), 2));
    const same = [{ m: 2 }, { m: [2, 2, 2] }, { m: 2, G: undefined as unknown as number }];
    const found = same.map((parameters) => module.field(x, parameters));
    const [first, ...others] = found.map((each) => [...each.dataSync()]);
    for (const other of others) expect(other).toEqual(first);
    tf.dispose([x, ...found]);
  });

  it("max and min at equal operands, and at NaN, have the slope that JavaScript kernels have", async () => {
    for (const text of ["max(q, 0)", "min(q, 0)", "max(0, q)", "relu(q)"]) {
      const model = parseModel(`pairs (q, p); H = p^2/2 + ${text}`);
      const module = await emitted(model, tf);
      const { field } = loadKernels(sourceOf(model));
      const points = [0, Number.NaN, 1, -1];
      const found = module.field(tf.tensor2d(points.map((q) => [q, 0])));
      // Adding 0 makes −0 and 0 one.
      const slopes = [...found.dataSync()].filter((_, k) => k % 2 === 1).map((slope) => slope + 0);
      expect(slopes, text).toEqual(points.map((q) => field([q, 0])[1]! + 0));
      found.dispose();
    }
  });

  it("refuses states of another shape and parameters that it does not know", async () => {
    const module = await emitted(bodies(3), tf);
    expect(() => module.field(tf.zeros([18]) as unknown as Tensor2D)).toThrow(
      "x must be a tensor of shape [B, 18], got [18]",
    );
    expect(() => module.field(tf.zeros([2, 6]))).toThrow("x must be a tensor of shape [B, 18], got [2, 6]");
    expect(() => module.field(tf.zeros([1, 18]), { M: 1 })).toThrow("unknown parameter M; the parameters are: G, m");
    expect(() => module.field(tf.zeros([1, 18]), { m: [1, 2] })).toThrow("parameter m needs 3 numbers, got 2");
  });

  afterAll(() => {
    tf.disposeVariables();
  });
});
