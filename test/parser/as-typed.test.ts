import { describe, expect, it } from "vitest";
import { HnncError } from "../../src/errors.ts";
import { print } from "../../src/expr/print.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { asTyped } from "./as-typed.ts";

function errorOf(text: string): HnncError {
  try {
    parseModel(text);
  } catch (error) {
    if (error instanceof HnncError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe("Hamiltonians as people type them", () => {
  it("are many", () => expect(asTyped.length).toBeGreaterThan(200));

  for (const entry of asTyped) {
    if ("reads" in entry) {
      it(`reads ${JSON.stringify(entry.text)}`, () => {
        const model = parseModel(entry.text);
        expect(print(model.hamiltonian)).toBe(entry.reads);
        const pairs = model.coordinates.map(({ name }, k) => `${name} ${model.momenta[k]!.name}`);
        expect(pairs.join(", ")).toBe(entry.pairs);
      });
    } else {
      it(`refuses ${JSON.stringify(entry.text)} with the fix`, () => {
        const error = errorOf(entry.text);
        expect(error.code).toBe(entry.refused);
        expect(error.hint).toBe(entry.fix);
        expect(error.kind).toBe("formula");
        expect(error.source).toBe(entry.text);
        expect(error.span!.start).toBeGreaterThanOrEqual(0);
        expect(error.span!.start).toBeLessThanOrEqual(entry.text.length);
      });
    }
  }
});
