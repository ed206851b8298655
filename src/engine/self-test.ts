import { HnncError } from "../errors.ts";
import { evaluateGraph } from "../graph/evaluate.ts";
import type { Precision } from "../graph/graph.ts";
import type { ActivationName } from "../network.ts";
import type { LoadedEngine } from "./engine.ts";
import { countParameters, type Probe, probe } from "./probe.ts";

/** How far an engine's gradient may be from a central difference in f64, relative to the largest entry. */
export const tolerances = { f64: 1e-6, f32: 1e-3 } as const satisfies Record<Precision, number>;

const widths = [2, 4, 1];
const samples = 3;
const tested = ["tanh", "softplus", "swish"] as const satisfies readonly ActivationName[];

/**
 * Trains nothing, but does what training does: the parameter gradient of a Hamiltonian network's loss, for three
 * activations, compared with central differences of the interpreter. Engines are refused that get it wrong, as some do
 * silently (tensorflow/tfjs#3252).
 *
 * @throws HnncError `engine-self-test` naming the activation and the error
 */
export async function selfTest(engine: LoadedEngine, precision: Precision): Promise<void> {
  for (const activation of tested) {
    const error = await gradientError(engine, precision, probe(widths, activation, samples));
    if (error <= tolerances[precision]) continue;
    throw new HnncError({
      kind: "engine",
      code: "engine-self-test",
      message:
        `\`${engine.name}\` (${engine.runtime}) computes gradients wrongly on this machine: ` +
        `off by ${error.toExponential(1)} with ${activation} in ${precision}`,
      hint: "use another engine",
    });
  }
}

/** The largest error of the parameter gradient, relative to its largest entry; infinite where it is not finite. */
export async function gradientError(
  engine: LoadedEngine,
  precision: Precision,
  { loss, gradient, parameters, x, rates }: Probe,
): Promise<number> {
  const wave = (count: number, start: number): Float64Array =>
    Float64Array.from({ length: count }, (_, k) => Math.sin(start + 1.7 * k));
  const feeds = {
    [parameters.attributes.name]: wave(countParameters(widths), 1),
    [x.attributes.name]: wave(widths[0]! * samples, 2),
    [rates.attributes.name]: wave(widths[0]! * samples, 3),
  };
  const executable = await engine.compile({ gradient }, { precision });
  const found = (await executable.run(feeds)).gradient!.values;
  await executable.close();
  const step = 1e-5;
  const values = feeds[parameters.attributes.name]!;
  const differences = values.map((value, entry) => {
    const at = (moved: number) => {
      const weights = values.with(entry, moved);
      return evaluateGraph([loss], { ...feeds, [parameters.attributes.name]: weights }, samples)[0]!.values[0]!;
    };
    return (at(value + step) - at(value - step)) / (2 * step);
  });
  const scale = Math.max(...differences.map(Math.abs));
  const error = Math.max(...differences.map((value, k) => Math.abs(value - found[k]!))) / scale;
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}
