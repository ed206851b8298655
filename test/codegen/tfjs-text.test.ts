import { describe, expect, it } from "vitest";
import { tfjsModule } from "../../src/codegen/tfjs.ts";
import { cos, mul, sub, symbol } from "../../src/expr/build.ts";
import { lowerEquations } from "../../src/graph/equations.ts";
import type { Model } from "../../src/model.ts";
import { exampleModels, pairSum } from "../support/example-models.ts";
import { modelOf } from "../support/formulas.ts";
import { metaOf } from "../support/meta.ts";

const textOf = (model: Model, from = "@tensorflow/tfjs") => tfjsModule(lowerEquations(model), metaOf(model), from);

/** The body of one exported function, without indentation. */
function bodyOf(text: string, name: string): string[] {
  const start = text.indexOf(`export function ${name}(`);
  const lines = text.slice(start, text.indexOf("\n}\n", start)).split("\n");
  return lines.slice(2, -1).map((line) => line.trim());
}

describe("the text of a tfjs module", () => {
  it("reads as one would write it", () => {
    const text = textOf(exampleModels.pendulum!());
    expect(text).toMatch(/^\/\/ H = 0.5\*p\^2 - cos\(q\)\n\/\/ state x = \[q, p\], field = \[dH\/dp, -dH\/dq\]\n/);
    expect(bodyOf(text, "hamiltonian")).toEqual([
      "x = states(x);",
      "parameters(params);",
      "const [x1, x2] = tf.split(x, 2, 1);",
      "return tf.reshape(tf.sub(tf.mul(0.5, tf.square(x2)), tf.cos(x1)), [-1]);",
    ]);
    expect(bodyOf(text, "field").at(-1)).toBe("return tf.concat([x2, tf.neg(tf.sin(x1))], 1);");
  });

  it("imports what it is told to", () => {
    expect(textOf(exampleModels.pendulum!(), "@tensorflow/tfjs-node")).toContain('from "@tensorflow/tfjs-node";');
    expect(textOf(exampleModels.pendulum!(), 'x";alert(1)//')).toContain('import * as tf from "x\\";alert(1)//";');
  });

  it("does not grow with N", () => {
    const [small, large] = [textOf(pairSum(100)), textOf(pairSum(1000))];
    expect(large.length - small.length).toBeLessThan(100);
    expect(large.split("\n")).toHaveLength(small.split("\n").length);
  });

  it.each(Object.entries(exampleModels))("is the same each time: %s", (_name, make) => {
    expect(textOf(make())).toBe(textOf(make()));
  });

  it("holds names only in comments and string literals", () => {
    const evil = ["constructor", "toString", "arguments", "eval", "*/", "\u2028", "`$" + "{process}`", "x1", "tf"];
    for (const name of evil) {
      const [q, p] = [symbol(name), symbol(`p${name}`)];
      const model = modelOf(
        sub(mul(p, p), mul(symbol(`k${name}`), cos(q))),
        { [name]: [`p${name}`, []] },
        { [`k${name}`]: 2 },
      );
      const text = textOf(model);
      const code = text
        .replace(/^\/\/.*$/gm, "")
        .replace(/\/\*[\s\S]*?\*\//g, "")
        .replace(/"(?:[^"\\]|\\.)*"/g, '""');
      const words = new Set(code.match(/[A-Za-z_$][\w$]*/g));
      for (const word of [`p${name}`, `k${name}`]) expect(words.has(word)).toBe(false);
      expect(text).not.toMatch(/[\u2028\u2029]/);
      expect(code).not.toContain("process");
    }
  });
});
