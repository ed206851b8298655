import { describe, expect, it } from "vitest";
import { targetNames } from "../src/codegen/targets.ts";
import { compile } from "../src/compile.ts";
import { systems } from "../src/systems/systems.ts";

describe("compile", () => {
  it.each([undefined, null, 3, {}, { model: 3 }])("refuses %j by saying what it takes", (input) => {
    expect(() => compile(input as unknown as string)).toThrow(
      expect.objectContaining({ kind: "usage", code: "not-a-model" }),
    );
  });

  it("gives parameters as defaults what it gives them in a call, bit for bit", () => {
    const text = "p^2/(2 m) + k q^4; m = 1; k = 1";
    const given = { m: 2.5, k: 0.7 };
    const x = [0.3, 0.4];
    expect(compile(text, { parameters: given }).field(x)).toEqual(compile(text).field(x, undefined, given));
    expect(compile(text, { parameters: given }).meta.parameters).toEqual(given);
  });

  it("answers the same from every system whatever is asked for first", () => {
    for (const order of [
      ["field", "gradient", "hamiltonian"],
      ["hamiltonian", "gradient", "field"],
    ] as const) {
      const compiled = compile(systems["double-pendulum"]);
      for (const quantity of order) compiled[quantity]([0.1, 0.2, 0.3, 0.4]);
      expect(compiled.emit("js")).toBe(compile(systems["double-pendulum"]).emit("js"));
    }
  });
});

describe("emit", () => {
  it.each(["rust", "__proto__", "constructor", undefined])("refuses the target %s", (name) => {
    const compiled = compile("p^2/2 - cos(q)");
    expect(() => compiled.emit(name as "js")).toThrow(
      expect.objectContaining({ kind: "usage", code: "unknown-target" }),
    );
  });

  it.each(targetNames)("%s: what cannot be evaluated is refused alike, what can be written is written", (name) => {
    const compiled = compile("p^2/2 + V(q)");
    if (name === "latex" || name === "json") expect(compiled.emit(name)).toContain("V");
    else
      expect(() => compiled.emit(name)).toThrow(expect.objectContaining({ kind: "formula", code: "unknown-function" }));
  });
});
