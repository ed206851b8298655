import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { prepareTraining } from "../../src/cli/training-config.ts";
import { originOf } from "../../src/cli/training-data.ts";
import { remarksOn } from "../../src/cli/training-remarks.ts";
import { refuseOnResume } from "../../src/cli/unused-options.ts";
import { swing } from "../support/training-runs.ts";

const folder = mkdtempSync(join(tmpdir(), "hnnc-training-config-"));
afterAll(() => rmSync(folder, { recursive: true }));
const rows = join(folder, "rows.csv");
writeFileSync(rows, `${["t,q,p", ...swing(1, 0, 30)].join("\n")}\n`);

const few = { trajectories: 5, points: 8, t: [0, 2] as const, noise: 0 };

describe("what is trained", () => {
  test.each([
    ["pendulum", few, "hnn"],
    ["p^2 + V(q)", { ...few, truth: "pendulum" }, "hybrid"],
    ["p^2 + g q^2; g = 1 learn", { ...few, truth: "pendulum" }, "hybrid"],
    ["p^2 + q^2", { ...few, truth: "pendulum" }, "hybrid"],
    ["p^2 + q^2", { data: rows }, "hybrid"],
    [undefined, { data: rows }, "hnn"],
    [undefined, { ...few, truth: "pendulum" }, "hnn"],
    [undefined, { data: rows, model: "lstm" }, "lstm"],
  ] as const)("%s with %j: %s", async (argument, flags, family) => {
    const { config } = await prepareTraining(argument, flags);
    expect(config.description.family).toBe(family);
    expect(config.description.prior === undefined).toBe(family !== "hybrid");
  });

  test("the description says what was asked, and where the rows lie", async () => {
    const { config } = await prepareTraining("p^2 + V(q)", {
      ...few,
      truth: "pendulum",
      learn: { functions: { V: { hidden: [3] } }, parameters: [] },
      hidden: [8, 8],
      activation: "sin",
      residual: true,
    });
    expect(config.description).toMatchObject({
      ...{ coordinates: ["q"], momenta: ["p"], hidden: [8, 8], activation: "sin", residual: true },
      ...{ functions: { V: { hidden: [3] } }, prior: { text: "p^2 + V(q)" } },
    });
    expect(config.description.normalisation!.scale.every((value) => value > 0)).toBe(true);
    expect((await prepareTraining("pendulum", { ...few, normalise: false })).config.description).not.toHaveProperty(
      "normalisation",
    );
  });
});

describe("the rows", () => {
  test("what the catalogue publishes, else ten units of time", async () => {
    expect((await prepareTraining("pendulum", {})).dataset.rows).toBe(50 * 45);
    const { dataset } = await prepareTraining("henon-heiles", { trajectories: 2, points: 3 });
    expect(dataset.times).toEqual(Float64Array.of(0, 5, 10, 0, 5, 10));
  });

  test("more than 2048 for training are taken in minibatches, unless one says otherwise", async () => {
    const many = { trajectories: 10, points: 300, t: [0, 2] as const, split: 0.2 };
    expect((await prepareTraining("pendulum", many)).config.options.batch).toBe(512);
    expect((await prepareTraining("pendulum", { ...many, batch: 7 })).config.options.batch).toBe(7);
    expect((await prepareTraining("pendulum", few)).config.options.batch).toBeUndefined();
  });

  test("the origin of a run is remembered and read back", async () => {
    const { config } = await prepareTraining("p^2 + V(q)", {
      ...few,
      truth: "pendulum",
      region: { kind: "box", ranges: { q: [-1, 1], p: [-1, 1] } },
      seed: 3,
      split: 0.5,
      splitBy: "run",
    });
    const { data, truth } = config;
    expect(originOf("run", JSON.parse(JSON.stringify({ data, truth })))).toMatchObject({
      data: { kind: "generated", from: { system: "pendulum" }, options: { trajectories: 5, seed: 3 } },
      truth: { system: "pendulum" },
    });
    expect(() => originOf("run", { data: { ...data, more: 1 } })).toThrow(/`run\/config.json` does not say where/);
  });
});

describe("refusals", () => {
  test("a truth in other names than the data's", async () => {
    const flags = {
      data: rows,
      columns: new Map([
        ["x", "q"],
        ["p_x", "p"],
        ["t", "t"],
      ]),
    };
    await expect(prepareTraining("x^2 + p_x^2", { ...flags, truth: "p^2 + q^2" })).rejects.toThrow(
      /true formula's state is q p, the model's is x p_x/,
    );
  });

  test("of a run that goes on only the number of steps and what is written may be said", () => {
    refuseOnResume({ resume: true, output: "run", steps: 3, report: false, json: true, debug: true, normalise: true });
    expect(() => refuseOnResume({ resume: true, weightDecay: 1 })).toThrow(/`--weight-decay` changes nothing/);
    expect(() => refuseOnResume({ resume: true, normalise: false })).toThrow(/`--normalise` changes nothing/);
  });
});

describe("remarks", () => {
  test("none where all can be learned", async () => {
    expect(remarksOn({ ...(await prepareTraining("pendulum", few)), truth: undefined })).toEqual([]);
  });

  test("columns that are the same in all rows", async () => {
    const still = join(folder, "still.csv");
    writeFileSync(still, `t,q,p\n${Array.from({ length: 9 }, (_, k) => `${k},${k === 8 ? 2 : 1},0.3`).join("\n")}\n`);
    const prepared = await prepareTraining(undefined, { data: still });
    expect(remarksOn({ ...prepared, truth: undefined })).toEqual([
      "p is the same in all rows: nothing is learned of how H depends on it",
    ]);
  });
});
