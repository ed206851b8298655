import { describe, expect, it } from "vitest";
import { emitJs } from "../../src/codegen/js.ts";
import { loadKernels, type ParameterValues } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { parseModel } from "../../src/parser/parse.ts";

const kernelsOf = (text: string) => loadKernels(sourceOf(parseModel(text)));

/** The module that a text is, run as a file would be. */
const imported = async (text: string) => import(`data:text/javascript,${encodeURIComponent(text)}`);

describe("an emitted JavaScript module", () => {
  it("reads as one writes it by hand", () => {
    const text = emitJs(sourceOf(parseModel("p^2/2 - k cos(q) + 2; k = 3")));
    expect(text.slice(0, text.indexOf("export"))).toBe(
      "// H = p^2/2 - k*cos(q) + 2\n// state x = [q, p], field = [dH/dp, -dH/dq]\n// parameters: k = 3\n\n",
    );
    expect(text.slice(text.indexOf("/** The rate"))).toBe(`/** The rate of change of the state, written into \`out\`. */
export function field(x, out = new Float64Array(2), params) {
  const c = parameters(params);
  const q1 = x[0];
  const p1 = x[1];
  const c1 = c[0];
  out[0] = p1;
  out[1] = -(c1 * Math.sin(q1));
  return out;
}
`);
  });

  it("keeps the contract of its functions", async () => {
    const module = await imported(emitJs(sourceOf(parseModel("p^2/(2 m) - cos(q); m = 2"))));
    const x = [0.3, 1.5];
    expect(module.meta).toMatchObject({ coordinates: ["q"], momenta: ["p"], dimension: 2, parameters: { m: 2 } });
    expect(module.hamiltonian(x)).toBe(1.5 ** 2 / 4 - Math.cos(0.3));
    expect(module.gradient(x)).toEqual(Float64Array.of(Math.sin(0.3), 0.75));
    const out = Float64Array.of(7, 7);
    expect(module.field(x, out, { m: 3 })).toBe(out);
    expect(out).toEqual(Float64Array.of(0.5, -Math.sin(0.3)));
  });

  it("starts from 0 in an array that is given", () => {
    const { field } = kernelsOf("q: [3]; p: [3]; H = sum(p[i]^2/2 + q[i]^4/4, i = 1..3)");
    const out = new Float64Array(6).fill(9);
    expect([...field([1, 2, 3, 4, 5, 6], out)]).toEqual([4, 5, 6, -1, -8, -27]);
    expect([...field([1, 2, 3, 4, 5, 6], out)]).toEqual([4, 5, 6, -1, -8, -27]);
  });

  it("may write into the state itself, where loops read it too", () => {
    for (const [text, dimension] of [
      ["q: [3]; p: [3]; H = sum(p[i]^2/2 + q[i]^4/4, i = 1..3)", 6],
      ["q1^2 q2 p2 + p1^2/2", 4],
    ] as const) {
      const { field, gradient } = kernelsOf(text);
      for (const f of [field, gradient]) {
        const x = Float64Array.of(1, 2, 3, 4, 5, 6).subarray(0, dimension);
        const apart = f(x);
        expect(f(x, x)).toEqual(apart);
      }
    }
  });

  it("takes time where H depends on it", () => {
    const { hamiltonian, field } = kernelsOf("p^2/2 + q cos(3 t)");
    expect(hamiltonian([2, 0], undefined, 0.7)).toBe(2 * Math.cos(3 * 0.7));
    expect(field([2, 0], undefined, undefined, 0.7)[1]).toBe(-Math.cos(3 * 0.7));
    expect(hamiltonian([2, 0])).toBe(2);
  });

  describe("parameters", () => {
    const { hamiltonian } = kernelsOf("p^2/(2 m) + q^2/2; m = ?");
    const masses = parseModel("H = sum(p[i]^2/(2 m[i]) + k q[i]^2, i = 1..3); m = [1, 2, 4]; k = 2");
    const open = masses.parameters.map((each) => (each.name === "m" ? { ...each, value: undefined } : each));
    const many = loadKernels(sourceOf({ ...masses, parameters: open }));
    const state = [0, 0, 0, 2, 2, 2];

    it("without a default must be given", () => {
      expect(() => hamiltonian([0, 1])).toThrow("these parameters have no default and must be given: m");
      expect(hamiltonian([0, 1], { m: 2 })).toBe(0.25);
    });
    it("an array without a default must be given, by entry or by one number for all", () => {
      expect(() => many.hamiltonian(state)).toThrow("these parameters have no default and must be given: m");
      expect(many.hamiltonian(state, { m: [1, 2, 4] })).toBe(3.5);
      expect(many.hamiltonian(state, { m: 2 })).toBe(3);
      expect(() => many.hamiltonian(state, { m: [1, 2] })).toThrow('parameter "m" needs 3 values');
    });
    it("unknown ones are named", () => {
      expect(() => hamiltonian([0, 1], { n: 2 })).toThrow('unknown parameter "n"; known: m');
    });
    it("the flat vector is taken as it is", () => {
      expect(many.hamiltonian(state, Float64Array.of(1, 2, 4, 0))).toBe(3.5);
    });
    it("the flat vector must have its length", () => {
      const short = () => many.hamiltonian(state, Float64Array.of(1, 2));
      expect(short).toThrow("the parameter vector needs 4 numbers, got 2");
    });
    it("undefined and null ones keep their defaults, text is refused", () => {
      const given = (values: object) => many.hamiltonian(state, values as ParameterValues);
      expect(given({ m: 2, k: undefined })).toBe(3);
      expect(given({ m: 2, k: null })).toBe(3);
      expect(() => given({ m: "123" })).toThrow('parameter "m" needs 3 values');
    });
    it("NaN where there is a default is a value, and shows in the result", () => {
      expect(many.field([1, 1, 1, 2, 2, 2], undefined, { m: 2, k: Number.NaN })[3]).toBeNaN();
    });
  });
});
