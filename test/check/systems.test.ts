import { describe, expect, test } from "vitest";
import { check } from "../../src/check/check-model.ts";
import { checks } from "../../src/check/checks.ts";
import { compile } from "../../src/compile.ts";
import { sampleState } from "../../src/systems/system.ts";
import { systems } from "../../src/systems/systems.ts";

/** What each system may leave out, apart from what it has not: units, invariants, areas under damping. */
const maySkip: Readonly<Record<string, readonly string[]>> = {
  // Close passes, which a fixed step meets only with very many steps.
  pythagorean: ["trajectories"],
};

describe.each(Object.entries(systems))("%s", (name, system) => {
  test("passes every check", async () => {
    const compiled = compile(system);
    const variables = [...compiled.model.coordinates, ...compiled.model.momenta];
    const report = await check(compiled, {
      points: 30,
      region: (uniform) => sampleState(system, variables, uniform),
      start: Object.values(system.initialStates)[0]!.x0,
    });
    expect(report.lines.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    const idle = report.lines.filter(({ verdict }) => verdict === "skipped").map(({ check: member }) => member);
    const excused = ["tensors", "units", ...(maySkip[name] ?? [])];
    if (system.invariants.length === 0) excused.push("invariants");
    if (!compiled.meta.conservative) excused.push("symplecticity");
    expect(idle.filter((member) => !excused.includes(member))).toEqual([]);
    expect(new Set(report.lines.map((line) => line.check))).toEqual(new Set(Object.keys(checks)));
  });
});
