import { describe, expect, it } from "vitest";
import { add, call, constant, cos, div, max, mul, pow, sqrt, sub, symbol } from "../../src/expr/build.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { checkUnits, inBaseUnits } from "../../src/mechanics/units.ts";
import type { Model, Parameter, Variable } from "../../src/model.ts";

const variable = (name: string, unit?: string): Variable => ({ name, shape: [], unit, ring: false });
const parameter = (name: string, value: number | undefined, unit?: string): Parameter => ({
  name,
  shape: [],
  value,
  unit,
});

function model(hamiltonian: Expr, parts: Partial<Model> = {}): Model {
  return {
    source: "",
    hamiltonian,
    coordinates: [variable("q")],
    momenta: [variable("p")],
    parameters: [],
    timeDependent: false,
    unknownFunctions: [],
    damping: [],
    forces: [],
    invariants: [],
    initial: new Map(),
    inUnits: true,
    readings: [],
    warnings: [],
    ...parts,
  };
}

const [q, p, m, l, g, k, t] = ["q", "p", "m", "l", "g", "k", "t"].map(symbol) as [
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
  Expr,
];
const square = (e: Expr): Expr => pow(e, constant(2));
const kinetic = div(square(p), mul(constant(2), m));
const pendulum = add(
  div(square(p), mul(mul(constant(2), m), square(l))),
  mul(mul(mul(m, g), l), sub(constant(1), cos(q))),
);
const si = [parameter("m", 1, "kg"), parameter("l", 0.5, "m"), parameter("g", 9.81, "m/s^2")];

const unitsOf = (made: Model): Record<string, string | undefined> => {
  const report = checkUnits(made);
  expect(report.errors.map((error) => error.message)).toEqual([]);
  return { H: report.hamiltonian, ...Object.fromEntries(report.quantities.map(({ name, unit }) => [name, unit])) };
};
const messages = (made: Model): string[] => checkUnits(made).errors.map((error) => error.message);

describe("checkUnits", () => {
  it("infers the units of a pendulum in SI", () => {
    expect(unitsOf(model(pendulum, { parameters: si }))).toEqual({
      H: "kg m^2/s^2",
      q: "dimensionless",
      p: "kg m^2/s",
      m: "kg",
      l: "m",
      g: "m/s^2",
    });
  });

  it("solves for a parameter that the caller gives and for an unknown function", () => {
    const H = add(kinetic, call("V", [mul(k, q)]));
    const units = unitsOf(
      model(H, {
        coordinates: [variable("q", "m")],
        momenta: [variable("p", "kg m/s")],
        parameters: [parameter("m", undefined), parameter("k", 1, "1/m")],
      }),
    );
    expect(units).toMatchObject({ m: "kg", H: "kg m^2/s^2" });
  });

  it("leaves open what the formula does not determine", () => {
    const H = add(kinetic, div(mul(k, square(q)), constant(2)));
    const units = unitsOf(model(H, { parameters: [parameter("m", 1, "kg"), parameter("k", 1, "N/m")] }));
    expect(units).toMatchObject({ q: undefined, p: undefined, H: undefined });
  });

  it("takes rational exponents through roots and powers", () => {
    const H = add(mul(k, sqrt(q)), mul(sqrt(mul(m, q)), g));
    const parts = {
      coordinates: [variable("q", "m^3")],
      parameters: [parameter("m", 1, "kg"), parameter("g", 1, "s^(1/3)")],
    };
    const report = checkUnits(model(H, { ...parts, parameters: [...parts.parameters, parameter("k", undefined)] }));
    expect(report.errors).toEqual([]);
    expect(report.quantities.find(({ name }) => name === "k")?.unit).toBe("kg^(1/2) s^(1/3)");
  });

  it("takes quotients of numbers as exponents", () => {
    const third = div(constant(1), constant(3));
    const parts = {
      coordinates: [variable("q", "m")],
      parameters: [parameter("m", 1, "kg"), parameter("k", undefined)],
    };
    expect(
      unitsOf(model(add(kinetic, mul(k, pow(q, third))), { ...parts, momenta: [variable("p", "kg m/s")] })).k,
    ).toBe("kg m^(5/3)/s^2");
  });

  it("takes 0 in any unit and bare numbers as dimensionless", () => {
    const H = add(kinetic, mul(k, square(max(q, constant(0)))));
    const parts = {
      coordinates: [variable("q", "m")],
      parameters: [parameter("m", 1, "kg"), parameter("k", 1, "N/m")],
    };
    expect(unitsOf(model(H, parts)).p).toBe("kg m/s");
    const shifted = add(kinetic, mul(k, square(max(q, constant(1)))));
    expect(messages(model(shifted, parts))).toEqual(["`q` is m and `1` is dimensionless: they cannot be compared"]);
  });

  it("names the two terms that cannot be added", () => {
    const made = model(add(kinetic, mul(m, g)), { momenta: [variable("p", "kg m/s")], parameters: si });
    const [error] = checkUnits(made).errors;
    expect(error!.format()).toBe(
      [
        "error[unit]: `p^2/(2*m)` is kg m^2/s^2 and `m*g` is kg m/s^2: they cannot be added",
        "  hint: their quotient is m: a factor or a unit is missing",
      ].join("\n"),
    );
    expect(error!.exitCode).toBe(3);
  });

  it("names an argument that is no number", () => {
    const made = model(add(kinetic, cos(q)), {
      coordinates: [variable("q", "m")],
      momenta: [variable("p", "kg m/s")],
      parameters: si,
    });
    expect(messages(made)).toEqual([
      "`q` is m: the argument of `cos` must be dimensionless",
      "`p^2/(2*m)` is kg m^2/s^2 and `cos(q)` is dimensionless: they cannot be added",
    ]);
  });

  it("says which bare parameter lacks a unit", () => {
    const H = add(kinetic, mul(k, square(q)));
    const made = model(H, {
      coordinates: [variable("q", "m")],
      momenta: [variable("p", "kg m/s")],
      parameters: [parameter("m", 1, "kg"), parameter("k", 0.1)],
    });
    expect(checkUnits(made).errors[0]!.hint).toBe("a bare number is dimensionless; it would fit with `k` in kg/s^2");
  });

  it("requires [H]·[t] = [q]·[p]", () => {
    const made = model(pendulum, {
      coordinates: [variable("q", "rad")],
      momenta: [variable("p", "kg m^2/s")],
      parameters: si,
    });
    expect(messages(made)).toEqual([]);
    const free = model(kinetic, {
      coordinates: [variable("q", "rad")],
      momenta: [variable("p", "kg m/s")],
      parameters: si,
    });
    const [error] = checkUnits(free).errors;
    expect(error!.message).toBe("[H]·[t] is kg m^2/s and [q]·[p] is kg m/s: they must be the same");
  });

  it("lets H be no energy, as for point vortices", () => {
    const H = mul(k, square(sub(q, p)));
    const made = model(H, {
      coordinates: [variable("q", "m")],
      momenta: [variable("p", "m")],
      parameters: [parameter("k", 1, "1/s")],
    });
    expect(unitsOf(made).H).toBe("m^2/s");
  });

  it("takes time as a number where every unit is dimensionless, in seconds otherwise", () => {
    const natural = add(div(square(p), constant(2)), cos(sub(q, t)));
    expect(unitsOf(model(natural, { coordinates: [variable("q", "rad")] }))).toMatchObject({ p: "dimensionless" });
    const driven = add(pendulum, mul(q, cos(t)));
    expect(messages(model(driven, { parameters: si }))[0]).toBe(
      "`t` is s: the argument of `cos` must be dimensionless",
    );
  });

  it("checks forces, dampings and boundaries", () => {
    const variables = { coordinates: [variable("q", "m")], momenta: [variable("p", "kg m/s")] };
    const parameters = [parameter("m", 1, "kg"), parameter("k", 1, "kg/s"), parameter("g", 1, "N")];
    const on = (value: Expr) => [{ target: "p", at: [], over: [], value }];
    expect(messages(model(kinetic, { ...variables, parameters, forces: on(g), damping: on(k) }))).toEqual([]);
    expect(messages(model(kinetic, { ...variables, parameters, forces: on(k), damping: on(g) }))).toEqual([
      "the force on `p` is kg/s but must be kg m/s^2",
      "the damping of `p` is kg m/s^2 but must be kg/s",
    ]);
  });

  it("points into the model text at a unit that it cannot read", () => {
    const made = model(kinetic, { source: "m = 1 J/kg K", parameters: [parameter("m", 1, "J/kg K")] });
    expect(() => checkUnits(made)).toThrow(
      expect.objectContaining({ span: { start: 11, end: 12 }, source: "m = 1 J/kg K" }),
    );
  });

  it("does not look at a model without units", () => {
    expect(checkUnits(model(add(q, cos(q)), { inUnits: false }))).toEqual({
      quantities: [],
      hamiltonian: undefined,
      errors: [],
    });
  });

  it("is linear: 1e5 terms in under 10 s, on a busy machine too, where quadratic would take an hour", () => {
    let H = kinetic;
    for (let n = 0; n < 1e5; n++) H = add(H, mul(k, pow(symbol(n % 2 ? "q" : "x"), constant(2 + (n % 2) * n))));
    const made = model(H, {
      coordinates: [variable("q", "rad"), variable("x", "rad")],
      momenta: [variable("p"), variable("y")],
      parameters: [parameter("m", 1, "kg"), parameter("k", 1, "J")],
    });
    const start = performance.now();
    checkUnits(made);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("inBaseUnits", () => {
  it("converts values, bounds and initial states, and says so", () => {
    const made = model(pendulum, {
      coordinates: [variable("q", "deg")],
      parameters: [
        { ...parameter("l", 50, "cm"), learn: { min: 10, max: Number.POSITIVE_INFINITY } },
        { name: "m", shape: [2], value: [1, 250], unit: "g" },
        parameter("g", 9.81, "N/kg"),
      ],
      initial: new Map([["q", 180]]),
      readings: ["before"],
    });
    const base = inBaseUnits(made);
    expect(base.parameters).toEqual([
      { name: "l", shape: [], value: 0.5, unit: "m", learn: { min: 0.1, max: Number.POSITIVE_INFINITY } },
      { name: "m", shape: [2], value: [0.001, 0.25], unit: "kg" },
      parameter("g", 9.81, "N/kg"),
    ]);
    expect(base.initial.get("q")).toBe(Math.PI);
    expect(base.coordinates[0]!.unit).toBe("rad");
    expect(base.readings).toEqual([
      "before",
      "`l = 50 cm` is computed as 0.5 m",
      "`m` is computed in kg, not g",
      "`q` is computed in rad, not deg",
    ]);
  });

  it("keeps a model in coherent units, or in none, as it is", () => {
    const made = model(pendulum, { parameters: si });
    expect(inBaseUnits(made)).toEqual(made);
    const bare = model(pendulum, { inUnits: false });
    expect(inBaseUnits(bare)).toBe(bare);
  });
});
