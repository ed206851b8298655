import { sourceOf } from "../src/codegen/source.ts";
import { taylor } from "../src/codegen/taylor/taylor.ts";
import { parseModel } from "../src/parser/parse.ts";
import { type TaylorMotionName, taylorMotions } from "./taylor-motions.ts";

/**
 * `node bench/taylor-cold.ts kepler` prints the nanoseconds from the formula to the answer in this fresh process.
 * Invariants, which the other side is not told, are left out.
 */
const { model, x0, end } = taylorMotions[process.argv[2] as TaylorMotionName];
const formula = model.replace(/^invariant .*$/gm, "");
const start = performance.now();
taylor(sourceOf(parseModel(formula))).run(x0, { t: end, samples: [end] });
console.log((performance.now() - start) * 1e6);
