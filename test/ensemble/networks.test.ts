import { describe, expect, test } from "vitest";
import { portableKernel } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { loadWasm } from "../../src/codegen/wasm/loader.ts";
import { emitWasm } from "../../src/codegen/wasm.ts";
import { motionFacts } from "../../src/ensemble/facts.ts";
import type { EnsembleOptions } from "../../src/ensemble/options.ts";
import type { Integrator } from "../../src/integrate/integrator.ts";
import { integrators } from "../../src/integrate/integrators.ts";
import { claims } from "../integrate/problems.ts";
import { boundModel, networkModels, randomNetwork } from "../support/networks.ts";
import { distance, plainly, run, starts, trajectoryOf } from "./support.ts";

/** What takes a network through every part of the machinery: splitting, registers, loops, memory, time, damping. */
const methods = ["leapfrog", "yoshida6", "rk4", "tao2", "gauss4", "gauss6", "dop853", "dormand-prince5"] as const;
const motionless = { field: () => undefined };

describe.each(Object.entries(networkModels))("%s", (_name, make) => {
  const source = sourceOf(make());
  const { dimension } = source.equations.layout;
  const x0 = Array.from({ length: dimension }, (_, k) => 0.7 - 0.11 * k);
  const claimed = methods.filter((name) => claims(integrators[name], { ...motionFacts(source), ...motionless }));
  // the slopes of relu jump: steps and iterations there are judged by chance
  const suited = claimed.filter((name) => _name !== "kinked" || integrators[name].scheme.kind === "splitting");

  test.each(suited)(
    "%s = plain stepper with portable kernels: explicit ones to the bit, others to 1e-12",
    async (name) => {
      const method: Integrator = integrators[name];
      const states = starts(x0, 3);
      const options = { method, t: 1.5, samples: 4, ...(method.adaptive ? { rtol: 1e-9 } : { dt: 0.05 }) };
      const result = await run(source, states, options);
      expect(result.diverged).toEqual([]);
      plainly(source, states, options).forEach((plain, b) => {
        const found = trajectoryOf(result, b);
        if (method.explicit && !method.adaptive) expect(found).toEqual(plain.states);
        else expect(distance(found, plain.states)).toBeLessThan(1e-12);
      });
    },
  );
});

describe.each([
  { method: "leapfrog", dt: 0.05, t: 2 },
  { method: "dop853", rtol: 1e-9, t: 2 },
  { method: "gauss6", dt: 0.1, t: 2 },
] as const)("$method: a trajectory does not depend", (options: EnsembleOptions) => {
  const source = sourceOf(networkModels.pairs!());
  const states = starts([0.9, 0.3, -0.4, 0.2, 0.1, 0.2, -0.3, 0.4], 9);

  test("on the threads, nor on the size of the batch", async () => {
    const [one, two] = await Promise.all(
      [1, 2].map((workers) => run(source, states, { ...options, samples: 5, workers })),
    );
    expect(two).toEqual(one);
    for (const [first, count] of [
      [0, 1],
      [4, 3],
    ] as const) {
      const part = await run(source, states.slice(8 * first, 8 * (first + count)), { ...options, samples: 5 });
      for (let b = 0; b < count; b++) expect(trajectoryOf(part, b)).toEqual(trajectoryOf(one!, first + b));
    }
  });
});

test("a program in several functions keeps what crosses between them apart from its networks", async () => {
  const terms = Array.from({ length: 800 }, (_, k) => `sin(${k} q[1] + q[2] V(q[1], ${k % 3}))/1000`).join(" + ");
  const model = boundModel(`sum(p[i]^2/(2 m), i = 1..13) + sum(q[i]^2 V(q[i], 1), i = 1..13) + ${terms}; m = 1.6`, {
    V: randomNetwork([2, 9, 1], "tanh", 20),
  });
  const source = sourceOf(model);
  // longer than what `partition` leaves in one function
  expect(source.program("field").body.length).toBeGreaterThan(2500);
  const x0 = Array.from({ length: 26 }, (_, k) => 0.5 * Math.sin(k + 1));
  const options = { method: "rk4", dt: 0.05, t: 0.5, samples: 3 } as const;
  const result = await run(source, x0, options);
  expect(trajectoryOf(result, 0)).toEqual(plainly(source, x0, options)[0]!.states);
  const { field } = await loadWasm(emitWasm(source));
  expect(field(x0)).toEqual(portableKernel(source, "field")(x0));
});
