import { describe, expect, it } from "vitest";
import { compile } from "../../../src/compile.ts";
import { makeDataset } from "../../../src/data/dataset.ts";
import { reference } from "../../../src/engine/reference.ts";
import { models } from "../../../src/hnn/models.ts";
import { parseModel } from "../../../src/parser/parse.ts";
import { evaluateModel } from "../../../src/train/evaluate/evaluate-model.ts";
import { dampedSpring, linearField, springWith } from "./linear-models.ts";

const truth = compile("p^2 + q^2");
const published = { name: "q^2", value: (x: Float64Array) => x[0]! ** 2 };

describe("a model that is the truth", async () => {
  const { evaluation } = await evaluateModel(springWith(1), { truth, starts: [1, 0, 0.3, 0.4], energies: [published] });

  it("has no error, to the tolerance of 1e-12 a step", () => {
    const { energy, error } = evaluation;
    expect(energy.map(({ name }) => name)).toEqual(["H", "learned H", "q^2"]);
    for (const each of energy) expect(each.mean!).toBeLessThan(1e-20);
    expect(error!.meanSquare!).toBeLessThan(1e-20);
  });

  it("is valid to the end from all starts, in cycles of π too", () => {
    const { perStart, whole, median, inUnits } = evaluation.error!.validTime;
    expect([perStart, whole, median]).toEqual([[20, 20], 2, 20]);
    expect(inUnits!.name).toBe("cycles");
    // passages between samples are found on straight lines
    expect(Math.abs(inUnits!.median! - 20 / Math.PI)).toBeLessThan(0.02);
  });

  it("keeps its energy over 200 cycles, within what yoshida4 with 50 steps a cycle is off by", () => {
    const { drift } = evaluation;
    expect(drift!.method).toBe("yoshida4");
    expect(drift!.divergence).toBeNull();
    expect(drift!.bound!).toBeGreaterThan(0);
    expect(drift!.bound!).toBeLessThan(1e-4);
    expect(Math.abs(drift!.slope!)).toBeLessThan(1e-9);
    // of p² + q² from radius 1 and 1/2: H itself varies by its root mean square size
    expect(drift!.scale).toBeGreaterThan(0.5);
    expect(drift!.scale).toBeLessThan(1.1);
  });

  it("tells how it was measured", () => {
    expect(evaluation.rollOuts).toEqual({
      starts: 2,
      samples: 100,
      t: [0, 20],
      method: "dop853, tolerance 1e-12",
      diverged: [],
    });
  });
});

describe("a spring constant of k instead of 1", () => {
  it.each([1.1, 0.7])("k = %d: the energy error is the mean of (A² (k − 1) sin² ωt)²", async (k) => {
    const amplitude = 0.8;
    const { evaluation, trajectories } = await evaluateModel(springWith(k), {
      truth,
      starts: [amplitude, 0],
      t: 10,
      samples: 37,
      drift: false,
    });
    const omega = 2 * Math.sqrt(k);
    const times = trajectories.truth[0]!.times;
    const squares = times.map((t) => (amplitude ** 2 * (k - 1) * Math.sin(omega * t) ** 2) ** 2);
    const wanted = squares.reduce((sum, value) => sum + value, 0) / times.length;
    const [ofTruth, learned] = evaluation.energy;
    expect(Math.abs(ofTruth!.mean! / wanted - 1)).toBeLessThan(1e-9);
    // along the truth the learned H is A² (k cos² 2t + sin² 2t), and k A² along the model
    const other = times.map((t) => (amplitude ** 2 * (k - 1) * Math.sin(2 * t) ** 2) ** 2);
    expect(Math.abs(learned!.mean! / (other.reduce((sum, value) => sum + value, 0) / times.length) - 1)).toBeLessThan(
      1e-9,
    );
  });

  it("is valid until the phases differ by the threshold", async () => {
    const k = 1.01;
    const { evaluation } = await evaluateModel(springWith(k), { truth, starts: [1, 0], samples: 2001, drift: false });
    const { scale, validTime } = evaluation.error!;
    const errorAt = (t: number) => {
      const omega = 2 * Math.sqrt(k);
      const dq = Math.cos(omega * t) - Math.cos(2 * t);
      const dp = -Math.sqrt(k) * Math.sin(omega * t) + Math.sin(2 * t);
      return Math.sqrt(((dq / scale[0]!) ** 2 + (dp / scale[1]!) ** 2) / 2);
    };
    const [t] = validTime.perStart;
    // a straight line between samples 0.01 apart
    expect(Math.abs(errorAt(t!) - 0.1)).toBeLessThan(1e-6);
    expect(validTime.whole).toBe(0);
  });
});

describe("a baseline with friction", async () => {
  const options = { truth, starts: [1, 0], drift: { cycles: 20 } };
  const { evaluation } = await evaluateModel(dampedSpring(0.01), options);

  it("loses energy: the long run says so, in its slope and its mean", () => {
    const { drift } = evaluation;
    expect(drift!.method).toBe("rk4");
    expect(drift!.mean!).toBeLessThan(0);
    expect(drift!.slope!).toBeLessThan(0);
  });

  it("is lost when half of the energy is gone: dH/dt = −4·0.01·p², on average −0.02 H", () => {
    const { divergence } = evaluation.drift!;
    // e^(−0.02 t) = 1/2 at 34.7; p² oscillates about its mean
    expect(divergence!.t).toBeGreaterThan(33);
    expect(divergence!.t).toBeLessThan(36);
    expect(Math.abs(divergence!.cycles! - divergence!.t / Math.PI)).toBeLessThan(0.05);
    expect(divergence!.reason).toMatch("the energy is off by half");
  });

  it("has no learned H", () => {
    expect(evaluation.energy.map(({ name }) => name)).toEqual(["H"]);
  });
});

it("a model that runs away is reported with its time, and figures are those before", async () => {
  const runaway = linearField([3, 0, 0, 3]);
  const { evaluation } = await evaluateModel(runaway, { truth, starts: [1, 0, 0.5, 0], t: 20, drift: { cycles: 10 } });
  const { diverged } = evaluation.rollOuts!;
  expect(diverged.map(({ start }) => start)).toEqual([0, 1]);
  // e^(3t) = 1e9 at 6.9
  expect(diverged[0]!.t).toBeGreaterThan(6);
  expect(diverged[0]!.t).toBeLessThan(7);
  expect(evaluation.energy[0]!.mean).toBeGreaterThan(1);
  expect(evaluation.drift!.divergence!.t).toBeLessThan(1);
  expect(evaluation.error!.validTime.whole).toBe(0);
});

it("figures are plain JSON: nothing is lost on the way there and back", async () => {
  const runaway = linearField([300, 0, 0, 300]);
  for (const trained of [runaway, springWith(1)]) {
    const { evaluation } = await evaluateModel(trained, { truth, starts: [1, 0], t: [0, 400], samples: 50 });
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(JSON.parse(JSON.stringify(evaluation, refuseNaN)));
  }
});

function refuseNaN(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`${key} is ${value}`);
  return value;
}

/** Rows of a spring's swing, with derivatives. */
function swing(count: number, dt: number) {
  const times = Float64Array.from({ length: count }, (_, k) => k * dt);
  const states = Float64Array.from([...times].flatMap((t) => [Math.cos(2 * t), -Math.sin(2 * t)]));
  const derivatives = Float64Array.from([...times].flatMap((t) => [-2 * Math.sin(2 * t), -2 * Math.cos(2 * t)]));
  const test = Uint8Array.from(times, (_, k) => Number(k >= count - 4));
  return makeDataset({ coordinates: ["q"], momenta: ["p"], times, states, derivatives, test });
}

describe("with data", async () => {
  const dataset = swing(20, 0.1);
  const engine = await reference.load();
  const options = { dataset, engine, truth, drift: false } as const;

  it("losses are those of the rows: ẋ is off by 2(k − 1) q in ṗ", async () => {
    const { evaluation } = await evaluateModel(springWith(1.5), options);
    const squares = [...dataset.states].filter((_, at) => at % 2 === 0).map((q) => q ** 2 / 2);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(evaluation.losses!.loss).toBe("derivatives");
    expect(evaluation.losses!.train).toBeCloseTo(mean(squares.slice(0, 16)), 12);
    expect(evaluation.losses!.test).toBeCloseTo(mean(squares.slice(16)), 12);
    expect(evaluation.rollOuts).toBeUndefined();
  });

  it("a trajectory that leaves the box of the rows for training is noticed", async () => {
    // rows for training end at t = 1.5: q from 1 down to −0.99, p ≤ 0 almost until then
    const { evaluation } = await evaluateModel(springWith(1), { ...options, starts: [1, 0], t: 3, samples: 301 });
    const { region } = evaluation;
    expect(region!.names).toEqual(["q", "p"]);
    expect(region!.entry).toBe("p");
    expect(region!.firstTime!).toBeGreaterThan(1.55);
    expect(region!.firstTime!).toBeLessThan(1.65);
    expect(region!.fraction).toBeGreaterThan(0.4);
  });

  it("measured runs are the truth where they are given", async () => {
    const { evaluation, trajectories } = await evaluateModel(springWith(1), { measured: dataset, drift: false });
    expect(trajectories.truth[0]!.times).toEqual(dataset.times);
    expect(evaluation.error!.meanSquare!).toBeLessThan(1e-20);
    expect(evaluation.energy.map(({ name }) => name)).toEqual(["learned H"]);
  });

  it("models of other seeds disagree where their parameters differ", async () => {
    // the one parameter is k over its first value
    const trained = springWith(1);
    const ensemble = [1.2, 0.8].map((value) => ({ model: trained.model, parameters: Float64Array.of(value) }));
    const starts = { ...options, starts: [1, 0], t: 3 };
    const { evaluation } = await evaluateModel(trained, { ...starts, ensemble });
    // ṗ = −2kq with k of 0.8, 1, 1.2: a standard deviation of 0.327·|q| in one entry of two, size √2
    expect(evaluation.disagreement!.members).toBe(3);
    expect(evaluation.disagreement!.greatest!).toBeGreaterThan(0.14);
    expect(evaluation.disagreement!.greatest!).toBeLessThan(0.18);
    const same = await evaluateModel(trained, { ...starts, ensemble: [trained] });
    expect(same.evaluation.disagreement!.greatest!).toBeLessThan(1e-7);
  });
});

describe("an LSTM", async () => {
  const model = models.lstm.create({ dimension: 2, hidden: [3] });
  const parameters = new Float64Array(model.parameters.count);
  const { offset } = model.parameters.slices.find(({ name }) => name === "output.bias")!;
  // all gates shut: it moves in a straight line
  parameters.set([0.5, -2], offset);
  const engine = await reference.load();
  const options = { truth, dataset: swing(20, 0.1), engine, starts: [1, 0], t: 2, samples: 41 };

  it("is followed in steps of its data, in straight lines between", async () => {
    const { trajectories, evaluation } = await evaluateModel({ model, parameters }, { ...options, drift: false });
    const [run] = trajectories.model;
    run!.times.forEach((t, k) => {
      expect(Math.abs(run!.states[2 * k]! - (1 + 0.5 * t))).toBeLessThan(1e-12);
      expect(Math.abs(run!.states[2 * k + 1]! + 2 * t)).toBeLessThan(1e-12);
    });
    expect(evaluation.losses!.loss).toBe("sequence");
    expect(evaluation.rollOuts!.method).toBe("its own outputs fed back, dt = 0.1");
  });

  it("diverges in energy", async () => {
    const { evaluation } = await evaluateModel({ model, parameters }, { ...options, drift: { t: 30 } });
    expect(evaluation.drift!.divergence!.t).toBeLessThan(1);
  });

  it("needs the data for its step", async () => {
    await expect(evaluateModel({ model, parameters }, { truth, starts: [1, 0] })).rejects.toThrow("give the dataset");
  });
});

it("refuses starts that are no states", async () => {
  await expect(evaluateModel(springWith(1), { truth, starts: [1, 0, 2] })).rejects.toThrow(
    "3 numbers of starts are not states of 2",
  );
});

it("a truth with friction has no drift to be measured", async () => {
  const damped = compile("p^2 + q^2; damping p = 0.1");
  const { evaluation } = await evaluateModel(springWith(1), { truth: damped, starts: [1, 0] });
  expect(evaluation.drift).toBeUndefined();
});

it("a model that loses energy by right is not held to keeping it, the truth being unknown", async () => {
  const model = models.hybrid.create({
    dimension: 2,
    prior: parseModel("p^2/2 + k q^2; k = 1 learn; damping p = 0.1"),
  });
  const trained = { model, parameters: model.parameters.initial(0) };
  const { evaluation } = await evaluateModel(trained, { starts: [1, 0], t: 5 });
  expect(evaluation.drift).toBeUndefined();
});
