import { describe, expect, test } from "vitest";
import { HnncError } from "../../src/errors.ts";
import { differentiate } from "../../src/expr/differentiate.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import { print } from "../../src/expr/print.ts";
import { inBaseUnits } from "../../src/mechanics/units.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { eventExpression, parseEventFormula, rateAlongFlow } from "../../src/simulation/event-formula.ts";
import { systems } from "../../src/systems/systems.ts";

const pendulum = parseModel("p^2/2m - cos(q); m = 2 # a comment");
const chain = parseModel(
  "sum(p[i]^2/2, i=1..5) + sum(V(q[i+1] - q[i]), i=1..4); V(x) = x^2/2 + x^4/4; r = q[2] - q[1]",
);
const inUnits = inBaseUnits(
  parseModel("p^2/(2 m l^2) + m g l (1 - cos(theta)); theta [rad]; m = 1 kg; l = 50 cm; g = 9.81 m/s^2"),
);

describe("a formula in the words of a model", () => {
  test.each([
    [pendulum, "q = m/4", "q - m/4"],
    [pendulum, "2 q p", "2*q*p"],
    [pendulum, "t - 3", "t - 3"],
    [pendulum, "q_0", undefined],
    [chain, "V(q1) + q_2 + q[3]", "q[1]^2/2 + q[1]^4/4 + q[2] + q[3]"],
    [chain, "r", "q[2] - q[1]"],
    [chain, "sum(q[i], i = 1..5) = 2", "sum(q[i], i = 1..5) - 2"],
    [inUnits, "l sin(theta) = 10 [cm]", "l*sin(theta) - 0.1"],
  ] as const)("case %#: %s", (model, text, expected) => {
    if (expected === undefined) expect(() => parseEventFormula(model, text)).toThrow(HnncError);
    else expect(print(parseEventFormula(model, text))).toBe(expected);
  });

  test("is read for the first coordinate of every system", () => {
    for (const { model: text } of Object.values(systems)) {
      const model = parseModel(text);
      const { name, shape } = model.coordinates[0]!;
      const first = shape.length === 0 ? name : `${name}[${shape.map(() => 1).join(", ")}]`;
      expect(print(parseEventFormula(model, first)).replaceAll(" ", "")).toBe(first.replaceAll(" ", ""));
    }
  });
});

function errorOf(run: () => unknown): HnncError {
  try {
    run();
  } catch (error) {
    if (error instanceof HnncError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("what is refused points into the event's own text", () => {
  test.each([
    [pendulum, "q - r", "unknown-symbol", [4, 5]],
    [pendulum, "q = 1 + rr", "unknown-symbol", [8, 10]],
    [pendulum, "y + p_y", "unknown-symbol", [0, 1]],
    [pendulum, "q)+(p", "unbalanced", [1, 2]],
    [pendulum, "(q + p", "unbalanced", [0, 1]],
    [pendulum, "q, p", "syntax", [1, 2]],
    [pendulum, "q; m = 3", "syntax", [1, 2]],
    [pendulum, "q < p", "not-a-number", [0, 5]],
    [pendulum, "q = p = 1", "syntax", [2, 3]],
    [pendulum, "V(q)", "unknown-function", [0, 1]],
    [pendulum, "m", "event-constant", [0, 1]],
    [pendulum, " ", "empty", [0, 1]],
    [pendulum, "q - 0.1 [m]", "unit", [0, 11]],
    [chain, "q[6]", "index-range", [0, 4]],
    [chain, "q", "not-a-number", [0, 1]],
    [inUnits, "l + theta", "unit", [0, 9]],
  ] as const)("case %#: %s", (model, text, code, [start, end]) => {
    const error = errorOf(() => parseEventFormula(model, text));
    expect([error.code, error.span, error.source]).toEqual([code, { start, end }, text]);
  });

  test("the names that there are, are told", () => {
    expect(errorOf(() => parseEventFormula(pendulum, "q - r")).format()).toContain(
      "coordinates: q   momenta: p   parameters: m",
    );
  });

  test("an extremum has no direction", () => {
    const error = errorOf(() => eventExpression(pendulum, { formula: "q", kind: "minimum", direction: "up" }));
    expect(error.code).toBe("event-direction");
  });
});

describe("extrema", () => {
  test("are zeros of the rate along the flow, upwards at a minimum", () => {
    const { value, direction } = eventExpression(pendulum, { formula: "q^2", kind: "minimum", terminal: true });
    expect(direction).toBe("up");
    // d(q²)/dt = 2 q p/m
    expect(evaluate(value, { q: 0.3, p: 0.7, m: 2 })).toBeCloseTo((2 * 0.3 * 0.7) / 2, 15);
    expect(eventExpression(pendulum, { formula: "q", kind: "maximum" }).direction).toBe("down");
  });

  test("know of damping, of forces, and of t where the model does not", () => {
    const driven = parseModel("p^2/2m + q^2/2; m = 2; c = 0.3; damping p = c; force p = 5");
    const rate = rateAlongFlow(driven, parseEventFormula(driven, "p + t^2"));
    // −q − c p/m + 5 + 2t
    const at = { q: 0.4, p: 0.6, m: 2, c: 0.3, t: 1.5 };
    expect(evaluate(rate, at)).toBeCloseTo(-0.4 - (0.3 * 0.6) / 2 + 5 + 3, 14);
    expect(print(differentiate(rate, "t"))).toBe("2");
  });
});
