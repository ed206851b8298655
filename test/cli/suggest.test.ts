import { expect, test } from "vitest";
import { nearest } from "../../src/cli/suggest.ts";

const names = ["compile", "systems", "targets", "doctor", "double-pendulum", "double-well", "js", "tfjs"];

test.each([
  ["compil", "compile"],
  ["Compile", "compile"],
  ["docter", "doctor"],
  ["tagrets", "targets"],
  ["double-pendlum", "double-pendulum"],
  ["tjfs", "tfjs"],
  ["jss", "js"],
  ["q", undefined],
  ["plot", undefined],
  ["p^2/2 - cos(q)", undefined],
  ["", undefined],
])("%j is meant as %j", (word, name) => {
  expect(nearest(word, names)).toBe(name);
});
