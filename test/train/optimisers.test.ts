import { describe, expect, it } from "vitest";
import { reference } from "../../src/engine/reference.ts";
import { sum } from "../../src/graph/arrange.ts";
import { data, input, mul, square, sub } from "../../src/graph/build.ts";
import { gradient } from "../../src/graph/gradient.ts";
import { createGraph, type GraphNode } from "../../src/graph/graph.ts";
import { parameterSet } from "../../src/hnn/parameters.ts";
import { rateAt } from "../../src/train/adaptive-moments.ts";
import type { OptimiserOptions } from "../../src/train/optimiser.ts";
import { optimisers } from "../../src/train/optimisers.ts";

type StepName = "adam" | "adamw";

const first = [1, -2, 0.5];
const target = [0.3, 0.1, -4];
const stiffness = [1, 10, 0.1];
const steps = 25;

/** Σ c (θ − a)² by the graph, the last entry free of weight decay. */
async function byGraph(name: StepName, options: OptimiserOptions): Promise<Float64Array> {
  const graph = createGraph();
  const set = parameterSet([
    { name: "a", shape: [2], initial: { kind: "values", values: first.slice(0, 2) } },
    { name: "b", shape: [1], initial: { kind: "values", values: first.slice(2) }, decays: false },
  ]);
  const parameters = input(graph, "parameters", [3]);
  const numbers = (values: readonly number[]) => data(graph, { kind: "values", values }, [3], "real");
  const loss = sum(mul(numbers(stiffness), square(sub(parameters, numbers(target)))), [0]);
  const [slopes] = gradient(loss, [parameters]) as [GraphNode];
  const optimiser = optimisers[name];
  const { state, perStep } = optimiser.build(graph, { parameters, gradient: slopes, set }, options);
  const engine = await reference.load();
  const zeros = Object.fromEntries(optimiser.memory.map((memory) => [memory, [0, 0, 0]]));
  const run = await engine.repeat(
    { state, loss, perStep },
    {
      precision: "f64",
      state: { parameters: set.initial(0), ...zeros },
    },
  );
  const each = Array.from({ length: steps }, (_, k) => optimiser.numbers(k, steps, options));
  const given = perStep.map(({ attributes }) => [attributes.name, each.map((one) => one[attributes.name]!)] as const);
  await run.run(steps, Object.fromEntries(given));
  return (await run.state()).parameters!;
}

/** The same as PyTorch's documentation writes it, number by number. */
function byHand(name: StepName, { rate = 1e-3, weightDecay = 0, clip }: OptimiserOptions): number[] {
  const theta = [...first];
  const [m, v] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let t = 1; t <= steps; t++) {
    const g = theta.map((value, k) => 2 * stiffness[k]! * (value - target[k]!));
    const norm = Math.hypot(...g);
    for (let k = 0; k < 3; k++) {
      let slope = clip !== undefined && norm > clip ? (g[k]! * clip) / norm : g[k]!;
      const decay = k < 2 ? weightDecay : 0;
      if (name === "adam") slope += decay * theta[k]!;
      else theta[k]! -= rate * decay * theta[k]!;
      m[k] = 0.9 * m[k]! + 0.1 * slope;
      v[k] = 0.999 * v[k]! + 0.001 * slope ** 2;
      const [mean, variance] = [m[k]! / (1 - 0.9 ** t), v[k]! / (1 - 0.999 ** t)];
      theta[k]! -= (rate * mean) / (Math.sqrt(variance) + 1e-8);
    }
  }
  return theta;
}

describe("25 steps are those of the formula, number by number, to 1e-12 (rounding)", () => {
  const cases: readonly (readonly [StepName, OptimiserOptions])[] = [
    ["adam", {}],
    ["adam", { rate: 0.1, weightDecay: 0.3 }],
    ["adam", { rate: 0.1, clip: 0.5 }],
    ["adam", { rate: 0.1, clip: 1e3 }],
    ["adamw", { rate: 0.1, weightDecay: 0.3 }],
    ["adamw", { rate: 0.1, weightDecay: 0.3, clip: 2 }],
  ];
  it.each(cases)("%s %o", async (name, options) => {
    const found = await byGraph(name, options);
    byHand(name, options).forEach((value, k) => {
      expect(Math.abs(found[k]! - value)).toBeLessThan(1e-12);
    });
  });
});

describe("rates", () => {
  const rates = (options: OptimiserOptions, at: readonly number[]) => at.map((step) => rateAt(step, 100, options));

  it.each([
    [{ kind: "constant" }, [1, 1, 1]],
    [{ kind: "cosine" }, [1, 0.5, 0]],
    [{ kind: "cosine", end: 0.2 }, [1, 0.6, 0.2]],
    [{ kind: "exponential" }, [1, 0.1, 0.01]],
    [{ kind: "exponential", end: 0.25 }, [1, 0.5, 0.25]],
  ] as const)("%o: at the beginning, the middle and the end", (schedule, factors) => {
    rates({ rate: 1, schedule }, [0, 50, 100]).forEach((rate, k) => {
      expect(rate).toBeCloseTo(factors[k]!, 12);
    });
  });

  it("that have come to 0 move nothing, and divide by nothing", () => {
    const numbers = optimisers.adam.numbers(100, 100, { schedule: { kind: "cosine" } });
    expect(1 / numbers.spread!).toBeLessThan(1e-25);
    expect(Object.values(numbers).every(Number.isFinite)).toBe(true);
  });

  it("rise at first where there is a warm-up", () => {
    const warm = rates({ rate: 1, schedule: { kind: "constant", warmup: 3 } }, [0, 1, 2, 3, 4]);
    warm.forEach((rate, k) => {
      expect(rate).toBeCloseTo(Math.min((k + 1) / 4, 1), 12);
    });
  });
});
