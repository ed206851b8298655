import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileModel } from "../../src/compile.ts";
import { tensorBytes } from "../../src/data/tensors.ts";
import { HnncError } from "../../src/errors.ts";
import { type ModelDescription, modelOf } from "../../src/hnn/description.ts";
import { loadModel } from "../../src/hnn/load.ts";
import type { TrainableModel } from "../../src/hnn/model.ts";
import type { models } from "../../src/hnn/models.ts";
import { type SavedModel, saveModel } from "../../src/hnn/save.ts";
import { wave } from "./parameter-gradient.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hnnc-save-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

const names = { coordinates: ["x", "y"], momenta: ["px", "py"] } as const;
const normalisation = { shift: [0.1, 0.2, -0.3, 1 / 3], scale: [1, 2, 0.5, 4], rates: [1, 1, 3, 1], energy: 1.7 };
const prior = {
  text: "(px^2 + py^2)/(2 m) + k (x^2 + y^2) + V(x, y); m = 2; k = 0.3 learn in [0, 3]",
  parameters: { m: 3.7 },
};

const descriptions: Readonly<Record<keyof typeof models, ModelDescription>> = {
  hnn: { family: "hnn", ...names, hidden: [5, 4], activation: "softplus" },
  separable: { family: "separable", ...names, hidden: [5], normalisation },
  dissipative: { family: "dissipative", ...names, hidden: [4] },
  hybrid: {
    ...{ family: "hybrid", ...names, hidden: [4], prior, learn: ["m"], residual: true, normalisation },
    functions: { V: { hidden: [3], activation: "sin" } },
  },
  "random-features": {
    ...{ family: "random-features", ...names, features: 7, featureSeed: 3, normalisation },
    prior: { text: "(px^2 + py^2)/(2 m) + k (x^2 + y^2); m = 2; k = 0.3 learn" },
  },
  mlp: { family: "mlp", ...names, hidden: [6] },
  lstm: { family: "lstm", ...names, hidden: [3] },
};

/** Numbers that no initialisation would give, some of them without a short decimal. */
function parametersOf(description: ModelDescription): Float64Array {
  return wave(modelOf(description).parameters.count, 5).map((value, k) => value * 1.37 ** (k % 11));
}

async function saved(description = descriptions.hnn, more: Partial<SavedModel> = {}): Promise<Float64Array> {
  const parameters = parametersOf(description);
  await saveModel(folder, { description, parameters, ...more });
  return parameters;
}

describe("what was saved is loaded to the bit", () => {
  test.each(Object.values(descriptions))("$family", async (description) => {
    const parameters = await saved(description);
    const loaded = await loadModel(folder);
    expect(loaded.description).toEqual(description);
    expect(loaded.parameters).toEqual(parameters);
    // ranges hold functions, which are never equal
    const slicesOf = ({ parameters }: TrainableModel) => parameters.slices.map(({ range: _, ...slice }) => slice);
    expect(slicesOf(loaded.model)).toEqual(slicesOf(modelOf(description)));
    expect(readdirSync(folder).sort()).toEqual(["model.json", "model.safetensors"]);
    expect((await loadModel(at("model.json"))).parameters).toEqual(parameters);
  });

  test("the formula of it has the same networks and constants", async () => {
    const parameters = await saved(descriptions.hybrid);
    const wanted = modelOf(descriptions.hybrid).formula!(parameters);
    const found = (await loadModel(folder)).formula();
    expect(found.hamiltonian).toBe(wanted.hamiltonian);
    expect(found.networks).toEqual(wanted.networks);
    expect([...found.networks!.keys()].sort()).toContain("V");
    expect(found.parameters).toEqual(wanted.parameters);
    const x = [0.3, -0.2, 1.1, 0.7];
    expect(compileModel(found).field(x)).toEqual(compileModel(wanted).field(x));
    const other = modelOf({ ...descriptions.hybrid, prior: { text: prior.text } });
    expect(other.formula!(parameters).parameters).not.toEqual(wanted.parameters);
  });

  test("constants, their errors, the region, metrics and provenance", async () => {
    const description = descriptions.hybrid;
    const region = { names: ["x", "y", "px", "py"], low: [-1, -2, -3, -4], high: [1, 2, 3, 4] };
    await saved(description, {
      standardErrors: { k: [0.25], m: [Number.POSITIVE_INFINITY] },
      region,
      metrics: { trainLoss: 1 / 3, testLoss: Number.NaN },
      provenance: { seed: 7, engine: { engine: "onnx", runtime: "x", threads: 2 }, data: { formula: "p^2" } },
    });
    const loaded = await loadModel(folder);
    expect(Object.keys(loaded.constants).sort()).toEqual(["k", "m"]);
    expect(loaded.standardErrors).toEqual({ k: Float64Array.of(0.25), m: Float64Array.of(Number.POSITIVE_INFINITY) });
    expect(loaded.region).toEqual(region);
    expect(loaded.metrics).toEqual({ trainLoss: 1 / 3, testLoss: Number.NaN });
    expect(loaded.provenance).toMatchObject({ hnnc: "0.1.0", seed: 7, data: { formula: "p^2" } });
    const { constants } = JSON.parse(readFileSync(at("model.json"), "utf8"));
    expect(constants.k).toEqual({ value: loaded.constants.k![0], standardError: 0.25 });
  });

  test("a baseline is no formula", async () => {
    await saved(descriptions.mlp);
    const { formula } = await loadModel(folder);
    expect(formula).toThrow("the model `mlp` has no energy, so that it is no formula");
  });
});

async function refusal(path = folder): Promise<HnncError> {
  const error: unknown = await loadModel(path).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HnncError) return error;
  throw new Error(`not refused: ${error}`);
}

describe("model.json", () => {
  type Change = (file: Record<string, unknown> & { description: Record<string, unknown> }) => unknown;
  const change = (make: Change) => {
    const file = JSON.parse(readFileSync(at("model.json"), "utf8"));
    const changed = make(file) ?? file;
    writeFileSync(at("model.json"), typeof changed === "string" ? changed : JSON.stringify(changed));
  };
  const inDescription = (more: object): Change => {
    return (file) => ({ ...file, description: { ...file.description, ...more } });
  };

  test.each<readonly [what: string, change: Change, message: string]>([
    ["no JSON", () => "{", "it is not JSON"],
    ["another format", (file) => ({ ...file, format: "hnn" }), '`format` is "hnnc model", not "hnn"'],
    ["a later version", (file) => ({ ...file, version: 2 }), "`version` is 2, and this hnnc reads versions up to 1"],
    ["a version in words", (file) => ({ ...file, version: "1" }), "`version` is a whole number from 1 on"],
    ["an unknown key", (file) => ({ ...file, extra: 1 }), "there is no key `extra`"],
    ["one within", inDescription({ hiden: [3] }), "there is no key `description.hiden`"],
    ["a key that is missing", ({ description: _, ...rest }) => rest, "the key `description` is missing"],
    ["units in words", inDescription({ hidden: [5, "4"] }), "`description.hidden[2]` is a whole number from 1 to"],
    ["units without end", inDescription({ hidden: [1e15] }), "`description.hidden[1]` is a whole number from 1 to"],
    [
      "layers without end",
      inDescription({ hidden: new Array(1e5).fill(1) }),
      "at most 64 entries, not a list of 100000",
    ],
    ["an unknown family", inDescription({ family: "resnet" }), "`description.family` is one of hnn"],
    ["the prototype as a family", inDescription({ family: "toString" }), "`description.family` is one of hnn"],
    ["an unknown activation", inDescription({ activation: "gelu" }), "`description.activation` is one of tanh"],
    ["a momentum too many", inDescription({ momenta: ["a", "b", "c"] }), "2 coordinates do not pair with 3 momenta"],
    [
      "a scale of 0",
      inDescription({ normalisation: { ...normalisation, scale: [0] } }),
      "`description.normalisation.sc",
    ],
    ["a formula for a list", inDescription({ learn: "k" }), "`description.learn` is a list"],
    ["a family without its formula", inDescription({ family: "hybrid" }), "the model `hybrid` needs a formula"],
    ["a metric in words", (file) => ({ ...file, metrics: { a: "b" } }), "`metrics.a` is a number"],
    [
      "a region of another size",
      (file) => ({ ...file, region: { names: ["x"], low: [0], high: [1] } }),
      "`region.names` has 1",
    ],
    ["brackets without end", () => `${'{"a":'.repeat(1e4)}1${"}".repeat(1e4)}`, "it is nested more than 64 deep"],
    ["a constant it has not", (file) => ({ ...file, constants: { g: { value: 1 } } }), "`constants.g` is 1, and the"],
    ["weights of another file", (file) => ({ ...file, weights: "00" }), "not the file that was written together"],
  ])("%s: 4", async (_, make, message) => {
    await saved();
    change(make);
    const error = await refusal();
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(4);
  });

  test.each(["", "description", "provenance", "metrics"])("`__proto__` in `%s`: 4", async (place) => {
    await saved(descriptions.hnn, { metrics: { trainLoss: 1 } });
    const text = readFileSync(at("model.json"), "utf8");
    const poison = '"__proto__": {"polluted": 1}, ';
    const open = place === "" ? "{" : `"${place}": {`;
    writeFileSync(at("model.json"), text.replace(open, `${open}${poison}`));
    const error = await refusal();
    expect(error.message).toContain(`there is no key \`${place === "" ? "" : `${place}.`}__proto__\``);
    expect(error.exitCode).toBe(4);
    expect("polluted" in {}).toBe(false);
  });

  test("a constant that was changed by hand is refused, not ignored", async () => {
    await saved(descriptions.hybrid);
    change((file) => ({ ...file, constants: { k: { value: 3 } } }));
    expect((await refusal()).message).toMatch(/`constants.k` is 3, and the weights say \d/);
  });

  test("an empty folder, a run that has not ended, nothing: 4 and 9", async () => {
    expect((await refusal()).format()).toContain("there is no model.json in it");
    writeFileSync(at("config.json"), "{}");
    expect((await refusal()).format()).toContain("hint: its run has not ended: --resume goes on with it");
    expect((await refusal(at("none"))).exitCode).toBe(9);
  });
});

describe("model.safetensors", () => {
  const zeros = (shape: readonly number[]) => ({ shape, values: new Float64Array(shape.reduce((a, b) => a * b, 1)) });
  const write = (tensors: Readonly<Record<string, readonly number[]>>) => {
    const all = Object.entries(tensors).map(([name, shape]) => [name, zeros(shape)]);
    writeFileSync(at("model.safetensors"), tensorBytes(Object.fromEntries(all)));
  };

  test("other shapes, another name, one more, one less, NaN: 4", async () => {
    await saved();
    const file = JSON.parse(readFileSync(at("model.json"), "utf8"));
    writeFileSync(at("model.json"), JSON.stringify({ ...file, weights: undefined }));
    const names = modelOf(descriptions.hnn).parameters.slices;
    const right = Object.fromEntries(names.map(({ name, shape }) => [name, shape]));
    write(right);
    expect((await loadModel(folder)).parameters.every((each) => each === 0)).toBe(true);
    const [first, second] = Object.keys(right) as [string, string];
    write({ ...right, [first]: [5, 4] });
    expect((await refusal()).message).toContain(`tensor \`${first}\` is [5, 4], where [4, 5] is needed`);
    write({ ...right, "../../etc/passwd": [1] });
    expect((await refusal()).message).toContain("tensor `../../etc/passwd` does not belong here");
    const { [second]: _, ...fewer } = right;
    write(fewer);
    expect((await refusal()).message).toContain(`it has no tensor \`${second}\``);
    const spoiled = Object.entries(right).map(([name, shape]) => [name, zeros(shape)] as const);
    spoiled[1]![1].values[2] = Number.NaN;
    writeFileSync(at("model.safetensors"), tensorBytes(Object.fromEntries(spoiled)));
    const error = await refusal();
    expect(error.message).toContain(`entry 3 of tensor \`${second}\` is NaN`);
    expect(error.exitCode).toBe(4);
  });

  test("a truncation anywhere: 4", async () => {
    await saved();
    const bytes = readFileSync(at("model.safetensors"));
    for (let length = 0; length < bytes.length; length += 7) {
      writeFileSync(at("model.safetensors"), bytes.subarray(0, length));
      expect((await refusal()).exitCode, `${length} bytes`).toBe(4);
    }
  });

  test("weights of 2^40 bytes are refused before they are read", async () => {
    await saved();
    truncateSync(at("model.safetensors"), 2 ** 40);
    expect((await refusal()).exitCode).toBe(4);
  });

  test.each(["model.json", "model.safetensors"])("%s as a symbolic link, or as a folder: 4", async (name) => {
    await saved();
    renameSync(at(name), at("elsewhere"));
    symlinkSync("elsewhere", at(name));
    const error = await refusal();
    expect(error.message).toContain("it is a symbolic link");
    expect(error.exitCode).toBe(4);
    rmSync(at(name));
    mkdirSync(at(name));
    expect((await refusal()).message).toContain("it is a directory");
  });

  test("saving does not write through a link either", async () => {
    writeFileSync(at("precious"), "precious");
    symlinkSync("precious", at("model.json"));
    symlinkSync("nowhere", at("model.safetensors"));
    const parameters = await saved();
    expect(readFileSync(at("precious"), "utf8")).toBe("precious");
    expect(existsSync(at("nowhere"))).toBe(false);
    expect((await loadModel(folder)).parameters).toEqual(parameters);
  });
});

describe("saving refuses", () => {
  test("weights that are not finite: 6, the old model stays", async () => {
    const parameters = await saved();
    const error = await saveModel(folder, { description: descriptions.hnn, parameters: parameters.with(7, Number.NaN) })
      .then(() => undefined)
      .catch((thrown: HnncError) => thrown);
    expect(error).toMatchObject({ kind: "diverged", code: "not-finite" });
    expect((await loadModel(folder)).parameters).toEqual(parameters);
  });

  test("a vector of another length, and a description that could not be read", async () => {
    const description = descriptions.hnn;
    await expect(saveModel(folder, { description, parameters: new Float64Array(3) })).rejects.toThrow(
      "parameters, not 3",
    );
    const parameters = parametersOf(description);
    const region = { names: ["x"], low: [Number.NEGATIVE_INFINITY], high: [1] };
    await expect(saveModel(folder, { description, parameters, region })).rejects.toThrow("`region.low[1]` is a number");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a folder that is a file: 9", async () => {
    writeFileSync(at("file"), "");
    const parameters = parametersOf(descriptions.hnn);
    const saving = saveModel(at("file"), { description: descriptions.hnn, parameters });
    await expect(saving).rejects.toMatchObject({ kind: "io" });
  });
});
