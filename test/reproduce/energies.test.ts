import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.ts";
import { makeDataset } from "../../src/data/dataset.ts";
import { compiledField } from "../../src/hnn/plain-field.ts";
import { energyErrorAlong, truePaths } from "../../src/reproduce/energies.ts";
import { pendulum } from "../../src/reproduce/pendulum.ts";
import { spring } from "../../src/reproduce/spring.ts";
import type { TaskData } from "../../src/reproduce/task.ts";
import { fieldPredictor } from "../../src/train/evaluate/roll-out.ts";

const dataset = makeDataset({ coordinates: ["q"], momenta: ["p"], states: new Float64Array(2) });
const data: TaskData = { dataset, starts: [Float64Array.of(1, 0), Float64Array.of(0.6, 0.3)], origin: "a test" };
const predictorOf = (formula: string) => fieldPredictor(compiledField(compile(formula)), 1e-10);

describe("energy errors", () => {
  it.each([spring, pendulum])("$name: of the true model 0 up to the tolerance of 1e-10 a step", (task) => {
    for (const metric of Object.values(task.metrics)) {
      expect(energyErrorAlong(predictorOf(task.truth), metric, truePaths(task, data, metric))).toBeLessThan(1e-15);
    }
  });

  it("of a spring that is too stiff by ε: H moves by ε(q₀² − q²), in the mean square 3ε²/8 from (1, 0)", () => {
    const epsilon = 1e-3;
    const one = { ...data, starts: data.starts.slice(0, 1) };
    const metric = { ...spring.metrics.trueH, points: 2001, horizon: () => 200 };
    const error = energyErrorAlong(predictorOf(`p^2 + ${1 + epsilon} q^2`), metric, truePaths(spring, one, metric));
    // 64 cycles; the rest of one and ε itself leave less than 1 %
    expect(error / ((3 / 8) * epsilon ** 2)).toBeCloseTo(1, 1.7);
  });

  it("the spring's published horizon grows from 23.8 to 79.4", () => {
    const { horizon } = spring.metrics.published;
    expect([horizon!(0), horizon!(14)].map((end) => end.toFixed(1))).toEqual(["23.8", "79.4"]);
  });

  it("the pendulum's published metric is not H: on the true motion q² + p² moves by more than 1", () => {
    const [path] = truePaths(pendulum, data, pendulum.metrics.published);
    const { states, times } = path!;
    const values = Array.from(times, (_, row) => states[2 * row]! ** 2 + states[2 * row + 1]! ** 2);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.3);
  });

  it("of a motion that is lost at once there is none", () => {
    const metric = pendulum.metrics.trueH;
    const lost = {
      dimension: 2,
      method: "none",
      rollOut: () => ({ times: new Float64Array(0), states: new Float64Array(0), ended: { t: 0, reason: "lost" } }),
    };
    expect(energyErrorAlong(lost, metric, truePaths(pendulum, data, metric))).toBeNaN();
  });
});
