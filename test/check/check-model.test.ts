import { describe, expect, test } from "vitest";
import { check } from "../../src/check/check-model.ts";
import { checks } from "../../src/check/checks.ts";
import { compile } from "../../src/compile.ts";
import { HnncError } from "../../src/errors.ts";

const refused = async (text: string): Promise<HnncError> => {
  const error: unknown = await check(compile(text)).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(HnncError);
  return error as HnncError;
};

describe("a report", () => {
  test("is the same for the same seed, and other for another", async () => {
    const compiled = compile("p^2/2 - cos(q) + q^4 sin(p)");
    const [first, again, other] = [
      await check(compiled, { points: 10, seed: 3 }),
      await check(compiled, { points: 10, seed: 3 }),
      await check(compiled, { points: 10, seed: 4 }),
    ];
    expect(again).toEqual(first);
    expect(other.lines).not.toEqual(first.lines);
    expect(other.passed).toBe(true);
  });

  test("names each member of the registry as its file is named", () => {
    expect(Object.entries(checks).map(([name, member]) => [name, member.name])).toEqual(
      Object.keys(checks).map((name) => [name, name]),
    );
  });

  test("counts states where H is not finite", async () => {
    const { points, passedOver, passed } = await check(compile("p^2/2 + log(q)"), { points: 50 });
    expect({ points, passed }).toEqual({ points: 50, passed: true });
    expect(passedOver).toBeGreaterThan(10);
  });

  test("follows the motion as long as it is told, and stops short of a singularity", async () => {
    const told = await check(compile("p^2/2 - cos(q)"), { points: 3, t: 7.5, start: [1, 0] });
    expect(told.trajectory).toMatchObject({ t: 7.5, start: [1, 0], why: "as asked for" });
    // Falls from q = 1 into the pole at t = (2/3)/√2 · … < 1.2.
    const falling = await check(compile("p^2/2 - 1/abs(q)"), { points: 3, start: [1, 0] });
    expect(falling.passed).toBe(true);
    expect(falling.trajectory!.t).toBeLessThan(1.2);
  });

  test("says why where the motion cannot be followed", async () => {
    const { lines, passed } = await check(compile("p^2/2 - 1/q"), {
      points: 3,
      start: [0, 0],
      region: (uniform) => [1 + uniform(), uniform()],
    });
    expect(passed).toBe(true);
    expect(lines.find(({ check: name }) => name === "trajectories")).toMatchObject({ verdict: "skipped" });
  });

  test("of TensorFlow.js in float32, where it is asked for", async () => {
    const { lines } = await check(compile("p^2/2 - cos(q)"), { points: 5, tfjs: true });
    const tensors = lines.filter(({ check: name }) => name === "tensors");
    expect(tensors.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
    expect(Math.max(...tensors.map(({ bound }) => bound!))).toBeLessThan(1e-4);
  });
});

describe("refuses", () => {
  test("a model with a parameter without value", async () => {
    expect(await refused("p^2/(2 m) + q^2; m = ?")).toMatchObject({ kind: "usage", code: "missing-parameter" });
  });

  test("a model with an unknown function", async () => {
    expect(await refused("p^2/2 + V(q)")).toMatchObject({ kind: "formula", code: "unknown-function" });
  });

  test("a model that is finite nowhere", async () => {
    expect(await refused("p^2/2 + log(-1 - q^2)")).toMatchObject({ kind: "diverged", code: "no-finite-energy" });
  });
});
