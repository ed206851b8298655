import { sum } from "../graph/arrange.ts";
import { add, binary, broadcast, data, div, input, mul, sqrt, square, sub } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { ParameterSet } from "../hnn/parameters.ts";
import type { Optimiser, OptimiserOptions } from "./optimiser.ts";
import { rateFactor } from "./schedule.ts";

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** Where weight decay acts: on the gradient, as in Adam, or on the parameters beside it, as in AdamW. */
export type DecayPlace = "gradient" | "parameters";

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − rate/(1 − β₁ᵗ) · m/(√v/√(1 − β₂ᵗ) + ε), with β₁ = 0.9,
 * β₂ = 0.999, ε = 1e-8. What depends on t alone comes from outside, in double precision.
 * Sources: Kingma, Ba, arXiv:1412.6980; Loshchilov, Hutter, arXiv:1711.05101.
 */
export function adaptiveMoments(decayPlace: DecayPlace): Pick<Optimiser, "memory" | "build" | "numbers"> {
  return {
    memory: ["mean", "variance"],
    build(graph, { parameters, gradient: slopes, set }, options) {
      const vector = parameters.shape;
      const [mean, variance] = [input(graph, "mean", vector), input(graph, "variance", vector)];
      const [rate, spread, decay] = [input(graph, "rate", []), input(graph, "spread", []), input(graph, "decay", [])];
      const { weightDecay = 0, clip } = options;
      const decaying = weightDecay === 0 ? undefined : decayingPart(parameters, set);
      const clipped = clip === undefined ? slopes : shortened(slopes, clip);
      const isOnGradient = decaying && decayPlace === "gradient";
      const g = isOnGradient ? add(clipped, mul(weightDecay, decaying)) : clipped;
      const nextMean = add(mul(beta1, mean), mul(1 - beta1, g));
      const nextVariance = add(mul(beta2, variance), mul(1 - beta2, square(g)));
      const move = mul(rate, div(nextMean, add(mul(spread, sqrt(nextVariance)), epsilon)));
      const kept = decaying && decayPlace === "parameters" ? sub(parameters, mul(decay, decaying)) : parameters;
      return {
        state: [
          { leaf: parameters, next: sub(kept, move) },
          { leaf: mean, next: nextMean },
          { leaf: variance, next: nextVariance },
        ],
        perStep: kept === parameters ? [rate, spread] : [rate, spread, decay],
      };
    },
    numbers(step, steps, options) {
      const rate = rateAt(step, steps, options);
      return {
        rate: rate / (1 - beta1 ** (step + 1)),
        spread: 1 / Math.sqrt(1 - beta2 ** (step + 1)),
        decay: rate * (options.weightDecay ?? 0),
      };
    },
  };
}

/** The step size of a step, without corrections. */
export function rateAt(step: number, steps: number, options: OptimiserOptions): number {
  const { rate = 1e-3, schedule = { kind: "constant" } } = options;
  return rate * rateFactor(schedule, step, steps);
}

/** The parameters that weight decay acts on, zeros in place of the others. */
function decayingPart(parameters: GraphNode, { slices, count }: ParameterSet): GraphNode {
  if (slices.every(({ decays }) => decays)) return parameters;
  const values = slices.flatMap(({ decays, size }) => new Array<number>(size).fill(decays ? 1 : 0));
  return mul(parameters, data(parameters.graph, { kind: "values", values }, [count], "real"));
}

/** g · clip/max(‖g‖, clip) */
function shortened(g: GraphNode, clip: number): GraphNode {
  const norm = sqrt(sum(square(g), [0]));
  return mul(broadcast(div(clip, binary("max", norm, clip)), g.shape), g);
}
