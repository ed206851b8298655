import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { ensemble } from "../../src/ensemble/ensemble.ts";
import type { Block, EnsembleOptions } from "../../src/ensemble/options.ts";
import { Divergence } from "../../src/integrate/divergence.ts";
import { distance, plainly, run, sourceFor, starts, trajectoryOf } from "./support.ts";

const pendulum = sourceFor("p^2/(2*0.7) - 1.3 cos(q)");
/** Falls off its hill to infinity in a finite time, from where it is pushed. */
const hill = sourceFor("p^2/2 + q^2/2 - q^4/4");

/** One method of each kind, with what distinguishes kernels. */
const kinds: readonly (EnsembleOptions & { readonly name: string })[] = [
  { name: "leapfrog", method: "leapfrog", dt: 0.02, t: 6 },
  { name: "leapfrog, plain sums", method: "leapfrog", dt: 0.02, t: 6, compensated: false },
  { name: "yoshida8, plain sums", method: "yoshida8", dt: 0.1, t: 6, compensated: false },
  { name: "rk4", method: "rk4", dt: 0.02, t: 6 },
  { name: "gauss6", method: "gauss6", dt: 0.1, t: 6 },
  { name: "tao2", method: "tao2", dt: 0.02, t: 6 },
  { name: "dop853", method: "dop853", rtol: 1e-10, t: 6 },
  { name: "dormand-prince5, backwards", method: "dormand-prince5", rtol: 1e-7, t: [1, -5] },
];

describe.each(kinds)("$name: a trajectory does not depend", ({ name: _, ...options }) => {
  const sampled = { ...options, samples: 13 };
  const states = starts([1.2, 0.4], 33);

  test("on the size of the batch or its place in it", async () => {
    const whole = await run(pendulum, states, sampled);
    for (const [first, count] of [
      [0, 1],
      [5, 2],
      [7, 3],
      [10, 7],
      [16, 17],
    ] as const) {
      const part = await run(pendulum, states.slice(2 * first, 2 * (first + count)), sampled);
      for (let b = 0; b < count; b++) expect(trajectoryOf(part, b)).toEqual(trajectoryOf(whole, first + b));
    }
  });

  test("on the number of threads", async () => {
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map((workers) => run(pendulum, states, { ...sampled, workers })),
    );
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });

  test("on blocks in which samples are told", async () => {
    const whole = await run(pendulum, states, sampled);
    const blocks: Block[] = [];
    const made = ensemble(pendulum, { ...sampled, workers: 1, blockBytes: 3000, energy: true });
    await made.stream(states, (block) => void blocks.push(block));
    expect(blocks.length).toBeGreaterThan(3);
    expect(blocks.flatMap(({ times }) => [...times])).toEqual([...whole.times]);
    expect(Float64Array.from(blocks.flatMap((block) => [...block.states]))).toEqual(whole.states);
  });

  test("on neighbours that diverge", async () => {
    const calm = [0.3, 0.1];
    const wild = [2.5, 3];
    const alone = await run(hill, calm, { ...sampled, samples: 5 });
    const among = await run(hill, [...wild, ...calm, ...wild, ...calm, ...wild], { ...sampled, samples: 5 });
    expect(trajectoryOf(among, 1)).toEqual(trajectoryOf(alone, 0));
    expect(trajectoryOf(among, 3)).toEqual(trajectoryOf(alone, 0));
    expect(among.diverged.map(({ trajectory }) => trajectory)).toEqual([0, 2, 4]);
  });
});

describe("divergence", () => {
  const wild = [2.5, 3];

  test.each(["leapfrog", "yoshida4", "rk4", "tao2", "dop853"] as const)(
    "%s: when and where as plainly",
    async (method) => {
      const options = { method, t: 6, samples: 61, ...(method === "dop853" ? { rtol: 1e-9 } : { dt: 0.01 }) };
      const result = await run(hill, [...wild, 0.3, 0.1], options);
      const { time, state } = result.diverged[0]!;
      const failure = (() => {
        try {
          plainly(hill, wild, options);
        } catch (error) {
          return error;
        }
      })() as Divergence;
      expect(failure).toBeInstanceOf(Divergence);
      const { times, states } = failure.samples;
      if (method === "dop853") expect(Math.abs(time - times.at(-1)!)).toBeLessThan(1e-9);
      else {
        expect(time).toBe(times.at(-1)!);
        expect(state).toEqual(states.slice(-2));
      }
      const own = trajectoryOf(result, 0);
      const last = result.times.findLastIndex((t) => t <= time);
      expect(own.subarray(0, 2 * (last + 1)).every(Number.isFinite)).toBe(true);
      expect(own.subarray(2 * (last + 1)).every(Number.isNaN)).toBe(true);
      expect(last).toBeLessThan(60);
    },
  );

  test("a start that is not finite is told, and harms nobody", async () => {
    const options = { method: "leapfrog", dt: 0.02, t: 1, samples: 3 } as const;
    const result = await run(pendulum, [Number.NaN, 0, 1, 0], options);
    expect(result.diverged).toMatchObject([{ trajectory: 0, time: 0, reason: "the start is not finite" }]);
    expect(trajectoryOf(result, 1)).toEqual((await run(pendulum, [1, 0], options)).states);
  });

  test("where the fixed point does not converge, Newton's method goes on", async () => {
    const stiff = sourceFor("p^2/2 + 4e4 q^2/2 + q^4/4");
    const options = { method: "gauss4", dt: 0.05, t: 2, samples: 5 } as const;
    const states = [1, 0, 0.5, 0];
    const result = await run(stiff, states, options);
    expect(result.diverged).toEqual([]);
    // amplitudes of 200 in p; a steep problem multiplies rounding
    plainly(stiff, states, options).forEach((one, b) => {
      expect(distance(one.states, trajectoryOf(result, b))).toBeLessThan(1e-9);
    });
  });
});

describe("arguments where fast forms of functions do not do", () => {
  test.each([
    [-0, -0],
    [0, 0],
    [Math.PI, 0],
    [-Math.PI, 0],
    [1e-9, 0],
    [3 * Math.PI + 2e-9, 0],
    [-3 * Math.PI - 4e-9, 0],
    [2 ** 20 + 1, 3],
    [-(2 ** 22), 1],
    [1e15, 1],
  ])("q = %d, p = %d: the same bits as plainly", async (q, p) => {
    const options = { method: "leapfrog", dt: 0.02, t: 4, samples: 5 } as const;
    const result = await run(pendulum, [q, p, 1, 0.2], options);
    const plain = plainly(pendulum, [q, p, 1, 0.2], options);
    expect(plain.map((_, b) => trajectoryOf(result, b))).toEqual(plain.map(({ states }) => states));
  });
});

describe("options", () => {
  test("sample times that are not equally spaced", async () => {
    const options = { method: "gauss6", dt: 0.03, t: [0.5, 3], samples: [0.5, 0.7, 1.9, 3] } as const;
    const result = await run(pendulum, [1, 0.3], options);
    expect([...result.times]).toEqual([0.5, 0.7, 1.9, 3]);
    expect(result.states).toEqual(plainly(pendulum, [1, 0.3], options)[0]!.states);
  });

  test("a run of no length is its start", async () => {
    const result = await run(pendulum, [1, 0.3], { method: "leapfrog", dt: 0.1, t: [2, 2], energy: true });
    expect([...result.states]).toEqual([1, 0.3]);
    expect(result.energy![0]).toBeCloseTo(0.09 / 1.4 - 1.3 * Math.cos(1), 14);
  });

  test("parameters by name", async () => {
    const source = sourceFor("m = 1; k = ?\np^2/(2m) + k q^2/2");
    const made = ensemble(source, { method: "dop853", rtol: 1e-12, t: 2, samples: 2, workers: 1 });
    const { states } = await made.run([1, 0], { k: 9, m: 4 });
    expect(states[2]).toBeCloseTo(Math.cos(3), 10);
    await expect(made.run([1, 0])).rejects.toThrow("these parameters have no default and must be given: k");
  });

  test("fused multiply-add changes bits only: 1e-12 after 300 steps", async () => {
    const options = { method: "leapfrog", dt: 0.02, t: 6, samples: 13, compensated: false } as const;
    const [strict, fused] = await Promise.all([false, true].map((fma) => run(pendulum, [1, 0.3], { ...options, fma })));
    expect(distance(strict!.states, fused!.states)).toBeLessThan(1e-12);
    expect(fused!.states).not.toEqual(strict!.states);
  });

  test.each([
    [{ t: 1, dt: 0 }, "dt = 0 is no step"],
    [{ t: Number.POSITIVE_INFINITY, dt: 0.1 }, "the run from t = 0 to t = Infinity has no end"],
    [{ t: 1, method: "leapfrog" }, "`leapfrog` needs a step"],
    [{ t: 1, method: "euler", dt: 0.1 }, "there is no method `euler`"],
    [{ t: 1, dt: 0.1, rtol: 1e-6 }, "dt and a tolerance exclude each other"],
    [{ t: 1, dt: 0.1, workers: 0 }, "0 workers are not possible"],
    [{ t: 1, dt: 0.1, samples: 1 }, "1 samples cannot hold both ends"],
  ])("%o is refused", (options, message) => {
    expect(() => ensemble(pendulum, options as EnsembleOptions)).toThrow(message);
  });

  test("starts of a wrong length are refused", async () => {
    await expect(run(pendulum, [1, 2, 3], { t: 1, dt: 0.1 })).rejects.toThrow("the starts have 3 entries");
  });
});

test("threads keep their memory from run to run, and nothing of the run before is left in it", async () => {
  const options = { method: "leapfrog", dt: 0.02, t: 2, samples: 5 } as const;
  const made = ensemble(pendulum, { ...options, workers: 2 });
  const many = starts([1, 0.3], 40);
  const few = [0.4, -0.2, Number.NaN, 0, 2, 0.1];
  for (const states of [many, few, many]) {
    const again = await made.run(states);
    const alone = await run(pendulum, states, options);
    expect(again.states).toEqual(alone.states);
    expect(again.diverged).toEqual(alone.diverged);
  }
  const stopped = made.run(many, {}, { signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  expect((await made.run(many)).states).toEqual((await run(pendulum, many, options)).states);
  made.close();
});

describe("long runs", () => {
  const long = { method: "leapfrog", dt: 1e-4, t: 1e5, samples: 3 } as const;

  test.each([1, 2])("end when they are told to, on %d threads", async (workers) => {
    const made = ensemble(pendulum, { ...long, workers });
    const start = performance.now();
    const running = made.run(starts([1, 0.3], 8), {}, { signal: AbortSignal.timeout(150) });
    await expect(running).rejects.toMatchObject({ name: "TimeoutError" });
    expect(performance.now() - start).toBeLessThan(10_000);
    made.close();
  });

  test("tell how far they are", async () => {
    const told: number[] = [];
    const options = { method: "leapfrog", dt: 1e-4, t: 400, samples: 9, workers: 2 } as const;
    const made = ensemble(pendulum, options);
    await made.run(starts([1, 0.3], 32), {}, { progress: (fraction) => void told.push(fraction) });
    made.close();
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });

  test("a process with idle threads ends by itself", () => {
    const script = `
      import { sourceOf } from "./src/codegen/source.ts";
      import { compile } from "./src/compile.ts";
      import { ensemble } from "./src/ensemble/ensemble.ts";
      const made = ensemble(sourceOf(compile("p^2/2 - cos(q)").model), { method: "leapfrog", dt: 0.1, t: 1, workers: 2 });
      await made.run([1, 0, 2, 0, 0.5, 0]);
      console.log("done");`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      timeout: 30_000,
    });
    expect({ stdout, stderr, status }).toEqual({ stdout: "done\n", stderr: "", status: 0 });
  });
});
