import { countOperations } from "../src/codegen/program.ts";
import { sourceOf } from "../src/codegen/source.ts";
import { compile } from "../src/compile.ts";
import { countNodes } from "../src/expr/reduce.ts";
import { parseModel } from "../src/parser/parse.ts";
import type { Benchmark, Limit } from "./benchmark.ts";
import { repeat } from "./measure.ts";

/**
 * How compile time grows with the size of H where everything is written out, and how many operations the gradient
 * takes compared with H. From text to a field that can be called.
 */
export const scaling: Benchmark = {
  title: "Compiling H of n nodes, written out",
  async run(tools) {
    const rows: Limit[] = [];
    for (const [nodes, limit] of [
      [1e3, 5e6],
      [1e4, 1e8],
      [1e5, 1e9],
    ] as const) {
      for (const [shape, write] of Object.entries(shapes)) {
        const nodesOf = (text: string): number => countNodes(parseModel(text).hamiltonian);
        const terms = Math.round(nodes / (nodesOf(write(40, -1)) / 40));
        let serial = 0;
        const [ours] = await tools.compare([repeat(() => compile(write(terms, serial++)).field)]);
        const work = `${shape}, ${nodes.toExponential(0)} nodes`;
        rows.push({ work: `${work}: text to field`, ours: ours!, limit });
        rows.push({ work: `${work}: gradient / H`, ours: gradientCost(write(terms, -2)), limit: 5, unit: "ratio" });
      }
    }
    return rows;
  },
};

/** Sums of many terms; `serial` makes the names of each repetition new. */
const shapes: Readonly<Record<string, (terms: number, serial: number) => string>> = {
  "one pair": (terms, serial) => {
    const [q, p] = [`q${name(serial)}`, `p${name(serial)}`];
    const each = Array.from({ length: terms }, (_, k) => `sin(${k + 2}*${q})*cos(${k + 3}*${p})/${k + 5}`);
    return `pairs (${q}, ${p})\n${each.join(" + ")}`;
  },
  "many pairs": (terms, serial) => {
    const body = Array.from({ length: terms }, (_, k) => k + 1);
    const q = (k: number): string => `x${name(serial)}b${k}`;
    const p = (k: number): string => `y${name(serial)}b${k}`;
    const each = body.map((k) => `${p(k)}^2/2 + (${q(k)} - ${q((k % terms) + 1)})^4`);
    return `pairs ${body.map((k) => `(${q(k)}, ${p(k)})`).join(", ")}\n${each.join(" + ")}`;
  },
};

function name(serial: number): string {
  return `s${String.fromCharCode(97 + (((serial % 26) + 26) % 26)).repeat(1 + (Math.abs(serial) % 7))}`;
}

function gradientCost(text: string): number {
  const source = sourceOf(parseModel(text));
  return countOperations(source.program("gradient")) / countOperations(source.program("hamiltonian"));
}
