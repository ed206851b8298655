import { describe, expect, test } from "vitest";
import { type BinaryTargetName, type TargetName, targets } from "../../src/codegen/targets.ts";
import { compile } from "../../src/compile.ts";
import { systems } from "../../src/systems/systems.ts";

/**
 * The emitted texts, whole, as files in test/golden: a change of an emitter shows as a diff to be read. After reading,
 * `npx vitest run test/codegen/golden.test.ts -u` accepts it. Short targets are kept for every system, the others for
 * one system of each kind.
 */

const shown = ["pendulum", "damped-pendulum", "double-pendulum", "toda", "n-body", "paul-trap", "fput-alpha"] as const;

const everywhere: readonly TargetName[] = ["js", "latex"];

const binary: readonly string[] = ["wasm", "onnx"] satisfies BinaryTargetName[];

describe.each(Object.entries(targets).filter(([name]) => !binary.includes(name)))("%s", (name, target) => {
  const of = everywhere.includes(name as TargetName) ? Object.keys(systems) : shown;

  test.each(of)("%s", async (system) => {
    const text = compile(systems[system as keyof typeof systems]).emit(name as Exclude<TargetName, BinaryTargetName>);
    await expect(text).toMatchFileSnapshot(`../golden/${name}/${system}.${target.extension}`);
  });
});

test.each(["wasm", "onnx"] as const)(
  "the same model gives the same bytes of %s, whatever was compiled before",
  (target) => {
    const before = compile(systems.kepler).emit(target);
    for (const system of [systems.toda, systems["double-pendulum"]]) compile(system).emit(target);
    expect(compile(systems.kepler).emit(target)).toEqual(before);
  },
);
