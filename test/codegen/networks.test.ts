import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain } from "../../src/cli/explain.ts";
import type { Kernels } from "../../src/codegen/load.ts";
import { networkCalls } from "../../src/codegen/program.ts";
import type { Artifact } from "../../src/codegen/target.ts";
import { loadWasm } from "../../src/codegen/wasm/loader.ts";
import { compileModel } from "../../src/compile.ts";
import { findOnnxRuntime } from "../../src/engine/onnx.ts";
import { type OnnxArray, OnnxWorker, sessionOptions } from "../../src/engine/onnx-worker.ts";
import { lowerEquations, overStateVector } from "../../src/graph/equations.ts";
import { evaluateGraph } from "../../src/graph/evaluate.ts";
import type { Model } from "../../src/model.ts";
import { randomStates } from "../support/equations-oracle.ts";
import { boundModel, networkModels, randomNetwork } from "../support/networks.ts";
import { availableBackends, loadTfjsModule, type Tf, tfImport, useBackend } from "../support/tfjs-backends.ts";

const time = 0.7;

const runtime = runtimeFile();

function runtimeFile(): string | undefined {
  try {
    return findOnnxRuntime().file;
  } catch {
    console.warn("onnxruntime-node is not installed: what is emitted for it is not run");
    return undefined;
  }
}

async function load(text: string): Promise<Kernels> {
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Kernels;
}

/** H, gradient and field of some states by the graph interpreter. */
function byGraph(model: Model, states: readonly (readonly number[])[]) {
  const { hamiltonian, gradient, field } = overStateVector(lowerEquations(model));
  const feeds: Record<string, ArrayLike<number>> = { x: states.flat(), t: [time] };
  for (const { name, value } of model.parameters) feeds[`p:${name}`] = [value as number];
  const [energy, slopes, rates] = evaluateGraph([hamiltonian, gradient, field], feeds, states.length);
  const row = (values: Float64Array, b: number) => values.subarray(b * states[0]!.length, (b + 1) * states[0]!.length);
  return states.map((_, b) => ({
    hamiltonian: energy!.values[b]!,
    gradient: row(slopes!.values, b),
    field: row(rates!.values, b),
  }));
}

function off(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const scale = Math.max(1, ...Array.from(wanted, Math.abs));
  return Math.max(...Array.from(found, (value, k) => Math.abs(value - wanted[k]!))) / scale;
}

describe.each(Object.entries(networkModels))("%s", (_name, make) => {
  const model = make();
  const compiled = compileModel(model);
  const states = randomStates(model, 4);
  const expected = byGraph(model, states);

  it.each(["js", "portable js"])("%s = graph (1e-12 of the largest entry: sums in another order)", async (road) => {
    const kernels = await load(compiled.emit("js", { portable: road !== "js" }));
    states.forEach((x, b) => {
      const wanted = expected[b]!;
      expect(off([kernels.hamiltonian(x, undefined, time)], [wanted.hamiltonian])).toBeLessThan(1e-12);
      expect(off(kernels.gradient(x, undefined, undefined, time), wanted.gradient)).toBeLessThan(1e-12);
      expect(off(kernels.field(x, undefined, undefined, time), wanted.field)).toBeLessThan(1e-12);
    });
  });

  it("wasm = portable js to the bit; batches = single states", async () => {
    const { batch, ...single } = await loadWasm(compiled.emit("wasm"));
    const portable = await load(compiled.emit("js", { portable: true }));
    // an odd number, equal neighbours: a state that fills both lanes, and lanes that differ
    const rows = [...states, states[3]!];
    const [energies, gradients, fields] = [
      batch.hamiltonian(rows.flat(), undefined, undefined, time),
      batch.gradient(rows.flat(), undefined, undefined, time),
      batch.field(rows.flat(), undefined, undefined, time),
    ];
    rows.forEach((x, b) => {
      const row = (values: Float64Array) => values.slice(b * x.length, (b + 1) * x.length);
      const energy = portable.hamiltonian(x, undefined, time);
      expect(energies[b]).toBe(energy);
      expect(single.hamiltonian(x, undefined, time)).toBe(energy);
      const gradient = portable.gradient(x, undefined, undefined, time);
      expect(row(gradients)).toEqual(gradient);
      expect(single.gradient(x, undefined, undefined, time)).toEqual(gradient);
      const field = portable.field(x, undefined, undefined, time);
      expect(row(fields)).toEqual(field);
      expect(single.field(x, undefined, undefined, time)).toEqual(field);
    });
  });

  it("wasm with fused multiply-adds = graph (1e-12 of the largest entry)", async () => {
    const { field } = await loadWasm(compiled.emit("wasm", { fma: true }));
    states.forEach((x, b) => {
      expect(off(field(x, undefined, undefined, time), expected[b]!.field)).toBeLessThan(1e-12);
    });
  });
});

describe.each(availableBackends())("TensorFlow.js, %s backend", (backend) => {
  let tf: Tf;
  beforeAll(async () => {
    tf = await useBackend(backend);
  });

  it.each(Object.entries(networkModels))("%s = graph (1e-5: float32), without leaks", async (_name, make) => {
    const compiled = compileModel(make());
    const states = randomStates(compiled.model, 4);
    const expected = byGraph(compiled.model, states);
    const module = await loadTfjsModule(compiled.emit("tfjs", { import: tfImport(tf) }), tf);
    const x = tf.tensor2d(states);
    const before = tf.memory().numTensors;
    const found = [module.hamiltonian(x, {}, time), module.gradient(x, {}, time), module.field(x, {}, time)] as const;
    expect(tf.memory().numTensors).toBe(before + 3);
    const [energy, slopes, rates] = found.map((tensor) => tensor.dataSync());
    const all = (quantity: "gradient" | "field") => expected.flatMap((each) => [...each[quantity]]);
    expect(
      off(
        energy!,
        expected.map(({ hamiltonian }) => hamiltonian),
      ),
    ).toBeLessThan(1e-5);
    expect(off(slopes!, all("gradient"))).toBeLessThan(1e-5);
    expect(off(rates!, all("field"))).toBeLessThan(1e-5);
    tf.dispose([x, ...found]);
  });
});

describe.runIf(runtime !== undefined)("ONNX Runtime", () => {
  let worker: OnnxWorker;
  beforeAll(async () => {
    worker = await OnnxWorker.start(runtime!);
  });
  afterAll(() => worker.close());

  it.each(Object.entries(networkModels))("%s = graph (1e-12 of the largest entry: f64)", async (_name, make) => {
    const compiled = compileModel(make());
    const states = randomStates(compiled.model, 4);
    const session = await worker.ask("create", { bytes: compiled.emit("onnx"), options: sessionOptions("f64", 1) });
    const x: OnnxArray = { type: "float64", dims: [4, states[0]!.length], data: Float64Array.from(states.flat()) };
    const t: OnnxArray = { type: "float64", dims: [], data: Float64Array.of(time) };
    const { outputs } = await worker.ask("run", {
      session,
      feeds: compiled.meta.timeDependent ? { x, t } : { x },
      keep: {},
    });
    await worker.ask("release", { session });
    const expected = byGraph(compiled.model, states);
    const data = (name: string) => outputs[name]!.data as Float64Array;
    expect(
      off(
        data("hamiltonian"),
        expected.map(({ hamiltonian }) => hamiltonian),
      ),
    ).toBeLessThan(1e-12);
    for (const quantity of ["gradient", "field"] as const) {
      expect(
        off(
          data(quantity),
          expected.flatMap((each) => [...each[quantity]]),
        ),
      ).toBeLessThan(1e-12);
    }
  });
});

describe("written to files", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hnnc-networks-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("modules run without anything beside them", async () => {
    const compiled = compileModel(networkModels.whole!());
    const x = [0.4, -0.7];
    const wanted = [...compiled.field(x)];
    const { bytes, loader } = compiled.artifact("wasm") as Extract<Artifact, { kind: "bytes" }>;
    const files = { "own.mjs": compiled.emit("js"), "kernel.wasm": bytes, "kernel.mjs": loader! };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const script = `
      import { field, meta } from "./own.mjs";
      import { load } from "./kernel.mjs";
      const wasm = await load();
      console.log(JSON.stringify([[...field([${x}])], [...wasm.field([${x}])], meta.functions]));
    `;
    await writeFile(join(folder, "run.mjs"), script);
    const { stdout, stderr } = spawnSync(process.execPath, ["run.mjs"], { cwd: folder, encoding: "utf8" });
    expect(stderr).toBe("");
    const [own, wasm, functions] = JSON.parse(stdout) as [number[], number[], object];
    expect(own).toEqual(wanted);
    expect(off(wasm, wanted)).toBeLessThan(1e-14);
    expect(functions).toEqual({ N: "network 2-64-64-1, tanh" });
  });
});

describe("what is said of networks", () => {
  const compiled = compileModel(networkModels.separable!());

  it("in emitted texts, and in the analysis: sizes, no weights", () => {
    expect(compiled.emit("js").split("\n").slice(0, 4)).toEqual([
      "// H = T(p) + V(q)",
      "// state x = [q, p], field = [dH/dp, -dH/dq]",
      "// T is a network 1-12-7-1, swish",
      "// V is a network 1-32-32-1, sin",
    ]);
    expect(compiled.latex).toBe("T\\left(p\\right) + V\\left(q\\right)");
    const analysis = compiled.emit("json");
    expect(analysis.length).toBeLessThan(5000);
    expect(JSON.parse(analysis)).toMatchObject({
      separable: true,
      networks: [
        { name: "T", layers: [{ inputs: 1, outputs: 12, activation: "swish" }, { outputs: 7 }, { activation: null }] },
        { name: "V" },
      ],
    });
  });

  it("by --explain", () => {
    const text = explain(compiled, (_style, words) => words);
    expect(text).toContain("T           a network 1-12-7-1, swish\n");
    expect(text).toContain("explicit symplectic splitting");
  });
});

describe("third derivatives of networks", () => {
  const model = boundModel("p^2/2 + V''(q)^2", { V: randomNetwork([1, 9, 1], "tanh", 3) });

  it("are refused by kernels", () => {
    expect(() => compileModel(model).field([0.1, 0.2])).toThrow(
      expect.objectContaining({
        kind: "formula",
        code: "network-derivative",
        message: "a third derivative of the network `V` is needed: kernels have the first two only",
        hint: "the targets tfjs and onnx have derivatives of any order",
      }),
    );
  });

  it("leave the analysis without counts of operations", () => {
    expect(JSON.parse(compileModel(model).emit("json"))).toMatchObject({ operations: null });
  });

  it("are no matter where only the energy is asked for", () => {
    const { hamiltonian } = compileModel(model);
    expect(Math.abs(hamiltonian([0.1, 0.2]) - byGraph(model, [[0.1, 0.2]])[0]!.hamiltonian)).toBeLessThan(1e-14);
  });
});

describe("calls of a network at equal arguments", () => {
  const shared = (text: string) => {
    const model = boundModel(text, { V: randomNetwork([1, 5, 1]) });
    return networkCalls(compileModel(model).source.program("field").body);
  };

  it.each([
    ["value, then slope", "p^2/2 + V(q) V(q)", true, 1, 0],
    ["slope, then value", "p^2/2 + q^2 V(q)", true, 1, 0],
    ["value, slope and second derivative", "p^2/2 + V(q) V'(q)", true, 1, 1],
    ["slope alone", "p^2/2 + V(q)", false, 1, 0],
  ])("are one statement: %s", (_what, text, value, slopes, rows) => {
    const calls = shared(text);
    expect(calls).toHaveLength(1);
    const [call] = calls as [(typeof calls)[0]];
    expect(call.value !== undefined).toBe(value);
    expect(call.slopes.filter((id) => id !== undefined)).toHaveLength(slopes);
    expect(call.curvatures).toHaveLength(rows);
  });

  it("are two where arguments differ, and stand in the loop of a sum", () => {
    expect(shared("p^2/2 + V(q) + V(2 q)")).toHaveLength(2);
    expect(shared("sum(p[i]^2/2 + V(q[i]), i = 1..9)")).toHaveLength(1);
  });
});
