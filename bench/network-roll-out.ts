import { compileModel } from "../src/compile.ts";
import { ensemble } from "../src/ensemble/ensemble.ts";
import { rk4 } from "../src/integrate/rk4.ts";
import { stepperOf } from "../src/integrate/stepper.ts";
import { bindNetworks } from "../src/mechanics/bind-networks.ts";
import type { DenseLayer, Network } from "../src/network.ts";
import { parseModel } from "../src/parser/parse.ts";
import type { Benchmark, Row } from "./benchmark.ts";

const widths = [2, 64, 64, 1];
const [steps, dt] = [10_000, 0.01];
const x0 = [1, 0];

/**
 * One trajectory of a trained model H = N(q, p), N of 2-64-64-1 tanh units, by 10 000 Runge–Kutta steps: the compiled
 * kernel, which does all steps in one call, and the JavaScript kernel, against the gradient of the energy by PyTorch's
 * autograd in every evaluation.
 */
export const networkRollOut: Benchmark = {
  title: "A roll-out of a trained model [2-64-64-1], one trajectory, 10 000 RK4 steps",
  run: async (tools) => {
    const torch = await tools.peer("torch-network-roll-out");
    if (!torch) return [];
    const compiled = compileModel(bindNetworks(parseModel("N(q, p)"), { N: network() }));
    const options = { method: rk4, dt, t: steps * dt, samples: 2, workers: 1 } as const;
    const [strict, fused] = [false, true].map((fma) => ensemble(compiled.source, { ...options, fma })) as [
      ReturnType<typeof ensemble>,
      ReturnType<typeof ensemble>,
    ];
    const field = (x: Float64Array, out: Float64Array) => void compiled.field(x, out);
    const motion = { degreesOfFreedom: 1, separable: false, timeDependent: false, damped: false, field };
    const [wasm, relaxed, js, f32, f64] = (await tools.compare([
      (count) => timed(count, () => strict.run(x0)),
      (count) => timed(count, () => fused.run(x0)),
      (count) =>
        timed(count, () => {
          const stepper = stepperOf(rk4, motion, x0);
          for (let k = 0; k < steps; k++) stepper.step(k * dt, dt);
        }),
      (count) => torch.time(`f32:${steps}`, count),
      (count) => torch.time(`f64:${steps}`, count),
    ])) as [number, number, number, number, number];
    const against = `${torch.title}, f32`;
    const rows: Row[] = [
      { work: "WebAssembly, f64", ours: wasm, against, theirs: f32, target: 20 },
      { work: "WebAssembly, f64", ours: wasm, against: `${torch.title}, f64`, theirs: f64, target: 20 },
      { work: "WebAssembly, fused multiply-add", ours: relaxed, against, theirs: f32 },
      { work: "JavaScript, f64", ours: js, against, theirs: f32 },
    ];
    return rows;
  },
};

function network(): Network {
  const layers = widths.slice(1).map((outputs, k): DenseLayer => {
    const inputs = widths[k]!;
    const wave = (size: number, scale: number) =>
      Float64Array.from({ length: size }, (_, at) => scale * Math.sin(at + at * at + k));
    const isLast = k === widths.length - 2;
    return {
      inputs,
      outputs,
      weights: wave(inputs * outputs, Math.sqrt(2 / inputs)),
      biases: isLast ? undefined : wave(outputs, 0.5),
      activation: isLast ? undefined : "tanh",
    };
  });
  return { layers: layers as [DenseLayer, ...DenseLayer[]] };
}

async function timed(count: number, work: () => unknown): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < count; k++) await work();
  return (performance.now() - start) * 1e6;
}
