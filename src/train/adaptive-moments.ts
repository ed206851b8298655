import { sum } from "../graph/arrange.ts";
import { add, binary, broadcast, data, div, input, mul, sqrt, square, sub } from "../graph/build.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { ParameterSet } from "../hnn/parameters.ts";
import type { OptimiserOptions, StepOptimiser } from "./optimiser.ts";
import { rateFactor } from "./schedule.ts";

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** Where weight decay acts: on the gradient, as in Adam, or on the parameters beside it, as in AdamW. */
export type DecayPlace = "gradient" | "parameters";

/** The least step size that is divided by, where a schedule has come to 0. */
const leastRate = 1e-30;

/**
 * Adam with β₁ = 0.9, β₂ = 0.999, ε = 1e-8: θ ← θ − rate · m̂/(√v̂ + ε), where m̂ and v̂ are means of the gradients and of
 * their squares. Remembered are the sums M ← β₁M + g and V ← β₂V + g², so that m̂ = (1 − β₁)/(1 − β₁ᵗ) · M, and v̂
 * likewise: with c = rate · (1 − β₁)/(1 − β₁ᵗ) the step is
 *
 *     θ ← θ − M/(spread · √V + floor),   spread = √((1 − β₂)/(1 − β₂ᵗ))/c,   floor = ε/c,
 *
 * three passes over the vectors less than written out. What depends on t alone comes from outside, in double precision.
 * Sources: Kingma, Ba, arXiv:1412.6980; Loshchilov, Hutter, arXiv:1711.05101.
 */
export function adaptiveMoments(decayPlace: DecayPlace): Pick<StepOptimiser, "memory" | "build" | "numbers"> {
  return {
    memory: ["slopes", "squares"],
    build(graph, { parameters, gradient, set }, options) {
      const [slopes, squares] = [input(graph, "slopes", parameters.shape), input(graph, "squares", parameters.shape)];
      const [spread, floor, decay] = [input(graph, "spread", []), input(graph, "floor", []), input(graph, "decay", [])];
      const { weightDecay = 0, clip } = options;
      const decaying = weightDecay === 0 ? undefined : decayingPart(parameters, set);
      const clipped = clip === undefined ? gradient : shortened(gradient, clip);
      const isOnGradient = decaying && decayPlace === "gradient";
      const g = isOnGradient ? add(clipped, mul(weightDecay, decaying)) : clipped;
      const nextSlopes = add(mul(beta1, slopes), g);
      const nextSquares = add(mul(beta2, squares), square(g));
      const move = div(nextSlopes, add(mul(spread, sqrt(nextSquares)), floor));
      const kept = decaying && decayPlace === "parameters" ? sub(parameters, mul(decay, decaying)) : parameters;
      return {
        state: [
          { leaf: parameters, next: sub(kept, move) },
          { leaf: slopes, next: nextSlopes },
          { leaf: squares, next: nextSquares },
        ],
        perStep: kept === parameters ? [spread, floor] : [spread, floor, decay],
      };
    },
    numbers(step, steps, options) {
      const rate = Math.max(rateAt(step, steps, options), leastRate);
      const c = (rate * (1 - beta1)) / (1 - beta1 ** (step + 1));
      return {
        spread: Math.sqrt((1 - beta2) / (1 - beta2 ** (step + 1))) / c,
        floor: epsilon / c,
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
