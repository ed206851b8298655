import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { HnncError } from "../../src/errors.ts";
import { leapfrog } from "../../src/integrate/leapfrog.ts";
import { planSimulation, simulate } from "../../src/simulate.ts";
import type { SimulateOptions } from "../../src/simulation/options.ts";
import { systems } from "../../src/systems/systems.ts";
import { version } from "../../src/version.ts";

const pendulum = compile("p^2/2m - cos(q); m = 2; q(0) = 1, p(0) = 0");
const mixed = compile("p^2/2 + q p + q^2");

function refusal(options: SimulateOptions, compiled = pendulum): HnncError {
  try {
    planSimulation(compiled, options);
  } catch (error) {
    if (error instanceof HnncError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("what is refused before the run, word for word", () => {
  test.each<[SimulateOptions, string]>([
    [
      { t: Number.POSITIVE_INFINITY },
      "error[bad-time]: the run from t = 0 to t = Infinity has no end\n  hint: give finite times",
    ],
    [{ t: [Number.NaN, 1] }, "error[bad-time]: the run from t = NaN to t = 1 has no end\n  hint: give finite times"],
    [
      { t: 1, dt: 0 },
      "error[bad-step]: dt = 0 is no step\n  hint: give a positive dt; a run backwards ends before it starts",
    ],
    [
      { t: -1, dt: -0.1 },
      "error[bad-step]: dt = -0.1 is no step\n  hint: give a positive dt; a run backwards ends before it starts",
    ],
    [
      { t: 1, dt: 0.1, rtol: 1e-6 },
      "error[step-and-tolerance]: dt and a tolerance exclude each other\n  hint: give dt, or rtol and atol",
    ],
    [{ t: 1, method: "leapfrog" }, "error[missing-step]: `leapfrog` needs a step\n  hint: give dt"],
    [
      { t: 1, method: "dop853", dt: 0.1 },
      "error[unused-step]: `dop853` chooses its own steps\n  hint: give rtol and atol instead of dt",
    ],
    [
      { t: 1, method: "taylor", dt: 0.1 },
      "error[unused-step]: `taylor` chooses its own steps\n  hint: give rtol instead of dt",
    ],
    [
      { t: 1, method: "taylor", atol: 1e-9 },
      "error[unused-tolerance]: `taylor` has one tolerance\n  hint: give rtol alone",
    ],
    [{ t: 1, rtol: 0 }, "error[bad-tolerance]: tolerance = 0 is none\n  hint: give a number between 1e-17 and 0.1"],
    [{ t: 1, method: "dop853", rtol: 1 }, "error[bad-tolerance]: rtol = 1 is none"],
    [{ t: 1, method: "dop853", rtol: 0, atol: 0 }, "error[bad-tolerance]: rtol and atol cannot both be 0"],
    [
      { t: 1, dt: 0.1, events: [{ formula: "q" }] },
      "error[events-need-taylor]: events are found on the polynomials of `taylor`, with steps of its own and one tolerance\n  hint: leave out method, dt and atol",
    ],
    [{ t: 1, samples: 1 }, "error[bad-samples]: 1 samples cannot hold both ends\n  hint: give an integer from 2"],
    [{ t: 1, samples: 2.5 }, "error[bad-samples]: 2.5 samples cannot hold both ends\n  hint: give an integer from 2"],
    [
      { t: 1, samples: 2e9 },
      "error[too-many-samples]: 2000000000 samples of one run are more than 1000000000\n  hint: cut the time into several runs, each from where the one before ended",
    ],
    [
      { t: 1, dt: 0.1, samples: 2e9 },
      "error[too-many-samples]: 2000000000 samples of one run are more than 1000000000\n  hint: cut the time into several runs, each from where the one before ended",
    ],
    [
      { t: 1e9, dt: 1e-9 },
      "error[too-many-steps]: 1000000000 units of time take 1000000000000000000 steps of 1e-9; the limit is 1000000000000",
    ],
    [{ t: 1, workers: 0 }, "error[bad-workers]: 0 workers are not possible\n  hint: give an integer from 1 to 256"],
    [
      { t: 1, x0: [1, 2, 3] },
      "error[bad-start]: the start has 3 numbers, a state has 2: [q, p]\n  hint: give 2 numbers, or a multiple for several starts",
    ],
    [
      { t: 1, x0: [] },
      "error[bad-start]: the start has 0 numbers, a state has 2: [q, p]\n  hint: give 2 numbers, or a multiple for several starts",
    ],
    [{ t: 1, x0: [1, 0, Number.NaN, 4] }, "error[bad-start]: the start is not finite: [NaN, 4]"],
    [{ t: 1, params: { k: 1 } }, "error[unknown-parameter]: the model has no parameter `k`\n  parameters: m"],
  ])("%j", (options, expected) => {
    expect(refusal(options).format()).toBe(expected);
  });

  test("a model without a start of its own needs one", () => {
    expect(refusal({ t: 1 }, mixed).format()).toBe(
      "error[bad-start]: the model gives no start for `q`, `p`\n  hint: give x0, [q, p], or write `q(0) = …` into the model",
    );
  });

  test("a parameter without a value is asked for", () => {
    expect(refusal({ t: 1, x0: [1, 0] }, compile("p^2/2m + q^2; m = ?")).format()).toBe(
      "error[missing-parameter]: these parameters have no default and must be given: m",
    );
  });

  test("a splitting method does not take an H that is not separable", () => {
    expect(refusal({ t: 1, x0: [1, 0], dt: 0.1, method: "leapfrog" }, mixed).format()).toContain(
      "error[needs-separable]: `leapfrog` needs H = T(p) + V(q)",
    );
  });

  test("an unknown method", () => {
    const error = refusal({ t: 1, dt: 0.1, method: "leapfrgo" as "leapfrog" });
    expect([error.kind, error.message]).toEqual(["usage", expect.stringContaining("`leapfrgo`")]);
  });

  test.each([{ method: "taylor" as const }, { dt: 0.1 }, { method: "dop853" as const }])(
    "sample times that run the wrong way, %j",
    async (how) => {
      const run = simulate(pendulum, { t: 1, samples: [0.5, 0.2], ...how });
      await expect(run).rejects.toMatchObject({ kind: "usage", code: "bad-samples" });
    },
  );

  test("an event's formula, in its own text", async () => {
    await expect(simulate(pendulum, { t: 1, events: [{ formula: "q - r" }] })).rejects.toMatchObject({
      code: "unknown-symbol",
      source: "q - r",
    });
  });
});

describe("auto", () => {
  const damped = compile(systems["damped-pendulum"]);
  const driven = compile("p^2/2 + q^2/2 - q cos(t)");
  const chain = compile("sum(p[i]^2 + q[i]^2, i = 1..2100); q: [2100], p: [2100]");
  const tolerance = "of the order that suits it";
  test.each([
    [
      "nothing given",
      pendulum,
      { t: 10 },
      "taylor",
      "neither step nor tolerance was given: Taylor series, exact to round-off",
    ],
    [
      "a tight tolerance",
      pendulum,
      { t: 10, rtol: 1e-9 },
      "taylor",
      `a relative tolerance of 1e-9: Taylor series, ${tolerance}`,
    ],
    ["a loose one", pendulum, { t: 10, rtol: 1e-5 }, "dop853", "a relative tolerance of 0.00001: adaptive, of order 8"],
    [
      "a very loose one",
      pendulum,
      { t: 10, rtol: 1e-3 },
      "dormand-prince5",
      "a relative tolerance of 0.001: adaptive, of order 5",
    ],
    ["an absolute one", pendulum, { t: 10, atol: 1e-9 }, "dop853", "no step was given: adaptive, of order 8"],
    [
      "few steps",
      pendulum,
      { t: 100, dt: 0.1 },
      "kahan-li8",
      "H = T(p) + V(q) and 1000 steps: explicit, symplectic, of order 8",
    ],
    [
      "many steps",
      pendulum,
      { t: 1e5, dt: 0.1 },
      "blanes-moan4",
      "H = T(p) + V(q) and 1000000 steps: explicit, symplectic, of order 4 with a small error",
    ],
    [
      "mixed, few steps",
      mixed,
      { t: 100, dt: 0.1 },
      "gauss6",
      "H mixes coordinates and momenta, 1000 steps: implicit, symplectic, of order 6",
    ],
    [
      "mixed, many steps",
      mixed,
      { t: 1e5, dt: 0.1 },
      "gauss4",
      "H mixes coordinates and momenta, 1000000 steps: implicit, symplectic, of order 4",
    ],
    [
      "damped, with a step",
      damped,
      { t: 100, dt: 0.1 },
      "rk4",
      "with damping or forces there is no area and no energy to keep: Runge–Kutta",
    ],
    ["damped", damped, { t: 100 }, "taylor", "neither step nor tolerance was given: Taylor series, exact to round-off"],
    [
      "time-dependent, with a step",
      driven,
      { t: 100, dt: 0.1 },
      "kahan-li8",
      "H = T(p) + V(q) and 1000 steps: explicit, symplectic, of order 8",
    ],
    ["large", chain, { t: 1 }, "dop853", "no step was given: adaptive, of order 8"],
    ["events", pendulum, { t: 10, events: [{ formula: "q" }] }, "taylor", "events are found on Taylor polynomials"],
  ] as const)("%s", (_, compiled, options, method, reason) => {
    const x0 = new Float64Array(compiled.meta.dimension).fill(0.1);
    expect(planSimulation(compiled, { x0, ...options })).toMatchObject({ method, reason });
  });

  test("gives way where Taylor series would not fit into memory, unless they were asked for", () => {
    const terms = 2000;
    const text = `sum(p[i]^2, i=1..${terms}) + sum(cos(q[i] - q[j]), i=1..${terms}, j=1..${terms}); q: [${terms}], p: [${terms}]`;
    const large = compile(text);
    const x0 = new Float64Array(2 * terms).fill(1);
    const plan = planSimulation(large, { t: 1, x0 });
    expect(plan.method).toBe("dop853");
    expect(plan.reason).toBe("Taylor series of this formula would not fit into memory: adaptive, of order 8");
    expect(plan.header.provenance).toMatchObject({ method: "dop853", rtol: 1e-10 });
    expect(refusal({ t: 1, x0, method: "taylor" }, large).kind).toBe("limit");
    expect(refusal({ t: 1, x0, events: [{ formula: "q[1]" }] }, large).kind).toBe("limit");
  });

  test("a method of one's own is taken as it is", async () => {
    const own = { ...leapfrog, name: "own" };
    const { report, provenance } = await simulate(pendulum, { t: 1, dt: 0.1, method: own });
    expect(report).toMatchObject({ method: "own", reason: "as was asked for", steps: 10, dt: 0.1 });
    expect(provenance.method).toBe("own");
  });
});

describe("provenance", () => {
  const common = { hnnc: version, formula: "p^2/2m - cos(q); m = 2; q(0) = 1, p(0) = 0" };
  test.each<[SimulateOptions, object]>([
    [{ t: 1 }, { parameters: { m: 2 }, method: "taylor", rtol: Number.EPSILON, bits: "portable" }],
    [
      { t: 1, rtol: 1e-8, params: { m: 3 } },
      { parameters: { m: 3 }, method: "taylor", rtol: 1e-8, bits: "portable" },
    ],
    [
      { t: 1, dt: 0.3 },
      { parameters: { m: 2 }, method: "kahan-li8", dt: 0.25, bits: "portable" },
    ],
    [
      { t: 1, method: "dop853" },
      { parameters: { m: 2 }, method: "dop853", rtol: 1e-10, atol: 1e-13, bits: "portable" },
    ],
    [
      { t: 1, method: "dop853", atol: 1e-3, fma: true },
      {
        parameters: { m: 2 },
        method: "dop853",
        rtol: 1e-10,
        atol: 1e-3,
        bits: "fused multiply-add: differ between machines",
      },
    ],
  ])("%j", (options, expected) => {
    expect(planSimulation(pendulum, options).header.provenance).toEqual({ ...common, ...expected });
  });

  test("tells which events end the rows", () => {
    const events = [
      { formula: "q", terminal: true },
      { formula: "p" },
      { formula: "q", kind: "maximum" as const, terminal: true },
    ];
    expect(planSimulation(pendulum, { t: 1, events }).header.provenance.until).toEqual([
      { formula: "q", direction: "both" },
      { formula: "q", kind: "maximum" },
    ]);
  });

  test("is enough to compute the rows again", async () => {
    const first = await simulate(compile(systems["damped-pendulum"]), { t: 3, params: { b: 0.05 } });
    const { formula, parameters, method, rtol } = first.provenance;
    const again = await simulate(compile(formula!, { parameters: parameters! }), {
      t: 3,
      method: method as "taylor",
      rtol: rtol!,
      x0: first.states.subarray(0, 2),
    });
    expect(again.states).toEqual(first.states);
  });
});
