import { describe, expect, it } from "vitest";
import { print } from "../../src/expr/print.ts";
import { parseModel } from "../../src/parser/parse.ts";

const state = (text: string) => {
  const { coordinates, momenta } = parseModel(text);
  return coordinates.map(({ name }, k) => [name, momenta[k]!.name]);
};

it("reads the example of the language", () => {
  const model = parseModel(`
    # a pendulum
    m = 1 kg;  l = 0.5 m;  g = 9.81 m/s^2        # constants
    k = 0.1 learn in [0, 10]
    q [rad], p [kg m^2/s]
    q(0) = 1, p(0) = 0
    H = p^2/(2 m l^2) + m g l (1 - cos(q)) + k
  `);
  expect(print(model.hamiltonian)).toBe("p^2/(2*m*l^2) + m*g*l*(1 - cos(q)) + k");
  expect(model.parameters).toEqual([
    { name: "m", shape: [], value: 1, unit: "kg" },
    { name: "l", shape: [], value: 0.5, unit: "m" },
    { name: "g", shape: [], value: 9.81, unit: "m/s^2" },
    { name: "k", shape: [], value: 0.1, learn: { min: 0, max: 10 } },
  ]);
  expect(model.coordinates).toEqual([{ name: "q", shape: [], unit: "rad", ring: false }]);
  expect(model.momenta).toEqual([{ name: "p", shape: [], unit: "kg m^2/s", ring: false }]);
  expect([...model.initial]).toEqual([
    ["q", 1],
    ["p", 0],
  ]);
  expect(model.inUnits).toBe(true);
  expect(model.timeDependent).toBe(false);
});

describe("pairing", () => {
  it.each([
    ["p^2 + q^2", [["q", "p"]]],
    [
      "p10^2 + p2^2 + q2 + q10",
      [
        ["q2", "p2"],
        ["q10", "p10"],
      ],
    ],
    [
      "px^2 + x + p_y^2 + y",
      [
        ["x", "px"],
        ["y", "p_y"],
      ],
    ],
    ["p_θ^2 + θ", [["theta", "p_theta"]]],
    ["ptheta^2 + theta", [["theta", "ptheta"]]],
    ["p^2 + V(x)", [["x", "p"]]],
    [
      "p1^2 + p2^2 + x1 x2",
      [
        ["x1", "p1"],
        ["x2", "p2"],
      ],
    ],
    ["P^2 + Q", [["Q", "P"]]],
    [
      "y + py^2; pairs (x, px)",
      [
        ["x", "px"],
        ["y", "py"],
      ],
    ],
    ["H(b, a, t) = a^2 + b t", [["b", "a"]]],
    [
      "H(x, px, y, py) = px^2 + py^2 + x y",
      [
        ["x", "px"],
        ["y", "py"],
      ],
    ],
    [
      "z [m], pz [kg m/s]; a [m], pa [kg m/s]; z a pz pa",
      [
        ["z", "pz"],
        ["a", "pa"],
      ],
    ],
    ["phi + p^2", [["phi", "p"]]],
  ] as const)("%s", (text, pairs) => expect(state(text)).toEqual(pairs));

  it("is echoed", () => {
    expect(parseModel("px^2 + x + py^2 + y").readings).toEqual(["coordinates and momenta: (x, px), (y, py)"]);
  });
});

it("reads arrays, their lengths from their use", () => {
  const model = parseModel("N = 4; sum(p[i]^2/2, i=1..N) + sum((q[i+1] - q[i])^4, i=1..N-1)");
  expect(model.coordinates).toEqual([{ name: "q", shape: [4], ring: false }]);
  expect(model.momenta).toEqual([{ name: "p", shape: [4], ring: false }]);
  expect(model.parameters).toEqual([]);
});

it("takes numbered names for elements where the partner is an array", () => {
  const model = parseModel("sum(p_i^2/2, i=1..2) + q_1 q_2");
  expect(model.coordinates).toEqual([{ name: "q", shape: [2], ring: false }]);
  expect(print(model.hamiltonian)).toBe("sum(p[i]^2/2, i = 1..2) + q[1]*q[2]");
});

it("reads rings and boundaries", () => {
  const chain = "N = 4; sum(p[i]^2/2 + (q[i+1] - q[i])^2, i=1..N)";
  const ring = parseModel(`${chain}; ring q`);
  expect(ring.coordinates[0]!.ring).toBe(true);
  expect(print(ring.hamiltonian)).toBe("sum(p[i]^2/2 + (q[i+1] - q[i])^2, i = 1..4)");
  const fixed = parseModel(`${chain}; boundary q = 0`);
  expect(print(fixed.coordinates[0]!.boundary!)).toBe("0");
  expect(print(fixed.hamiltonian)).toBe("sum(p[i]^2/2 + (if(i + 1 <= 4, q[i+1], 0) - q[i])^2, i = 1..4)");
});

it("reads damping, forces and invariants", () => {
  const model = parseModel(
    "x^2 + px^2 + y^2 + py^2; damping px = k, py = 2 k; k = 1; force px = F cos(w t); F = 1; w = 2; invariant L = x py - y px",
  );
  expect(model.damping.map(({ target, value }) => [target, print(value)])).toEqual([
    ["px", "k"],
    ["py", "2*k"],
  ]);
  expect(model.forces.map(({ target, value }) => [target, print(value)])).toEqual([["px", "F*cos(w*t)"]]);
  expect(model.invariants.map(({ name, value }) => [name, print(value)])).toEqual([["L", "x*py - y*px"]]);
  expect(model.timeDependent).toBe(true);
});

it("spreads side statements over arrays", () => {
  const model = parseModel("q: [3]; p: [3]; p^2/2 + q^2/2; damping p[i] = 0.1 i; force p[2] = 1");
  expect(model.damping[0]!.over).toHaveLength(1);
  expect(model.forces[0]).toMatchObject({ target: "p", over: [], at: [{ offset: 2 }] });
});

describe("quantities", () => {
  it("are products where the model has no units", () => {
    const model = parseModel("l = 0.5 m; m = 2; p^2/2 + l q");
    expect(print(model.hamiltonian)).toBe("p^2/2 + 0.5*m*q");
    expect(model.readings).toContain("`0.5 m` is read as a product (write `0.5 [m]` for the quantity)");
  });

  it("are quantities where it has", () => {
    const model = parseModel("l = 0.5 m; m = 2 kg; p^2/2 + l m q");
    expect(model.parameters[0]).toEqual({ name: "l", shape: [], value: 0.5, unit: "m" });
    expect(model.readings).toContain("`0.5 m` is read as a quantity (write `0.5*m` for the product)");
  });

  it("stay products where written so", () => {
    expect(parseModel("l = 0.5*m; m = 2 kg; p^2/2 + l q").parameters).toHaveLength(1);
  });

  it("may stand in formulas in brackets", () => {
    const model = parseModel("p^2/(2 [kg]) + q");
    expect(model.parameters).toEqual([{ name: "quantity1", shape: [], value: 2, unit: "kg" }]);
  });
});

it("keeps unknown functions and their networks", () => {
  const model = parseModel("p^2/2 + V(x, t) + U(x); V = nn(32, 16, tanh)");
  expect(model.unknownFunctions).toEqual([
    { name: "U", arity: 1 },
    { name: "V", arity: 2, network: { kind: "nn", sizes: [32, 16], activation: "tanh" } },
  ]);
  expect(model.readings.at(-1)).toBe(
    "`U` is an unknown function of 1 argument (add `U = 1` if a product was meant, `U = nn(32, 32, tanh)` if a network)",
  );
});

it("offers the product where a called name falls into declared ones", () => {
  expect(parseModel("p^2/2 + mg(1 - cos(q)); m = 1; g = 1").readings.at(-1)).toBe(
    "`mg` is an unknown function of 1 argument (write `m*g*(…)` if a product was meant, `mg = nn(32, 32, tanh)` if a network)",
  );
});

it("inlines definitions in any order, and functions", () => {
  const model = parseModel("p^2/2 + f(q); f(x) = w^2 x^2/2; w = sqrt(k/m); k = 4; m = 1");
  expect(print(model.hamiltonian)).toBe("p^2/2 + sqrt(k/m)^2*q^2/2".replace("sqrt(k/m)^2", "k/m"));
});

it("warns of what is not used", () => {
  expect(parseModel("p^2 + q^2; m = 1").warnings).toEqual(["`m` is declared and not used"]);
});

it("takes keywords for names where no such statement stands", () => {
  const model = parseModel("force = 2; ring = 3; p^2 + force q + ring");
  expect(model.parameters.map(({ name }) => name)).toEqual(["force", "ring"]);
});

it.each([
  ["p^2/2\n+ q^2", "p^2/2 + q^2"],
  ["p^2/2 +\nq^2", "p^2/2 + q^2"],
  ["(p^2\n+ q^2)", "p^2 + q^2"],
  ["p^2 + k q where k = 1", "p^2 + k*q"],
  ["k = 1\r\nH = p^2 + k q\r\n", "p^2 + k*q"],
])("joins and separates lines: %j", (text, printed) => expect(print(parseModel(text).hamiltonian)).toBe(printed));
