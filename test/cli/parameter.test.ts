import { expect, test } from "vitest";
import { readParameter } from "../../src/cli/parameter.ts";

test.each([
  ["m=2", { m: 2 }],
  ["m = -2.5e-3", { m: -0.0025 }],
  ["ω=.5", { ω: 0.5 }],
  ["m=1,2,3", { m: [1, 2, 3] }],
  ["__proto__=1", Object.fromEntries([["__proto__", 1]])],
])("%s", (text, values) => {
  expect(readParameter(text, {})).toEqual(values);
});

test("several add up", () => {
  expect(readParameter("k=3", readParameter("m=2", {}))).toEqual({ m: 2, k: 3 });
});

test.each([["m"], ["=2"], ["m="], ["m=two"], ["m=0x10"], ["m=1e999"], ["m=1,,2"], ["m=Infinity"]])(
  "%s is refused",
  (text) => {
    expect(() => readParameter(text, {})).toThrow(`\`--param ${text}\` gives no number to a name`);
  },
);

test("a name given twice is refused", () => {
  expect(() => readParameter("m=3", { m: 2 })).toThrow("`--param` gives `m` twice");
});
