import { createRequire } from "node:module";
import type * as TensorFlow from "@tensorflow/tfjs";
import { type Check, type CheckLine, skipped, Tally } from "./check.ts";
import { slopes } from "./derivatives.ts";
import type { Subject } from "./subject.ts";
import { roads } from "./values.ts";

type Tf = typeof TensorFlow;

/** The emitted TensorFlow.js module in float32, where it was asked for. */
export const tensors: Check = {
  name: "tensors",
  title: "TensorFlow.js",
  run: async (subject) => {
    const claims = ["H: TensorFlow.js = interpreter", "∂H/∂x: TensorFlow.js = derivative"] as const;
    if (!subject.options.tfjs)
      return [skipped("H, ∂H/∂x: TensorFlow.js = interpreter", "loads in a second or two: `--tfjs` asks for it")];
    const tf = createRequire(import.meta.url)("@tensorflow/tfjs") as Tf;
    tf.enableProdMode();
    await tf.setBackend("cpu");
    tf.engine().startScope();
    try {
      return tensorLines(subject, tf, claims);
    } finally {
      tf.engine().endScope();
    }
  },
};

interface TensorModule {
  hamiltonian(x: TensorFlow.Tensor2D, params?: object, t?: number): TensorFlow.Tensor1D;
  gradient(x: TensorFlow.Tensor2D, params?: object, t?: number): TensorFlow.Tensor2D;
}

function load(subject: Subject, tf: Tf): TensorModule {
  const text = subject.compiled
    .emit("tfjs")
    .replace(/^import .*$/gm, "")
    .replace(/^export /gm, "");
  return new Function("tf", `"use strict";\n${text}\nreturn { hamiltonian, gradient };`)(tf) as TensorModule;
}

/** float32 rounds 2^29 times as coarsely, the arguments too. */
const coarser = 2 ** 29;

function tensorLines(subject: Subject, tf: Tf, claims: readonly [string, string]): CheckLine[] {
  const { hamiltonian, gradient } = load(subject, tf);
  const { points, layout, names } = subject;
  const [energies, derivatives] = [new Tally(), new Tally()];
  const rows = points.map((point) => {
    const x = tf.tensor2d(Float32Array.from(point.x), [1, layout.dimension]);
    const value = hamiltonian(x, undefined, point.t).dataSync()[0]!;
    const rounded = { x: Float64Array.from(Float32Array.from(point.x)), t: point.t };
    const { value: exact, error } = subject.energy(rounded);
    energies.add(value - exact, roads * coarser * error + Math.abs(exact) * 2 ** -22, point, "H");
    return gradient(x, undefined, point.t).dataSync();
  });
  for (const { point, entry, value, error } of slopes(subject)) {
    const off = roads * coarser * error + Math.abs(value) * 2 ** -20;
    derivatives.add(rows[points.indexOf(point)]![entry]! - value, off, point, `∂H/∂${names[entry]}`);
  }
  const because = "rounding of every operation to float32, carried through";
  return [energies.line(claims[0], because), derivatives.line(claims[1], because)];
}
