import { describe, expect, test } from "vitest";
import { readEvent } from "../../src/cli/event-option.ts";
import { HnncError } from "../../src/errors.ts";

describe("--event", () => {
  test.each([
    ["y", { formula: "y" }],
    [" y - 1 : up ", { formula: "y - 1", direction: "up" }],
    ["y:down", { formula: "y", direction: "down" }],
    ["y:both", { formula: "y", direction: "both" }],
    ["q^2 = 4:stop", { formula: "q^2 = 4", terminal: true }],
    ["x p_x + y p_y:min", { formula: "x p_x + y p_y", kind: "minimum" }],
    ["q:max:stop", { formula: "q", kind: "maximum", terminal: true }],
    ["y:stop:up", { formula: "y", terminal: true, direction: "up" }],
    ["-q*2:up", { formula: "-q*2", direction: "up" }],
  ])("%s", (text, event) => {
    expect(readEvent(text)).toEqual([event]);
  });

  test("is added to those before it", () => {
    expect(readEvent("p:max", readEvent("q"))).toEqual([{ formula: "q" }, { formula: "p", kind: "maximum" }]);
  });

  test.each([
    ["y:upwards", "`:upwards` says nothing about an event"],
    ["y:", "`:` says nothing about an event"],
    ["y:constructor", "`:constructor` says nothing about an event"],
    [":up", "`--event` has no formula"],
    ["", "`--event` has no formula"],
  ])("%j is refused", (text, message) => {
    try {
      readEvent(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(HnncError);
      expect((error as HnncError).format()).toBe(
        `error[bad-event]: ${message}\n  hint: write --event "FORMULA", behind it :up :down :both :min :max :stop`,
      );
    }
  });
});
