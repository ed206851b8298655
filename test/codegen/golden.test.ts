import { describe, expect, test } from "vitest";
import { type TargetName, targets } from "../../src/codegen/targets.ts";
import { compile } from "../../src/compile.ts";
import { systems } from "../../src/systems/systems.ts";

/**
 * The emitted texts, whole, as files in test/golden: a change of an emitter shows as a diff to be read. After reading,
 * `npx vitest run test/codegen/golden.test.ts -u` accepts it. Short targets are kept for every system, the others for
 * one system of each kind.
 */

const shown = ["pendulum", "damped-pendulum", "double-pendulum", "toda", "n-body", "paul-trap", "fput-alpha"] as const;

const everywhere: readonly TargetName[] = ["js", "latex"];

describe.each(Object.entries(targets).filter(([, target]) => target.emit !== targets.wasm.emit))(
  "%s",
  (name, target) => {
    const of = everywhere.includes(name as TargetName) ? Object.keys(systems) : shown;

    test.each(of)("%s", async (system) => {
      const text = compile(systems[system as keyof typeof systems]).emit(name as Exclude<TargetName, "wasm">);
      await expect(text).toMatchFileSnapshot(`../golden/${name}/${system}.${target.extension}`);
    });
  },
);

test("the same model gives the same bytes of WebAssembly, whatever was compiled before", () => {
  const before = compile(systems.kepler).emit("wasm");
  for (const system of [systems.toda, systems["double-pendulum"]]) compile(system).emit("wasm");
  expect(compile(systems.kepler).emit("wasm")).toEqual(before);
});
