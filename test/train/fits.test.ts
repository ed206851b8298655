import { describe, expect, it } from "vitest";
import { type Dataset, makeDataset } from "../../src/data/dataset.ts";
import { randomStream } from "../../src/data/random.ts";
import type { ModelOptions } from "../../src/hnn/model.ts";
import { models } from "../../src/hnn/models.ts";
import { parseModel } from "../../src/parser/parse.ts";
import type { TrainOptions } from "../../src/train/options.ts";
import { train } from "../../src/train/train.ts";
import { type NonlinearProblem, nonlinearProblems } from "../fit/nist-problems.ts";
import { pendulumRuns, withTestRuns } from "./pendulum-data.ts";

const swings = pendulumRuns(
  [
    [1, 0],
    [0.2, 1.1],
    [-2, 0.4],
  ],
  { points: 20, dt: 0.2 },
);

/** Normal errors of the derivatives, 0.05 each. */
function noisy(seed: number): Dataset {
  const errors = new Float64Array(swings.states.length);
  randomStream(seed, "errors").normals(0, 0, errors);
  return makeDataset({ ...swings, derivatives: swings.derivatives!.map((value, k) => value + 0.05 * errors[k]!) });
}

function fitted(text: string, data: Dataset, options: TrainOptions = {}, more: Partial<ModelOptions> = {}) {
  const model = models.hybrid.create({ dimension: 2, prior: parseModel(text), residual: false, ...more });
  return train(model, data, options);
}

const linearText = "p^2/2 + a q^2 + b (1 - cos(q)); a = 3 learn; b = 0.2 learn; damping p = c; c = 0.5 learn";
const nonlinearText = "p^2/(2 m) - k cos(w q); m = 2 learn; k = 0.4 learn; w = 1.4 learn";

describe("`auto` for physical constants alone", () => {
  it("solves errors that are linear in them at once: the true constants, to 1e-12", async () => {
    const { constants, optimiser, end, losses, precision, trainLoss } = await fitted(linearText, swings);
    expect([optimiser, end, precision]).toEqual(["linear", "solved", "f64"]);
    expect(losses.length).toBe(1);
    expect(Math.abs(constants.a![0]!)).toBeLessThan(1e-12);
    expect(Math.abs(constants.b![0]! - 1)).toBeLessThan(1e-12);
    expect(Math.abs(constants.c![0]!)).toBeLessThan(1e-12);
    expect(trainLoss).toBeLessThan(1e-24);
  });

  it("searches by Levenberg and Marquardt otherwise: the true constants, to 1e-8", async () => {
    const { constants, optimiser } = await fitted(nonlinearText, swings);
    expect(optimiser).toBe("levenberg-marquardt");
    expect(Math.abs(constants.m![0]! - 1)).toBeLessThan(1e-8);
    expect(Math.abs(constants.k![0]! * constants.w![0]! - 1)).toBeLessThan(1e-8);
    expect(Math.abs(constants.w![0]! - 1)).toBeLessThan(1e-8);
  });

  it("finds what generated rows through a roll-out too, to the error of its steps (1e-4)", async () => {
    const { constants, optimiser } = await fitted(nonlinearText, swings, { loss: "roll-out", length: 3 });
    expect(optimiser).toBe("levenberg-marquardt");
    for (const name of ["m", "k", "w"]) expect(Math.abs(constants[name]![0]! - 1)).toBeLessThan(1e-4);
  });

  it("leaves networks to adam", async () => {
    const model = models.hnn.create({ dimension: 2, hidden: [3] });
    const { optimiser, precision } = await train(model, swings, { engine: "reference", precision: "f64", steps: 2 });
    expect([optimiser, precision]).toEqual(["adam", "f64"]);
  });
});

it("both ways agree on values and error bars of a linear problem, to 1e-8", async () => {
  const direct = await fitted(linearText, noisy(1));
  const search = await fitted(linearText, noisy(1), { optimiser: "levenberg-marquardt" });
  for (const name of ["a", "b", "c"]) {
    const error = direct.standardErrors![name]![0]!;
    expect(Math.abs(direct.constants[name]![0]! - search.constants[name]![0]!)).toBeLessThan(1e-8);
    expect(Math.abs(search.standardErrors![name]![0]! / error - 1)).toBeLessThan(1e-8);
  }
});

describe("error bars", () => {
  it.each([
    ["linear", linearText, { a: 0, b: 1, c: 0 }],
    ["levenberg-marquardt", nonlinearText, { m: 1, k: 1, w: 1 }],
    ["levenberg-marquardt", `${nonlinearText.replaceAll(" learn", " learn in [0, 9]")}`, { m: 1, k: 1, w: 1 }],
  ])("%s, %s: constants of 40 noisy data sets scatter as they say", async (optimiser, text, truth) => {
    const ratios: Record<string, number[]> = {};
    for (let seed = 0; seed < 40; seed++) {
      const found = await fitted(text, noisy(seed));
      expect(found.optimiser).toBe(optimiser);
      for (const [name, value] of Object.entries(truth)) {
        const deviation = (found.constants[name]![0]! - value) / found.standardErrors![name]![0]!;
        ratios[name] = [...(ratios[name] ?? []), deviation ** 2];
      }
    }
    for (const [name, squares] of Object.entries(ratios)) {
      const mean = squares.reduce((total, each) => total + each, 0) / squares.length;
      // the mean of 40 squares of normal numbers is 1 ± 0.22; three times that
      expect(Math.abs(mean - 1), `${name}: ${mean}`).toBeLessThan(0.67);
    }
  });

  it("name the combination that the data leave open", async () => {
    const text = "p^2/2 + g l (1 - cos(q)); g = 2 learn; l = 0.7 learn";
    const { constants, standardErrors, uncertainty } = await fitted(text, noisy(3));
    expect(Math.abs(constants.g![0]! * constants.l![0]! - 1)).toBeLessThan(0.05);
    expect(standardErrors).toEqual({ g: Float64Array.of(Infinity), l: Float64Array.of(Infinity) });
    expect(uncertainty!.indistinguishable.map(({ names, networks }) => ({ names, networks }))).toEqual([
      { names: ["g", "l"], networks: [] },
    ]);
    // g l stays the same along it
    const [dg, dl] = uncertainty!.indistinguishable[0]!.direction as [number, number];
    expect(Math.abs(dg * constants.l![0]! + dl * constants.g![0]!)).toBeLessThan(1e-6);
  });

  it("name a constant without effect, which stays what it was", async () => {
    const { constants, uncertainty } = await fitted("p^2/2 - k cos(q) + h; k = 2 learn; h = 7 learn", swings);
    expect(constants.h).toEqual(Float64Array.of(7));
    expect(uncertainty!.indistinguishable).toEqual([{ names: ["h"], direction: [1], networks: [] }]);
    expect(uncertainty!.standardErrors.h).toEqual(Float64Array.of(Infinity));
  });

  it("of arrays are told entry by entry", async () => {
    const { uncertainty, constants } = await fitted("p^2/2 - k[1] cos(q) + k[2] q^4; k = [2, 1] learn", noisy(2));
    expect(uncertainty!.names).toEqual(["k[1]", "k[2]"]);
    expect(constants.k!.length).toBe(2);
    expect(uncertainty!.standardErrors.k!.every((error) => error > 0 && error < 0.02)).toBe(true);
    expect(uncertainty!.correlation.data[1]).toBe(uncertainty!.correlation.data[2]);
  });

  it("are those of friction too, which a network model learns", async () => {
    const model = models.dissipative.create({ dimension: 2, hidden: [6] });
    const options = { optimiser: "levenberg-marquardt", steps: 30, weightDecay: 1e-4 } as const;
    const { standardErrors, constants } = await train(model, noisy(1), options);
    expect(standardErrors!.friction![0]).toBeGreaterThan(0);
    expect(constants.friction![0]).toBeLessThan(0.1);
  });
});

describe("bounds", () => {
  it.each([
    ["linear", "a p^2 + b (1 - cos(q)); a = 0.4 learn in [0, 9]; b = 0.5 learn in [0, 0.8]", "solved within bounds"],
    ["levenberg-marquardt", "p^2/(2 m) + b (1 - cos(q)); m = 2 learn in [0, 9]; b = 0.5 learn in [0, 0.8]", "gradient"],
  ])("%s: a constant ends on its bound, and has no error bar", async (optimiser, text, end) => {
    const found = await fitted(text, noisy(1));
    expect([found.optimiser, found.end]).toEqual([optimiser, end]);
    expect(found.constants.b![0]).toBeCloseTo(0.8, 10);
    expect(found.uncertainty!.atBound).toEqual(["b"]);
    expect(found.standardErrors!.b![0]).toBeNaN();
    const other = optimiser === "linear" ? "a" : "m";
    expect(found.standardErrors![other]![0]).toBeGreaterThan(0);
  });
});

describe("`linear` refuses what is not", () => {
  it.each([
    ["p^2/(2 m) - k cos(q); m = 2 learn; k = 1 learn", "these are not in `m`"],
    ["p^2/2 - g l cos(q); g = 2 learn; l = 1 learn", "these are not in some of them together"],
    ["p^2/2 - cos(w q) + u q^2; w = 2 learn in [1, 3]; u = 1 learn", "these are not in `w`"],
  ])("%s", async (text, message) => {
    const fault = fitted(text, swings, { optimiser: "linear" });
    await expect(fault).rejects.toMatchObject({
      kind: "usage",
      code: "not-linear",
      hint: "use the optimiser `levenberg-marquardt`, or `lbfgs` where there are networks",
    });
    await expect(fault).rejects.toThrow(message);
  });

  it("networks with hidden layers", async () => {
    const fault = train(models.hnn.create({ dimension: 2, hidden: [3] }), swings, { optimiser: "linear" });
    await expect(fault).rejects.toThrow("`energy.weight1`, `energy.bias1`");
  });
});

/** y = f(x) as the motion of H = p f(q) at p = 0, where ṗ = 0 whatever f. */
const asMotion: Readonly<Record<string, string>> = {
  MGH09: "p a (q^2 + q b)/(q^2 + q c + d)",
  Eckerle4: "p*(a/b)*exp(-((q - c)/b)^2/2)",
  Rat43: "p a (1 + exp(b - c q))^(-1/d)",
};

describe("NIST's nonlinear problems as motions: certified values to 7 digits, deviations to 5", () => {
  const runs = nonlinearProblems.flatMap((problem) => {
    const text = asMotion[problem.name];
    return text === undefined ? [] : [[problem.name, problem, text] as const];
  });
  it.each(runs)("%s", async (_, problem: NonlinearProblem, text) => {
    const start = problem.starts[1]!;
    const names = ["a", "b", "c", "d"].slice(0, start.length);
    const m = problem.x.length;
    const data = makeDataset({
      coordinates: ["q"],
      momenta: ["p"],
      states: Float64Array.from(problem.x.flatMap((x) => [x, 0])),
      derivatives: Float64Array.from(problem.y.flatMap((y) => [y, 0])),
    });
    const constants = names.map((name, k) => `${name} = ${start[k]} learn`).join("; ");
    const found = await fitted(`${text}; ${constants}`, data, { optimiser: "levenberg-marquardt", steps: 500 });
    // the rows of ṗ count as observations: m − n degrees of freedom are 2 m − n here
    const factor = Math.sqrt((2 * m - names.length) / (m - names.length));
    names.forEach((name, k) => {
      expect(Math.abs(found.constants[name]![0]! / problem.certified[k]! - 1), name).toBeLessThan(1e-7);
      const error = factor * found.standardErrors![name]![0]!;
      expect(Math.abs(error / problem.deviations[k]! - 1), name).toBeLessThan(1e-5);
    });
  });
});

describe("a constant beside a network", () => {
  it("is told apart from it by weight decay, with an error bar", async () => {
    const data = withTestRuns(swings, 1);
    const model = models.hybrid.create({
      dimension: 2,
      prior: parseModel("p^2/(2 m) + V(q); m = 2 learn in [0.1, 10]"),
      hidden: [8],
    });
    const options = { optimiser: "levenberg-marquardt", steps: 60, weightDecay: 1e-6 } as const;
    const { constants, standardErrors, testLoss } = await train(model, data, options);
    expect(Math.abs(constants.m![0]! - 1)).toBeLessThan(1e-3);
    expect(standardErrors!.m![0]).toBeGreaterThan(0);
    expect(testLoss).toBeLessThan(1e-4);
  });
});
