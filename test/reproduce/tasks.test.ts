import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.ts";
import { makeDataset } from "../../src/data/dataset.ts";
import { compiledField } from "../../src/hnn/plain-field.ts";
import { fieldLoss } from "../../src/reproduce/field-loss.ts";
import { measuredData, realPendulum } from "../../src/reproduce/real-pendulum.ts";
import type { Task, TaskData } from "../../src/reproduce/task.ts";
import { tasks } from "../../src/reproduce/tasks.ts";
import { referenceFile } from "./reference-data.ts";

const sizes: Readonly<Record<string, { readonly train: number; readonly test: number; readonly width: number }>> = {
  spring: { train: 750, test: 750, width: 2 },
  pendulum: { train: 1125, test: 1125, width: 2 },
  "two-body": { train: 40_000, test: 10_000, width: 8 },
  "three-body": { train: 80_000, test: 20_000, width: 12 },
};
const simulated = Object.values(tasks).filter(({ canGenerate }: Task) => canGenerate);

function requireShape({ dataset, starts }: TaskData, name: string): void {
  const { train, test, width } = sizes[name]!;
  const testing = dataset.test!.reduce((total, mark) => total + mark, 0);
  expect({ rows: dataset.rows, testing }).toEqual({ rows: train + test, testing: test });
  expect(dataset.states.length).toBe(width * (train + test));
  expect(dataset.derivatives!.length).toBe(width * (train + test));
  expect(starts.map(({ length }) => length)).toEqual(new Array(15).fill(width));
  const { start, end } = dataset.runs[1]!;
  expect(dataset.times![start]).toBe(0);
  expect(dataset.times![end - 1]).toBeCloseTo(name === "two-body" ? 20 : name === "three-body" ? 5 : 3, 12);
}

const trueField = (task: Task) => compiledField(compile(task.truth));

describe("generated data", () => {
  it.each(simulated)("$name: the publication's sizes, of the truth's own motion", async (task) => {
    const data = await task.load(undefined);
    requireShape(data, task.name);
    // normal noise of 0.1 on 750 rows leaves the mean square within 20 %; ẋ of spring is twice the state
    const loss = fieldLoss(trueField(task), data.dataset, "test");
    if (task.name === "spring") expect(loss / 0.04).toBeCloseTo(1, 0.7);
    else if (task.name === "pendulum") expect(loss).toBeGreaterThan(0.02);
    else expect(loss).toBeLessThan(1e-18);
  });

  it("of a measurement there are none", async () => {
    await expect(realPendulum.load(undefined)).rejects.toMatchObject({ kind: "io", code: "no-data" });
  });
});

describe("the publication's arrays", () => {
  it.each(simulated)("$name: their sizes, and the noise floor that is stated", async (task: Task) => {
    const file = referenceFile(task.file);
    if (file === undefined) return;
    const data = await task.load(file);
    requireShape(data, task.name);
    const loss = fieldLoss(trueField(task), data.dataset, "test");
    if (task.noiseFloor === undefined) expect(loss).toBeLessThan(1e-12);
    else expect(loss.toExponential(3)).toBe(task.noiseFloor.toExponential(3));
    expect(task.noiseFloor === undefined).toBe(/body/.test(task.name));
  });

  it("real pendulum: 445 rows and 110", async () => {
    const file = referenceFile(realPendulum.file);
    if (file === undefined) return;
    const { dataset, measured, trajectories } = await realPendulum.load(file);
    expect([dataset.rows, dataset.test!.indexOf(1), dataset.test!.lastIndexOf(1)]).toEqual([555, 444, 553]);
    expect(measured!.times.length).toBe(110);
    expect(trajectories!.runs.length).toBe(11);
  });
});

describe("measured rows", () => {
  const times = Float64Array.of(0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12);
  const states = Float64Array.from({ length: 22 }, (_, at) => (at % 2 === 0 ? times[at >> 1]! ** 2 : at));
  const data = measuredData(makeDataset({ coordinates: ["q"], momenta: ["p"], times, states }));

  it("become forward differences, across gaps too", () => {
    expect(data.dataset.rows).toBe(10);
    expect([...data.dataset.derivatives!.slice(0, 8)]).toEqual([1, 2, 3, 2, 7, 2 / 3, 11, 2]);
    expect([...data.dataset.states.slice(0, 2)]).toEqual([0, 1]);
  });

  it("test from 80 % on, and the last that rounding leaves trains", () => {
    // ⌊10 · (1 − 0.8)⌋ is 1 in floating point
    expect([...data.dataset.test!]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect([...data.measured!.times]).toEqual([0]);
    expect([...data.starts[0]!]).toEqual([100, 17]);
  });

  it("are trajectories that end at the gap", () => {
    expect(data.trajectories!.runs.map(({ start, end }) => [start, end])).toEqual([
      [0, 3],
      [3, 11],
    ]);
    expect(data.trajectories!.test!.indexOf(1)).toBe(8);
  });
});
