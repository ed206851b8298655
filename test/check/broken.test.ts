import { describe, expect, test } from "vitest";
import { type CheckReport, check } from "../../src/check/check-model.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { type Compiled, compile } from "../../src/compile.ts";
import { makeApply, makeConst } from "../../src/expr/expr.ts";
import { leapfrog } from "../../src/integrate/leapfrog.ts";

/** What fails, as `check: claim`. */
function failures({ lines, passed }: CheckReport): string[] {
  const failed = lines.filter(({ verdict }) => verdict === "fail");
  expect(passed).toBe(failed.length === 0);
  for (const { worst, because } of failed) expect(worst ?? because).toBeTruthy();
  return failed.map(({ check: name }) => name).filter((name, k, all) => all.indexOf(name) === k);
}

const heavyPendulum = "p^2/(2*0.7) - 1.3 cos(q) + 0.2 q p";

async function failuresWith(broken: Partial<Compiled>, text = heavyPendulum): Promise<string[]> {
  return failures(await check({ ...compile(text), ...broken }, { points: 20 }));
}

/** Every check is shown to fail where something is wrong, and only there. */
describe("a fault is found", () => {
  test("none in a sound model", async () => {
    expect(await failuresWith({})).toEqual([]);
  });

  test("in the energy: a part in 10^12", async () => {
    const { hamiltonian } = compile(heavyPendulum);
    const broken = await failuresWith({ hamiltonian: (x, p, t) => hamiltonian(x, p, t) * (1 + 1e-12) });
    expect(broken).toContain("values");
  });

  test("in the gradient: a part in 10^11", async () => {
    const { gradient } = compile(heavyPendulum);
    const broken = await failuresWith({
      gradient: (x, out, p, t) => {
        const slopes = gradient(x, out, p, t);
        slopes[1]! *= 1 + 1e-11;
        return slopes;
      },
    });
    expect(broken).toEqual(["gradient"]);
  });

  test("in the gradient of the formula: differences of H tell, though both symbolic roads agree", async () => {
    const { model, source } = compile(heavyPendulum);
    const other = compile("p^2/(2*0.7) - 1.3 cos(q) + 0.2000001 q p");
    const report = await check(
      {
        ...other,
        model: { ...other.model, source: model.source },
        source: other.source,
        hamiltonian: compile(heavyPendulum).hamiltonian,
      },
      { points: 20 },
    );
    expect(source).not.toBe(other.source);
    const failed = report.lines.filter(({ verdict }) => verdict === "fail").map(({ claim }) => claim);
    expect(failed).toEqual(["H: JavaScript = interpreter", "∂H/∂x: reverse sweep = differences of H"]);
  });

  test("in the field: the wrong sign, known from the interpreter and from trajectories", async () => {
    const { field } = compile(heavyPendulum);
    const broken = await failuresWith({
      field: (x, out, p, t) => {
        const rates = field(x, out, p, t);
        rates[1] = -rates[1]!;
        return rates;
      },
    });
    expect(broken).toEqual(expect.arrayContaining(["field", "trajectories"]));
  });

  test("in the field: damping that is left out", async () => {
    const damped = "H = p^2/2 - cos(q)\ndamping p = 0.3";
    const { field } = compile("p^2/2 - cos(q)");
    expect(await failuresWith({ field }, damped)).toEqual(["field", "trajectories"]);
  });

  test("in an emitted program: a bit", async () => {
    const sound = compile(heavyPendulum);
    const emit = ((target: "js", options) => {
      const text = sound.emit(target, options);
      return typeof text === "string" ? text.replaceAll("1.3", "1.3000000000000003") : text;
    }) as Compiled["emit"];
    const report = await check({ ...sound, emit }, { points: 20 });
    const failed = report.lines.filter(({ verdict }) => verdict === "fail").map(({ claim }) => claim);
    expect(failed).toContain("H, ∂H/∂x, ẋ: portable JavaScript = WebAssembly");
  });

  test("in the claim that H separates", async () => {
    const text = "p^2/2 + q^4/4 + 1e-9 q^2 p^2";
    expect(await failuresWith({ separable: true }, text)).toContain("separability");
  });

  test("in the claim that nothing damps", async () => {
    const damped = compile("H = p^2/2 - cos(q)\ndamping p = 1e-6");
    const broken = await failures(
      await check({ ...damped, meta: { ...damped.meta, conservative: true } }, { points: 20 }),
    );
    expect(broken).toEqual(expect.arrayContaining(["energy", "symplecticity"]));
  });

  test("in the work of forces: a force that the trajectory has and the formula lacks", async () => {
    const [driven, other] = ["0.5", "0.500001"].map((F) => compile(`H = p^2/2 - cos(q)\nforce p = ${F} cos(t)`));
    expect(await failures(await check({ ...driven!, source: other!.source }, { points: 20 }))).toEqual(
      expect.arrayContaining(["trajectories", "energy"]),
    );
  });

  test("in the equations that the Taylor method compiled: a part in 10^8", async () => {
    const other = sourceOf(compile("p^2/(2*0.7) - 1.300000013 cos(q) + 0.2 q p").model);
    const broken = await failuresWith({ source: other });
    expect(broken).toEqual(expect.arrayContaining(["trajectories", "energy"]));
  });

  test("in a declared invariant, by both roads", async () => {
    const report = await check(compile("p^2/2 - cos(q); invariant I = p"), { points: 5 });
    const failed = report.lines.filter(({ verdict }) => verdict === "fail").map(({ claim }) => claim);
    expect(failed).toEqual(["{I, H} = 0", "I along a trajectory"]);
  });

  test("in the claim of an order", async () => {
    const boast = { ...leapfrog, order: 3 };
    const report = await check(compile("p^2/2 - cos(q)"), { points: 5, methods: [leapfrog, boast] });
    expect(failures(report)).toEqual(["orders"]);
    const slopes = report.lines.filter(({ check: name }) => name === "orders");
    expect(slopes.map(({ verdict }) => verdict)).toEqual(["pass", "fail"]);
    expect(slopes[0]!.figure).toBeCloseTo(2, 1);
  });

  test("in a text that does not read as what it was", async () => {
    const { model } = compile("p^2/2 + q^2");
    // The constructors would fold this to 3; the parser does.
    const strange = makeApply("add", [makeConst(1), makeConst(2)]);
    const invariants = [{ name: "I", value: strange }];
    expect(await failuresWith({ model: { ...model, invariants } }, "p^2/2 + q^2")).toEqual(["text"]);
  });

  test("in units", async () => {
    const sound = compile("p^2/(2 m) + k q^2/2; m = 2 kg; k = 3 N/m; q [m], p [kg m/s]");
    const source = sound.model.source.replace("N/m", "N");
    expect(await failuresWith({ model: { ...sound.model, source } }, sound.model.source)).toEqual(["units"]);
  });
});
