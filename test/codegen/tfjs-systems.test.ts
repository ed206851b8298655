import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { type Compiled, compile } from "../../src/compile.ts";
import { systems } from "../../src/systems/systems.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { availableBackends, loadTfjsModule, type Tf, tfImport, useBackend } from "../support/tfjs-backends.ts";

const time = 0.3;

/** The named states of a system, and two beside each, away from equilibria. */
function statesOf(system: (typeof systems)[keyof typeof systems]): number[][] {
  const next = randomNumbers(17);
  const starts = Object.values(system.initialStates).map(({ x0 }) => [...x0]);
  return starts.flatMap((x) => {
    const beside = () => x.map((value) => value + (0.05 + 0.1 * Math.abs(value)) * (next() - 0.5));
    return [x, beside(), beside()];
  });
}

/** In float32 the state itself is rounded: what is compared is the system at the rounded state. */
const rounded = (states: readonly (readonly number[])[]) => states.map((x) => [...Float32Array.from(x)]);

/** The largest error relative to the largest value: at an equilibrium, large forces cancel and leave their rounding. */
function error(found: ArrayLike<number>, wanted: readonly (readonly number[])[]): number {
  const flat = wanted.flat();
  const scale = Math.max(...flat.map(Math.abs));
  return Math.max(...flat.map((value, k) => Math.abs(found[k]! - value))) / scale;
}

/** Jᵀw of the field in double precision, by central differences. */
function pullBack({ field }: Compiled, x: readonly number[], w: readonly number[]): number[] {
  return x.map((value, k) => {
    const step = 1e-6 * Math.max(1, Math.abs(value));
    const at = (to: number) =>
      Float64Array.from(
        field(
          x.map((old, j) => (j === k ? to : old)),
          undefined,
          undefined,
          time,
        ),
      );
    const [high, low] = [at(value + step), at(value - step)];
    return w.reduce((sum, weight, j) => sum + (weight * (high[j]! - low[j]!)) / (2 * step), 0);
  });
}

describe.each(availableBackends())("%s backend", (backend) => {
  let tf: Tf;
  beforeAll(async () => {
    tf = await useBackend(backend);
  });

  it.each(Object.entries(systems))(
    "%s: H, gradient, field and its gradient as in f64 (1e-5 and 2e-4: float32)",
    async (_name, system) => {
      const compiled = compile(system);
      const states = rounded(statesOf(system));
      const module = await loadTfjsModule(compiled.emit("tfjs", { import: tfImport(tf) }), tf);
      const x = tf.tensor2d(states);
      const before = tf.memory().numTensors;
      const [energy, slopes, rates] = [
        module.hamiltonian(x, {}, time),
        module.gradient(x, {}, time),
        module.field(x, {}, time),
      ];
      const each = (f: (x: number[]) => ArrayLike<number>) => states.map((state) => Array.from(f(state)));
      // H is a difference of large terms in places: its error is measured against the energies that move
      const energies = each((state) => [compiled.hamiltonian(state, undefined, time)]);
      energies.forEach(([value], b) => {
        const scale = Math.max(1, Math.abs(value!));
        expect(Math.abs(energy.dataSync()[b]! - value!) / scale).toBeLessThan(1e-5);
      });
      expect(
        error(
          slopes.dataSync(),
          each((state) => compiled.gradient(state, undefined, undefined, time)),
        ),
      ).toBeLessThan(1e-5);
      expect(
        error(
          rates.dataSync(),
          each((state) => compiled.field(state, undefined, undefined, time)),
        ),
      ).toBeLessThan(1e-5);
      const weights = states.map((state) => state.map((_, k) => Math.cos(1 + k)));
      const loss = (input: Tensor) => tf.sum(tf.mul(module.field(input as Tensor2D, {}, time), tf.tensor2d(weights)));
      const through = tf.grad(loss)(x);
      expect(
        error(
          through.dataSync(),
          states.map((state, b) => pullBack(compiled, state, weights[b]!)),
        ),
      ).toBeLessThan(2e-4);
      tf.dispose([energy, slopes, rates, through]);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose(x);
    },
  );
});
