import { describe, expect, it } from "vitest";
import { HnncError } from "../../src/errors.ts";
import { verifyInvariant } from "../../src/mechanics/invariant.ts";
import { separationOf } from "../../src/mechanics/separate.ts";
import { checkUnits, inBaseUnits } from "../../src/mechanics/units.ts";
import { parseModel } from "../../src/parser/parse.ts";

/** The first complaint about units, as a person reads it; empty if there is none. */
function complaint(text: string): string {
  try {
    const [first] = checkUnits(parseModel(text)).errors;
    return first ? first.format() : "";
  } catch (error) {
    if (error instanceof HnncError) return error.format();
    throw error;
  }
}

describe("units in a model text", () => {
  it("converts to base units and keeps the rest", () => {
    const made = inBaseUnits(parseModel("m = 1 kg; l = 50 cm; g = 9.81 m/s^2\np^2/(2 m l^2) + m g l (1 - cos(theta))"));
    expect(made.parameters.map(({ value, unit }) => [value, unit])).toEqual([
      [1, "kg"],
      [0.5, "m"],
      [9.81, "m/s^2"],
    ]);
    expect(made.readings).toContain("`l = 50 cm` is computed as 0.5 m");
    expect(checkUnits(made).quantities.find(({ name }) => name === "p")?.unit).toBe("kg m^2/s");
  });

  it.each([
    ["a coherent model", "m = 2 u; k = 1 eV/Å^2; x [Å]\np^2/(2 m) + k x^2/2", ""],
    ["a force", "m = 1 kg; F = 2 N; w = 2 [1/s]; x [m]\nH = p^2/(2 m)\nforce p = F cos(w t)", ""],
    [
      "a sum of two dimensions",
      "m = 1 kg; l = 0.5 m; g = 9.81 m/s^2; p [kg m^2/s]\np^2/(2 m l) + m g l (1 - cos(theta))",
      "error[unit]: `p^2/(2*m*l)` is kg m^3/s^2 and `m*g*l*(1 - cos(theta))` is kg m^2/s^2: they cannot be added\n  hint: their quotient is m: a factor or a unit is missing",
    ],
    [
      "a bare number that lacks a unit",
      "x [m], p [kg m/s]\nm = 1 kg; k = 2\np^2/(2 m) + k x^2/2",
      "error[unit]: `p^2/(2*m)` is kg m^2/s^2 and `k*x^2/2` is m^2: they cannot be added\n  hint: a bare number is dimensionless; it would fit with `k` in kg/s^2",
    ],
    [
      "an ambiguous quotient",
      "m = 1 kg; c = 3 [J/kg K]\np^2/(2 m) + c q^2",
      "error[unit]: a factor behind a quotient can be read in two ways\n  m = 1 kg; c = 3 [J/kg K]\n                        ^\n  hint: write `J/(kg K)` or `J K/kg`",
    ],
  ])("judges %s", (_, text, expected) => {
    expect(complaint(text)).toBe(expected);
  });
});

describe("separation and invariants of a model text", () => {
  it("reads a chain", () => {
    const chain = parseModel(
      "q: [5], p: [5]; ring q\nH = sum(p[i]^2/2 + (q[i+1] - q[i])^4/4, i = 1..5)\ninvariant P = sum(p[i], i = 1..5)",
    );
    expect(separationOf(chain)).toMatchObject({ separable: true, mass: { kind: "constant", coupled: false } });
    expect(verifyInvariant(chain, chain.invariants[0]!.value).verdict).toMatch(/symbolic|numeric/);
  });

  it("sees that a boundary pins a chain", () => {
    const pinned = parseModel(
      "q: [5], p: [5]; boundary q = 0\nH = sum(p[i]^2/2, i = 1..5) + sum((q[i+1] - q[i])^4/4, i = 0..5)\ninvariant P = sum(p[i], i = 1..5)",
    );
    expect(verifyInvariant(pinned, pinned.invariants[0]!.value).verdict).toBe("violated");
  });
});
