import { describe, expect, it } from "vitest";
import { readHidden, readLearn } from "../../src/cli/learn-option.ts";

describe("--learn", () => {
  it("puts networks behind unknown functions", () => {
    expect(readLearn("N = mlp(64, 64)").functions).toEqual({ N: { hidden: [64, 64] } });
    expect(readLearn("V=nn(32,32,softplus)").functions).toEqual({ V: { hidden: [32, 32], activation: "softplus" } });
    expect(readLearn("V = mlp()").functions).toEqual({ V: {} });
    expect(readLearn("V = mlp(sin)").functions).toEqual({ V: { activation: "sin" } });
  });

  it("names parameters, and adds to what was said before", () => {
    const first = readLearn("k, c");
    expect(first.parameters).toEqual(["k", "c"]);
    const second = readLearn("N = mlp(8)", first);
    expect(second).toEqual({ functions: { N: { hidden: [8] } }, parameters: ["k", "c"] });
    expect(readLearn("m", second).parameters).toEqual(["k", "c", "m"]);
  });

  it.each(["N = mlp(64, 0)", "N = mlp(6.5)", "N = mlp(64", "N = cnn(64)", "k = 3", "k c", "", "N = mlp(tanh, 64)"])(
    "refuses `%s`",
    (text) => {
      expect(() => readLearn(text)).toThrow(`\`--learn ${text}\` says neither`);
    },
  );

  it("refuses a name twice, and keeps names apart from what objects have", () => {
    const first = readLearn("constructor = mlp(4)");
    expect(Object.keys(first.functions)).toEqual(["constructor"]);
    expect(() => readLearn("constructor = mlp(5)", first)).toThrow("gives `constructor` twice");
    expect(() => readLearn("k", readLearn("k"))).toThrow("gives `k` twice");
    expect(readLearn("toString = mlp(5)").functions.toString).toEqual({ hidden: [5] });
  });
});

it("--hidden reads the units of layers", () => {
  expect(readHidden("64,32")).toEqual([64, 32]);
  expect(readHidden("64x64")).toEqual([64, 64]);
  for (const text of ["", "64,,3", "0", "a", "3.5"]) expect(() => readHidden(text)).toThrow("names no layers");
});
