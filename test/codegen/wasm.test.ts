import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Kernels, loadKernels, type ParameterValues } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { loadWasm, type WasmKernels } from "../../src/codegen/wasm/loader.ts";
import { emitWasm, quantities, wasm } from "../../src/codegen/wasm.ts";
import { add, constant, cos, div, mul, pow, sin, symbol } from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import type { Model } from "../../src/model.ts";
import { arbitraryRecipe, exactOperations } from "../support/arbitrary.ts";
import { randomStates, reference } from "../support/equations-oracle.ts";
import { bodies, exampleModels, pairSum } from "../support/example-models.ts";
import { modelOf, over, shifted, vector } from "../support/formulas.ts";
import { ulpsBetween } from "../support/numeric.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { build } from "../support/recipe.ts";

/** The interpreter and `Math` are each within 2 ulp or so, and so is the module: 4 apart for one operation. */
const mostUlpsApart = 4;

interface Both {
  readonly js: Kernels;
  readonly module: WasmKernels;
  readonly dimension: number;
}

async function bothOf(model: Model): Promise<Both> {
  const source = sourceOf(model);
  return { js: loadKernels(source), module: await loadWasm(emitWasm(source)), dimension: source.meta.dimension };
}

function outputsOf(kernels: Kernels, x: ArrayLike<number>, t: number): number[] {
  return [
    kernels.hamiltonian(x, undefined, t),
    ...kernels.gradient(x, undefined, undefined, t),
    ...kernels.field(x, undefined, undefined, t),
  ];
}

/** The largest difference relative to the largest entry. */
function difference(a: readonly number[], b: readonly number[]): number {
  const scale = Math.max(...b.map(Math.abs), Number.MIN_VALUE);
  return Math.max(...a.map((value, k) => (Object.is(value, b[k]) ? 0 : Math.abs(value - b[k]!) / scale)));
}

function randomBatch(model: Model, count: number): Float64Array {
  return Float64Array.from(randomStates(model, count).flat());
}

describe("a module gives what the formula says", () => {
  const entries = Object.entries(exampleModels);

  test.each(entries)("%s: as JavaScript to 1e-14 of the largest entry, sums included", async (_, make) => {
    const model = make();
    const { js, module } = await bothOf(model);
    for (const x of randomStates(model, 4)) {
      const expected = outputsOf(js, x, 0.7);
      expect(difference(outputsOf(module, x, 0.7), expected)).toBeLessThan(1e-14);
    }
  });

  test.each(entries)("%s: H as the interpreter, its gradient as differences to 1e-5", async (_, make) => {
    const model = make();
    const { module } = await bothOf(model);
    const [x] = randomStates(model, 1);
    const expected = reference(model, x!, 0.7);
    expect(module.hamiltonian(x!, undefined, 0.7)).toBeCloseTo(expected.hamiltonian, 10);
    expect(difference([...module.gradient(x!, undefined, undefined, 0.7)], expected.gradient)).toBeLessThan(1e-5);
    expect(difference([...module.field(x!, undefined, undefined, 0.7)], expected.field)).toBeLessThan(1e-5);
  });

  test("bit for bit as JavaScript on + − × ÷ √ min max: 300 random formulas", async () => {
    const energies = fc.sample(arbitraryRecipe({ operations: exactOperations, sums: false, depth: 4 }), {
      seed: 3,
      numRuns: 300,
    });
    const random = randomNumbers(4);
    let compared = 0;
    for (const recipe of energies) {
      const { js, module } = await bothOf(scalarModel(build(recipe)));
      for (let k = 0; k < 5; k++) {
        const x = [random() * 4 - 2, random() * 4 - 2];
        const value = js.hamiltonian(x);
        expect(Object.is(module.hamiltonian(x), value), `${module.meta.source} at ${x}`).toBe(true);
        compared++;
      }
    }
    expect(compared).toBe(1500);
  });

  test.each(["ring", "clamp"] as const)("neighbours on both sides of a %s", async (edge) => {
    const n = 7;
    const q = vector("q", n);
    const near = over("sum", { lo: 1, hi: n }, (i) => mul(q([shifted(i, -9)], edge), q([shifted(i, 2)], edge)));
    const model = modelOf(add(near, pow(vector("p", n)([1]), constant(2))), { q: ["p", [n]] });
    const { js, module } = await bothOf(model);
    for (const x of randomStates(model, 3)) expect(outputsOf(module, x, 0)).toEqual(outputsOf(js, x, 0));
  });

  test.each(["exp", "log", "sin", "cos", "tan", "tanh", "atan", "sinh", "cosh", "cbrt", "asinh"] as const)(
    `%s within ${mostUlpsApart} ulp of the interpreter's`,
    async (op) => {
      const model = exampleModels[op]!();
      const { module } = await bothOf(model);
      for (const [q] of randomStates(model, 50)) {
        const expected = reference(model, [q!, 0]).hamiltonian;
        expect(ulpsBetween(module.hamiltonian([q!, 0]), expected)).toBeLessThanOrEqual(mostUlpsApart);
      }
    },
  );
});

/** A model of x, its momentum y and a parameter a. */
function scalarModel(hamiltonian: Expr): Model {
  return modelOf(hamiltonian, { x: ["y", []] }, { a: 1.25 });
}

describe("batches", () => {
  test.each(["pendulum", "bodies", "damping and forces", "ring of springs"])(
    "%s: a state has the same bits alone and at any place of a batch",
    async (name) => {
      const model = exampleModels[name]!();
      const { module, dimension } = await bothOf(model);
      for (const count of [1, 2, 3, 8, 1027]) {
        const states = randomBatch(model, count);
        const fields = module.batch.field(states, undefined, undefined, 0.3);
        const energies = module.batch.hamiltonian(states, undefined, undefined, 0.3);
        for (const b of [0, count >> 1, count - 1]) {
          const x = states.subarray(b * dimension, (b + 1) * dimension);
          expect(fields.slice(b * dimension, (b + 1) * dimension)).toEqual(module.field(x, undefined, undefined, 0.3));
          expect(energies[b]).toBe(module.hamiltonian(x, undefined, 0.3));
        }
      }
    },
  );

  test("an empty batch answers nothing", async () => {
    const { module } = await bothOf(exampleModels.pendulum!());
    expect(module.batch.field(new Float64Array(0))).toHaveLength(0);
  });

  test("a batch larger than the memory at the start passes in pieces", async () => {
    const { module, js } = await bothOf(pairSum(300));
    const states = randomBatch(pairSum(300), 101);
    const fields = module.batch.field(states);
    expect(difference([...fields.slice(-600)], [...js.field(states.slice(-600))])).toBeLessThan(1e-14);
  });

  test("results go into `out`, states may be a plain array", async () => {
    const { module } = await bothOf(exampleModels.pendulum!());
    const out = new Float64Array(4);
    expect(module.batch.field([0, 1, 0, 2], out)).toBe(out);
    expect([...out]).toEqual([1, -0, 2, -0]);
  });

  test("wrong lengths are refused", async () => {
    const { module } = await bothOf(exampleModels.pendulum!());
    expect(() => module.batch.field([1, 2, 3])).toThrow("a batch of states needs a multiple of 2 numbers");
    expect(() => module.batch.hamiltonian([1, 2], new Float64Array(2))).toThrow("1 states need 1 results");
    expect(() => module.field([1])).toThrow("a state needs 2 numbers, got 1");
    expect(() => module.field([1, 2], new Float64Array(3))).toThrow("the result needs 2 numbers, got 3");
  });
});

describe("parameters", () => {
  const [q, p, k] = [symbol("q"), symbol("p"), symbol("k")];
  const model = modelOf(add(mul(k, pow(q, constant(2))), pow(p, constant(2))), { q: ["p", []] }, { k: 2 });
  const open: Model = { ...model, parameters: model.parameters.map((each) => ({ ...each, value: undefined })) };

  test("are given by name or as a vector, and fall back to their defaults", async () => {
    const { module } = await bothOf(model);
    expect(module.hamiltonian([1, 0])).toBe(2);
    expect(module.hamiltonian([1, 0], { k: 5 })).toBe(5);
    expect(module.hamiltonian([1, 0], new Float64Array([7]))).toBe(7);
    expect(module.hamiltonian([1, 0])).toBe(2);
    expect([...module.batch.field([1, 0, 2, 0], undefined, { k: 5 })]).toEqual([0, -10, 0, -20]);
  });

  test("of a call before this one are forgotten, also where the vector is too short", async () => {
    const { module } = await bothOf(model);
    module.hamiltonian([1, 0], { k: 5 });
    const short = () => module.hamiltonian([1, 0], new Float64Array(0));
    expect(short).toThrow("the parameter vector needs 1 numbers, got 0");
    expect(module.hamiltonian([1, 0])).toBe(2);
  });

  test("undefined and null ones keep their defaults, NaN is a value, text is refused", async () => {
    const { module } = await bothOf(model);
    const given = (value: unknown) => module.hamiltonian([1, 0], { k: value } as ParameterValues);
    expect([given(undefined), given(null), given(Number.NaN)]).toEqual([2, 2, Number.NaN]);
    expect(() => given("5")).toThrow('parameter "k" needs 1 values');
    expect(() => given(true)).toThrow('parameter "k" needs 1 values');
  });

  test("without default must be given; unknown ones are refused", async () => {
    const { module } = await bothOf(open);
    expect(() => module.hamiltonian([1, 0])).toThrow("these parameters have no default and must be given: k");
    expect(module.hamiltonian([1, 0], { k: 3 })).toBe(3);
    expect(() => module.hamiltonian([1, 0])).toThrow("must be given: k");
    expect(() => module.hamiltonian([1, 0], { m: 3 })).toThrow('unknown parameter "m"; known: k');
    expect(() => module.hamiltonian([1, 0], { k: [1, 2] })).toThrow('parameter "k" needs 1 values');
  });
});

describe("size and time", () => {
  const codeSize = (model: Model) => emitWasm(sourceOf(model)).length;

  test("the bytes of an indexed sum do not grow with N", () => {
    // numbers such as 8·N take a byte more for each factor of 128
    expect(codeSize(pairSum(1_000_000)) - codeSize(pairSum(1000))).toBeLessThan(150);
  });

  test("a large N is evaluated", async () => {
    const { module, js } = await bothOf(bodies(200));
    const [x] = randomStates(bodies(200), 1);
    expect(difference(outputsOf(module, x!, 0), outputsOf(js, x!, 0))).toBeLessThan(1e-13);
  });

  test("a long formula is cut into functions of at most 50 kB, and stays right", async () => {
    const model = modelOf(longEnergy(4000), { q: ["p", []] });
    const bytes = emitWasm(sourceOf(model));
    expect(largestFunction(bytes)).toBeLessThan(50_000);
    const { js, module } = await bothOf(model);
    for (const x of randomStates(model, 5)) {
      // 4000 terms of alternating sign
      expect(difference(outputsOf(module, x, 0), outputsOf(js, x, 0))).toBeLessThan(1e-12);
    }
  }, 30_000);

  test("emitting is deterministic, and fusing is announced", () => {
    const source = sourceOf(exampleModels["double pendulum"]!());
    expect(emitWasm(source)).toEqual(emitWasm(sourceOf(exampleModels["double pendulum"]!())));
    expect(descriptionOf(emitWasm(source)).fma).toBe(false);
    expect(descriptionOf(emitWasm(source, { fma: true })).fma).toBe(true);
  });
});

/** Many different terms in two variables. */
function longEnergy(terms: number): Expr {
  const [q, p] = [symbol("q"), symbol("p")];
  let sum: Expr = mul(constant(0.5), pow(p, constant(2)));
  for (let k = 1; k <= terms; k++) {
    const wave = (k % 2 ? sin : cos)(mul(constant(0.37 * k), q));
    sum = add(
      sum,
      k % 3 ? mul(wave, constant(1 / k)) : div(pow(q, constant(2)), add(constant(k), pow(p, constant(2)))),
    );
  }
  return sum;
}

/** The longest body in the code section. */
function largestFunction(bytes: Uint8Array): number {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let k = 0; ; k += 7) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** k;
      if (byte < 128) return value;
    }
  };
  let largest = 0;
  while (at < bytes.length) {
    const id = bytes[at++];
    const end = number() + at;
    if (id === 10) {
      for (let count = number(); count > 0; count--) {
        const size = number();
        largest = Math.max(largest, size);
        at += size;
      }
    }
    at = end;
  }
  return largest;
}

function descriptionOf(bytes: Uint8Array<ArrayBuffer>): { fma: boolean; meta: { source: string } } {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "hnnc");
  return JSON.parse(new TextDecoder().decode(section));
}

describe("the files", () => {
  const source = sourceOf(exampleModels.pendulum!());
  const artifact = wasm.emit(source, {});
  const folder = mkdtempSync(join(tmpdir(), "hnnc-wasm-"));

  beforeAll(() => {
    if (artifact.kind !== "bytes") throw new Error("the target makes bytes");
    writeFileSync(join(folder, "pendulum.wasm"), artifact.bytes);
    writeFileSync(join(folder, "pendulum.mjs"), artifact.loader!);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const imported = () =>
    import(pathToFileURL(join(folder, "pendulum.mjs")).href) as Promise<{
      load(source?: unknown): Promise<WasmKernels>;
    }>;

  test("the loader finds the bytes beside itself", async () => {
    const { load } = await imported();
    const module = await load();
    expect(module.meta).toEqual(source.meta);
    expect([...module.field([0, 1])]).toEqual([1, -0]);
    expect([...module.gradient([0, 1])]).toEqual([0, 1]);
  });

  test("the loader takes bytes, and refuses other modules", async () => {
    const { load } = await imported();
    if (artifact.kind !== "bytes") throw new Error("the target makes bytes");
    expect((await load(artifact.bytes)).hamiltonian([0, 2])).toBe(1);
    const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    await expect(load(empty)).rejects.toThrow("no section named hnnc");
  });

  test("the module exports its memory and one function a quantity", () => {
    if (artifact.kind !== "bytes") throw new Error("the target makes bytes");
    const names = WebAssembly.Module.exports(new WebAssembly.Module(artifact.bytes)).map(({ name }) => name);
    expect(names.sort()).toEqual(["memory", ...quantities].sort());
    expect(artifact.loader).not.toMatch(/\bimport\s/);
  });
});
