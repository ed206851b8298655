import { describe, expect, it } from "vitest";
import { emitJs } from "../../src/codegen/js.ts";
import { loadKernels } from "../../src/codegen/load.ts";
import { commentText, dataLiteral, numberLiteral, stringLiteral } from "../../src/codegen/names.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { add, cos, element, mul, symbol } from "../../src/expr/build.ts";
import { fixedAt } from "../../src/expr/expr.ts";
import type { Model } from "../../src/model.ts";
import { modelOf } from "../support/recipe-model.ts";

/** Names that no parser lets through; what is emitted must be safe all the same. */
const hostile = [
  "*/ globalThis.leak = 1 /*",
  "a\nglobalThis.leak = 1 //",
  "a\u2028globalThis.leak = 1 //",
  "a\u2029globalThis.leak = 1 //",
  "a\rglobalThis.leak = 1 //",
  `\`${"$"}{globalThis.leak = 1}\``,
  `${"$"}{globalThis.leak = 1}`,
  '"; globalThis.leak = 1; "',
  "'; globalThis.leak = 1; '",
  "</script><script>globalThis.leak = 1</script>",
  "<!-- globalThis.leak = 1",
  "a\0b",
  "\u202eleft\u202c",
  "\ud800",
  "constructor",
  "__proto__",
  "toString",
  "process",
  "require",
  "arguments",
  "eval",
  "H; globalThis.leak = 1",
] as const;

function hostileModel(name: string): Model {
  const variable = (each: string, ...shape: number[]) => ({ name: each, shape, ring: false });
  const vector = { name: `${name}v`, shape: [2] };
  const h = add(mul(symbol(`${name}p`), symbol(`${name}p`)), cos(mul(symbol(name), symbol(`${name}c`))));
  return modelOf(add(h, element(vector, fixedAt(2))), {
    source: name,
    coordinates: [variable(name), variable(vector.name, 2)],
    momenta: [variable(`${name}p`), variable(`${name}w`, 2)],
    parameters: [{ name: `${name}c`, shape: [], value: 2 }],
  });
}

/**
 * The tokens of an emitted module, or an error at the first thing that is none of: generated identifiers, allowed
 * words, numbers, strings, template texts of the parameter reader, and operators.
 */
function checkTokens(text: string): void {
  const token =
    /\s+|\/\/[^\n\r\u2028\u2029]*|\/\*\*(?:[^*]|\*(?!\/))*\*\/|"(?:[^"\\\n\r\u2028\u2029]|\\.)*"|[0-9][0-9.]*(?:e[+-]?[0-9]+)?|[A-Za-z_$][\w$]*|===|!==|<=|>=|=>|&&|\|\||\+\+|\+=|\*=|\.\.\.|[-+*/%<>=!?:;,.(){}[\]]/uy;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found === undefined) throw new Error(`not an allowed token: ${JSON.stringify(text.slice(at, at + 40))}`);
    if (/^[A-Za-z_$]/.test(found) && !generated.test(found) && !allowedWords.has(found)) {
      throw new Error(`not an allowed name: ${found}`);
    }
  }
}

const generated = /^[qpcvi][1-9]\d*$/;
const allowedWords = new Set(
  (
    "export const let function return for if continue true false null typeof new throw instanceof undefined NaN " +
    "meta coordinates momenta shapes dimension parameters separable timeDependent conservative source " +
    "hamiltonian gradient field x out t params c places defaults vectorOf complete vector values base name value " +
    "place entries missing size n at known Math Float64Array Map Object Error JSON Number Array isNaN stringify " +
    "entries keys map join filter some subarray slice set get fill length includes reduce isArray of cos sin required isView ArrayBuffer isVector sum"
  ).split(" "),
);

describe("emitted text from hostile names", () => {
  it.each(hostile.map((name) => [JSON.stringify(name), name] as const))("%s", (_, name) => {
    const source = sourceOf(hostileModel(name));
    const text = emitJs(source);
    // The text of the parameter reader holds template strings; it never holds anything of the model's.
    checkTokens(text.replace(/`(?:[^`$\\]|\$\{[^`]*?\})*`/g, '""'));
    expect(text).not.toMatch(/[\u2028\u2029\0\u202e]/);
    expect(text.toLowerCase()).not.toContain("</script");
    expect(text).not.toContain("<!--");
    const kernels = loadKernels(source);
    expect(kernels.hamiltonian([0.5, 1, 2, 3, 0, 0])).toBe(9 + Math.cos(1) + 2);
    expect(kernels.hamiltonian([0.5, 1, 2, 3, 0, 0], Object.fromEntries([[`${name}c`, 4]]))).toBe(9 + Math.cos(2) + 2);
    expect((globalThis as { leak?: unknown }).leak).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("a parameter called __proto__ is a parameter", () => {
    const variable = (each: string) => ({ name: each, shape: [], ring: false });
    const model = modelOf(mul(symbol("__proto__"), mul(symbol("p"), symbol("p"))), {
      coordinates: [variable("q")],
      momenta: [variable("p")],
      parameters: [{ name: "__proto__", shape: [], value: 3 }],
    });
    expect(loadKernels(sourceOf(model)).hamiltonian([0, 2])).toBe(12);
  });

  it("the check of tokens refuses what it should", () => {
    expect(() => checkTokens("const v1 = globalThis;")).toThrow("globalThis");
    expect(() => checkTokens("const v1 = `x`;")).toThrow("token");
    expect(() => checkTokens("const evil = 1;")).toThrow("evil");
    checkTokens("const v1 = Math.cos(q1) + 1e-7; // anything");
  });
});

describe("literals", () => {
  it.each([...hostile, "plain", "\u{1f600}", "tab\t"])("strings keep their text: %j", (text) => {
    for (const literal of [stringLiteral(text), dataLiteral(text)]) {
      expect(new Function(`return ${literal}`)()).toBe(text);
      expect(literal).toMatch(/^"[^\n\r\u2028\u2029<]*"$/u);
    }
  });

  it.each([0, -0, 1, -1, 0.1, 1e21, 1e-7, 5e-324, -1.7976931348623157e308, Math.PI, 2 ** 53])(
    "%d keeps its bits",
    (value) => {
      expect(Object.is(new Function(`return 1 * ${numberLiteral(value)}`)(), value)).toBe(true);
      expect(new Function(`return 3 - ${numberLiteral(value)}`)()).toBe(3 - value);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("%d is refused", (value) => {
    expect(() => numberLiteral(value)).toThrow(RangeError);
  });

  it("comments hold no end of line, of comment or of script", () => {
    for (const text of hostile) expect(commentText(text)).not.toMatch(/[\n\r\u2028\u2029\0]|\*\/|\/\*|<\/|<!--/);
    expect(commentText("p^2/2 - cos(θ)")).toBe("p^2/2 - cos(θ)");
  });
});
