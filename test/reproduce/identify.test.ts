import { describe, expect, it } from "vitest";
import { compile, readModel } from "../../src/compile.ts";
import { selectPart } from "../../src/data/select.ts";
import { constantsOf } from "../../src/hnn/constants.ts";
import { models } from "../../src/hnn/models.ts";
import { compiledField } from "../../src/hnn/plain-field.ts";
import { armErrors } from "../../src/reproduce/arm-errors.ts";
import { identify } from "../../src/reproduce/identify.ts";
import { fieldPredictor } from "../../src/train/evaluate/roll-out.ts";
import { swingingArm } from "./swinging-arm.ts";

const truth = "p^2/2 + 60 cos(q); damping p = 0.3";
const accuracy = [1e-3, 0.02] as const;
const measured = swingingArm(truth);

describe("identify", () => {
  it("finds constants within four standard errors, and a misfit of 1, from noisy first rows", async () => {
    const prior = readModel("p^2/2 + K cos(q); K = 50 learn; damping p = c; c = 0 learn");
    const model = models.hybrid.create({ dimension: 2, prior, residual: false });
    const training = selectPart(measured, "train");
    const parameters = model.parameters.initial(0);
    const found = await identify(model, training, { accuracy, every: 1, parameters });
    // 800 residuals less what was fitted: 1 within 10 %
    expect(found.misfit).toBeCloseTo(1, 0.9);
    const constants = constantsOf(model, found.parameters);
    // K is learned in units of its first value, c as it is
    expect(Math.abs(constants.K![0]! - 60)).toBeLessThan(4 * 50 * found.standardErrors[0]!);
    expect(Math.abs(constants.c![0]! - 0.3)).toBeLessThan(4 * found.standardErrors[1]!);
    expect(found.standardErrors[1]).toBeLessThan(0.01);
  });
});

describe("errors of the arm's angle", () => {
  const quiet = swingingArm(truth, { noise: [0, 0] });
  const predictorOf = (formula: string) => fieldPredictor(compiledField(compile(formula)), 1e-10);

  it("are nothing where the model is the truth", () => {
    const errors = armErrors(predictorOf(truth), quiet, "test", 0.5);
    expect(errors.perRun.length).toBe(1);
    expect(errors.rollOut).toBeLessThan(1e-7);
    expect(errors.ahead).toBeLessThan(1e-7);
  });

  it("grow with a wrong constant, and are those of the part that is asked for", () => {
    const wrong = predictorOf("p^2/2 + 60 cos(q); damping p = 0.35");
    const testing = armErrors(wrong, quiet, "test", 0.5);
    const training = armErrors(wrong, quiet, "train", 0.5);
    expect(training.perRun.length).toBe(2);
    expect(training.rollOut).toBeCloseTo(Math.hypot(...training.perRun) / Math.SQRT2, 12);
    // larger swings, larger errors
    expect(training.rollOut).toBeGreaterThan(testing.rollOut);
    expect(testing.ahead).toBeGreaterThan(1e-3);
  });
});
