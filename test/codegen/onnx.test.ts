import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Compiled, compile } from "../../src/compile.ts";
import { findOnnxRuntime } from "../../src/engine/onnx.ts";
import { onnxCount } from "../../src/engine/onnx-arrays.ts";
import { type OnnxArray, OnnxWorker, sessionOptions } from "../../src/engine/onnx-worker.ts";
import { systems } from "../../src/systems/systems.ts";
import { randomNumbers } from "../support/random-numbers.ts";

const time = 0.3;
const installed = runtimeFile();

function runtimeFile(): string | undefined {
  try {
    return findOnnxRuntime().file;
  } catch {
    console.warn("onnxruntime-node is not installed: what is emitted for it is not run");
    return undefined;
  }
}

/** The named states of a system, and two beside each, away from equilibria; rounded to f32, so that both can hold them. */
function statesOf(system: (typeof systems)[keyof typeof systems]): number[][] {
  const next = randomNumbers(17);
  const starts = Object.values(system.initialStates).map(({ x0 }) => [...x0]);
  return starts.flatMap((x) => {
    const beside = () => x.map((value) => value + (0.05 + 0.1 * Math.abs(value)) * (next() - 0.5));
    return [x, beside(), beside()].map((state) => state.map(Math.fround));
  });
}

/** The largest error relative to the largest value. */
function error(found: ArrayLike<number>, wanted: readonly number[]): number {
  const scale = Math.max(1, ...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, k) => Math.abs(found[k]! - value))) / scale;
}

describe.runIf(installed !== undefined)("the emitted ONNX model in ONNX Runtime", () => {
  let worker: OnnxWorker;
  beforeAll(async () => {
    worker = await OnnxWorker.start(installed!);
  });
  afterAll(() => worker.close());

  async function run(bytes: Uint8Array, feeds: Record<string, OnnxArray>, options = sessionOptions("f64", 1)) {
    const session = await worker.ask("create", { bytes, options });
    const { outputs } = await worker.ask("run", { session, feeds, keep: {} });
    await worker.ask("release", { session });
    return outputs;
  }

  const batchOf = (states: readonly (readonly number[])[], dtype: "f32" | "f64"): OnnxArray => ({
    type: dtype === "f64" ? "float64" : "float32",
    dims: [states.length, states[0]!.length],
    data: dtype === "f64" ? Float64Array.from(states.flat()) : Float32Array.from(states.flat()),
  });

  const timeOf = ({ meta }: Compiled, dtype: "f32" | "f64"): Record<string, OnnxArray> => {
    const [type, data] =
      dtype === "f64" ? ["float64" as const, Float64Array.of(time)] : ["float32" as const, Float32Array.of(time)];
    return meta.timeDependent ? { t: { type, dims: [], data } } : {};
  };

  // f64: round-off of sums in another order, at states where large terms cancel; f32: the same 2^29 times as coarse
  it.each(Object.entries(systems))(
    "%s: H, gradient, field as compiled (f64 1e-12, f32 2e-5)",
    async (_name, system) => {
      const compiled = compile(system);
      const states = statesOf(system);
      const each = (f: (x: number[]) => ArrayLike<number>) => states.flatMap((state) => Array.from(f(state)));
      const at = compiled.meta.timeDependent ? Math.fround(time) : time;
      for (const dtype of ["f64", "f32"] as const) {
        const bytes = compiled.emit("onnx", { dtype });
        const found = await run(bytes, { x: batchOf(states, dtype), ...timeOf(compiled, dtype) });
        expect(found.hamiltonian!.dims).toEqual([states.length]);
        expect(found.field!.dims).toEqual([states.length, compiled.meta.dimension]);
        const tolerance = dtype === "f64" ? 1e-12 : 2e-5;
        const now = dtype === "f64" ? time : at;
        const data = (name: string) => found[name]!.data as ArrayLike<number>;
        expect(
          error(
            data("hamiltonian"),
            each((x) => [compiled.hamiltonian(x, undefined, now)]),
          ),
        ).toBeLessThan(tolerance);
        expect(
          error(
            data("gradient"),
            each((x) => compiled.gradient(x, undefined, undefined, now)),
          ),
        ).toBeLessThan(tolerance);
        expect(
          error(
            data("field"),
            each((x) => compiled.field(x, undefined, undefined, now)),
          ),
        ).toBeLessThan(tolerance);
      }
    },
  );

  it("parameters have their values; one without a value must be given", async () => {
    const text = "p^2/(2 m) + k q^2/2; m = 2; k = ?";
    const bytes = compile(text).emit("onnx");
    const x = batchOf([[1, 4]], "f64");
    const number = (value: number): OnnxArray => ({ type: "float64", dims: [], data: Float64Array.of(value) });
    const given = await run(bytes, { x, "params.k": number(5) });
    expect([...(given.field!.data as Float64Array)]).toEqual([2, -5]);
    await expect(run(bytes, { x })).rejects.toThrow("params.k");
  });

  it("is as exact in f64 with every optimisation of the runtime (1e-12)", async () => {
    const compiled = compile(systems["double-pendulum"]);
    const states = statesOf(systems["double-pendulum"]);
    const options = { ...sessionOptions("f64", 1), graphOptimizationLevel: "all" };
    const { field } = await run(compiled.emit("onnx"), { x: batchOf(states, "f64") }, options);
    expect(
      error(
        field!.data as Float64Array,
        states.flatMap((x) => [...compiled.field(x)]),
      ),
    ).toBeLessThan(1e-12);
  });

  it("a refusal of the runtime becomes an error of ours", async () => {
    await expect(run(new Uint8Array([1, 2, 3]), {})).rejects.toMatchObject({ kind: "engine", code: "onnx-failed" });
    const bytes = compile("p^2/2 - cos(q)").emit("onnx");
    await expect(run(bytes, { y: onnxCount(1) })).rejects.toMatchObject({ kind: "engine" });
  });
});

describe("the emitted ONNX model", () => {
  it("says what it is: IR 8, operator set 18, the formula", () => {
    const bytes = compile("p^2/2 - cos(q)").emit("onnx");
    expect([...bytes.subarray(0, 8)]).toEqual([0x08, 8, 0x12, 4, ...new TextEncoder().encode("hnnc")]);
    const text = new TextDecoder("latin1").decode(bytes);
    expect(text).toContain('"source":"p^2/2 - cos(q)"');
    // opset_import { domain: "" version: 18 }
    expect(text).toContain("B\u0004\n\u0000\u0010\u0012");
  });

  it("does not grow with the number of bodies, but for the table of pairs", () => {
    const sizes = [10, 20].map(
      (n) => compile(`sum(p[i]^2/2, i=1..N) + sum(1/(1+(q[i]-q[j])^2), i<j) ; N = ${n}`).emit("onnx").length,
    );
    expect(sizes[1]! - sizes[0]!).toBeLessThan((2 * 4 * (20 * 19 - 10 * 9)) / 2 + 400);
  });
});
