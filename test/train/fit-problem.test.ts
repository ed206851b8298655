import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadedEngine } from "../../src/engine/engine.ts";
import { reference } from "../../src/engine/reference.ts";
import { models } from "../../src/hnn/models.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { type FitProblem, fitGraph, openFit } from "../../src/train/fit-problem.ts";
import { type LossName, losses } from "../../src/train/losses.ts";
import { squaresOf } from "../../src/train/squares.ts";
import { installedEngines } from "../engine/installed.ts";
import { pendulumRuns } from "./pendulum-data.ts";

const starts = [
  [1, 0],
  [0.2, 1.1],
] as const;
const data = pendulumRuns(starts, { points: 5, dt: 0.3 });
const grey =
  "p^2/(2 m) - k cos(w q); m = 2 learn in [0.1, 9]; k = 0.5 learn; w = 1.2 learn; damping p = c; c = 0.2 learn";

const cases = {
  hnn: () => models.hnn.create({ dimension: 2, hidden: [3, 4] }),
  dissipative: () => models.dissipative.create({ dimension: 2, hidden: [4], activation: "softplus" }),
  "grey box": () => models.hybrid.create({ dimension: 2, prior: parseModel(grey), residual: false }),
  "grey box and network": () =>
    models.hybrid.create({ dimension: 2, prior: parseModel(grey), residual: true, hidden: [3] }),
};
type Case = keyof typeof cases;

const tried: readonly (readonly [Case, LossName])[] = [
  ["hnn", "derivatives"],
  ["dissipative", "midpoint"],
  ["grey box", "derivatives"],
  ["grey box and network", "one-step"],
  ["grey box", "roll-out"],
  ["hnn", "roll-out"],
];

function open(engine: LoadedEngine, [name, loss]: readonly [Case, LossName], precision: "f32" | "f64" = "f64") {
  const model = cases[name]();
  const samples = losses[loss].samples(data, "train", { length: 2 });
  const graph = fitGraph({ model, loss: losses[loss], samples, residualPenalty: model.residual ? 0.3 : 0 });
  return openFit(engine, graph, { precision, first: model.parameters.initial(1), weightDecay: 0.02 });
}

/** ∂ residuals / ∂ parameters by central differences of the interpreter: good to about 1e-9 of what is of order one. */
async function differences(problem: Pick<FitProblem, "residuals">, at: Float64Array): Promise<Float64Array> {
  const step = 1e-5;
  const columns: Float64Array[] = [];
  for (const [j, value] of at.entries()) {
    const high = await problem.residuals(at.with(j, value + step));
    const low = await problem.residuals(at.with(j, value - step));
    columns.push(high.map((each, i) => (each - low[i]!) / (2 * step)));
  }
  return Float64Array.from({ length: columns[0]!.length * at.length }, (_, flat) => {
    return columns[flat % at.length]![Math.floor(flat / at.length)]!;
  });
}

const engines = (await installedEngines()).flatMap((engine) =>
  engine.precisions.map((precision) => ({ engine, name: engine.name, precision })),
);
const tolerances = { f64: 1e-8, f32: 1e-4 } as const;

describe.each(engines)("$name in $precision, against central differences", ({ engine, precision }) => {
  let loaded: LoadedEngine;
  beforeAll(async () => {
    loaded = await engine.load();
  });
  afterAll(() => loaded.close());

  const expectClose = (found: ArrayLike<number>, wanted: ArrayLike<number>) => {
    expect(found.length).toBe(wanted.length);
    for (let k = 0; k < found.length; k++) {
      const error = Math.abs(found[k]! - wanted[k]!) / (1 + Math.abs(wanted[k]!));
      expect(error, `entry ${k}`).toBeLessThan(tolerances[precision]);
    }
  };

  it.each(tried)("%s, %s: gradient, Jacobian, and what the one says of the other", async (...which) => {
    const [problem, plain] = [open(loaded, which, precision), open(await reference.load(), which)];
    const at = problem.first.map((value, k) => value + 0.1 * Math.sin(k));
    const wanted = await differences(plain, at);
    expectClose(await problem.jacobian(at), wanted);
    const { value, gradient } = await problem.objective(at);
    const residuals = await plain.residuals(at);
    const decays = problem.set.slices.flatMap(({ decays: each, size }) => new Array<number>(size).fill(each ? 1 : 0));
    const squares = residuals.reduce((total, each) => total + each * each, 0);
    const held = at.reduce((total, each, k) => total + decays[k]! * each * each, 0);
    expectClose([value], [squares / problem.rows + 0.01 * held]);
    const slopes = at.map((each, j) => {
      const product = residuals.reduce((total, residual, i) => total + residual * wanted[i * at.length + j]!, 0);
      return (2 * product) / problem.rows + 0.02 * decays[j]! * each;
    });
    expectClose(gradient, slopes);
    await problem.close();
  });
});

describe("squares in natural coordinates", () => {
  it.each(tried.slice(2, 4))(
    "%s, %s: constants in their units, a row for each weight that decays",
    async (...which) => {
      const problem = open(await reference.load(), which);
      const squares = squaresOf(problem);
      const rows = await squares.residuals(squares.first);
      const { value } = await problem.objective(problem.first);
      expect(rows.reduce((total, each) => total + each * each, 0) / problem.rows).toBeCloseTo(value, 12);
      expect(squares.first.slice(0, 4).map((each) => Math.round(each * 1e9) / 1e9)).toEqual(
        Float64Array.of(2, 0.5, 1.2, 0.2),
      );
      const found = await squares.jacobian(squares.first);
      const wanted = await differences(squares, squares.first);
      found.forEach((each, k) => {
        expect(Math.abs(each - wanted[k]!) / (1 + Math.abs(wanted[k]!)), `entry ${k}`).toBeLessThan(1e-8);
      });
    },
  );
});

it("refuses a Jacobian that memory could not hold, and says what to do", async () => {
  const model = models.hnn.create({ dimension: 2, hidden: [2000, 2000] });
  const samples = losses.derivatives.samples(data, "train");
  const graph = fitGraph({ model, loss: losses.derivatives, samples });
  const problem = openFit(await reference.load(), graph, { precision: "f64", first: new Float64Array(0) });
  await expect(problem.jacobian(problem.first)).rejects.toThrow(
    "20 errors of 4010000 parameters have 80200000 derivatives, and at most 30000000 are held at once",
  );
});
