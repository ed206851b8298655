import { describe, expect, test } from "vitest";
import type { Kernels } from "../../src/codegen/load.ts";
import { loadWasm } from "../../src/codegen/wasm/loader.ts";
import { compile } from "../../src/compile.ts";
import { affine } from "../../src/expr/affine.ts";
import { evaluate, type Values } from "../../src/expr/evaluate.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { bindIndex } from "../../src/expr/reduce.ts";

import { layoutOf, parameterDefaults } from "../../src/mechanics/layout.ts";
import { ratesOfState } from "../../src/mechanics/motion.ts";
import type { Model } from "../../src/model.ts";
import { systems } from "../../src/systems/systems.ts";

/**
 * Every system on every in-process road: the emitted js module, the portable one, the wasm module, against the
 * interpreter on the equations of motion, which are derived by forward differentiation and collapsed loops where the
 * targets use the reverse sweep and scatters.
 */

const time = 0.3;

/** Sums are added in other orders: a few roundings of the largest term. */
const tolerance = 1e-11;

function valuesAt(model: Model, x: Float64Array): Values {
  const layout = layoutOf(model);
  const parameters = parameterDefaults(model);
  const take = (vector: Float64Array) => {
    return ({ offset, size, shape }: { offset: number; size: number; shape: readonly number[] }) =>
      shape.length === 0 ? vector[offset]! : vector.subarray(offset, offset + size);
  };
  return {
    t: time,
    ...Object.fromEntries([...layout.parameters].map(([name, slot]) => [name, take(parameters)(slot)])),
    ...Object.fromEntries([...layout.state].map(([name, slot]) => [name, take(x)(slot)])),
  };
}

function interpretedField(model: Model, x: Float64Array): number[] {
  const values = valuesAt(model, x);
  const shapes = [...model.coordinates, ...model.momenta].map(({ shape }) => shape);
  return ratesOfState(model).flatMap(({ at, rate }, k) =>
    placesOf(shapes[k]!).map((place) => {
      const bound = place.reduce<Expr>((e, value, axis) => bindIndex(e, at[axis]!, affine(value)), rate);
      return evaluate(bound, values);
    }),
  );
}

/** All 1-based indices of an array, row-major; one empty place for a scalar. */
function placesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (places, length) => places.flatMap((place) => Array.from({ length }, (_, k) => [...place, k + 1])),
    [[]],
  );
}

async function load(text: string): Promise<Kernels> {
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Kernels;
}

function largest(values: ArrayLike<number>): number {
  return Math.max(1e-300, ...Array.from(values, Math.abs));
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return largest(Array.from(a, (value, k) => value - b[k]!)) / largest(b);
}

describe.each(Object.entries(systems))("%s", (_name, system) => {
  const compiled = compile(system);
  const states = Object.values(system.initialStates).map(({ x0 }) =>
    Float64Array.from(x0, (v, k) => v + 0.01 * Math.sin(k + 1)),
  );

  test(`js and wasm agree with the interpreter within ${tolerance} of the largest entry`, async () => {
    const roads = { js: await load(compiled.emit("js")), wasm: await loadWasm(compiled.emit("wasm")), own: compiled };
    for (const x of states) {
      const expected = interpretedField(compiled.model, x);
      const energy = evaluate(compiled.model.hamiltonian, valuesAt(compiled.model, x));
      for (const road of Object.values(roads)) {
        expect(furthest(road.field(x, undefined, undefined, time), expected)).toBeLessThan(tolerance);
        expect(Math.abs(road.hamiltonian(x, undefined, time) - energy)).toBeLessThan(
          tolerance * Math.max(1, Math.abs(energy)),
        );
      }
    }
  });

  test("portable js and strict wasm give the same bits", async () => {
    const portable = await load(compiled.emit("js", { portable: true }));
    const wasm = await loadWasm(compiled.emit("wasm"));
    for (const x of states) {
      expect(portable.hamiltonian(x, undefined, time)).toBe(wasm.hamiltonian(x, undefined, time));
      expect([...portable.gradient(x, undefined, undefined, time)]).toEqual([
        ...wasm.gradient(x, undefined, undefined, time),
      ]);
      expect([...portable.field(x, undefined, undefined, time)]).toEqual([
        ...wasm.field(x, undefined, undefined, time),
      ]);
    }
  });
});
