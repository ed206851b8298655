import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadKernel } from "../src/codegen/load.ts";
import { sourceOf } from "../src/codegen/source.ts";
import { taylor } from "../src/codegen/taylor/taylor.ts";
import { integrate } from "../src/integrate/trajectory.ts";
import { parseModel } from "../src/parser/parse.ts";
import type { Benchmark, Peer, Row, Tools } from "./benchmark.ts";
import { repeat, type Sample } from "./measure.ts";
import { type TaylorMotion, type TaylorMotionName, taylorMotions } from "./taylor-motions.ts";

/**
 * One trajectory at a tolerance of 2^−52 with the order-20 Taylor method: against heyoka, and against our own DOP853 at
 * rtol 1e-13. Then from the formula to the answer in a fresh process, what loads the libraries not counted.
 */
export const taylorMethod: Benchmark = {
  title: "Adaptive Taylor series of order 20, one trajectory",
  async run(tools) {
    const heyoka = await tools.peer("heyoka");
    const rows: Row[] = [];
    for (const name of Object.keys(taylorMotions) as TaylorMotionName[]) {
      rows.push(...(await runRows(name, tools, heyoka)), ...(heyoka ? [await coldRow(name, tools)] : []));
    }
    return rows;
  },
};

async function runRows(name: TaylorMotionName, tools: Tools, heyoka: Peer | undefined): Promise<Row[]> {
  const motion = taylorMotions[name];
  const { title, model, x0, end } = motion;
  const [strict, fused] = [false, true].map((fma) => taylor(sourceOf(parseModel(model)), { fma }));
  const run = (integrator: typeof strict): Sample => repeat(() => integrator!.run(x0, { t: end, samples: [end] }));
  const others: { against: string; side: Sample; target: number }[] = [];
  if (heyoka) {
    const side =
      (task: string): Sample =>
      (n) =>
        heyoka.time(task, n);
    const target = name === "outer" ? 2 : 1.2;
    others.push({ against: "heyoka", side: side(name), target });
    if (name === "outer") others.push({ against: "heyoka, compact", side: side("outer-compact"), target });
  }
  others.push({ against: "our DOP853 in JS", side: dop853(motion), target: 2 });
  const [ours, relaxed, ...theirs] = await tools.compare([run(strict), run(fused), ...others.map(({ side }) => side)]);
  return others.flatMap(({ against, target }, k): Row[] => [
    { work: title, ours: ours!, against, theirs: theirs[k]!, target },
    ...(k === 0 ? [{ work: `${title}, relaxed (FMA)`, ours: relaxed!, against, theirs: theirs[k]! }] : []),
  ]);
}

function dop853({ model, x0, end }: TaylorMotion): Sample {
  const source = sourceOf(parseModel(model));
  const kernel = loadKernel(source, "field");
  const motion = {
    degreesOfFreedom: x0.length / 2,
    field: (x: Float64Array, out: Float64Array) => void kernel(x, out),
    separable: true,
    timeDependent: false,
    damped: false,
  };
  return repeat(() => integrate(motion, x0, { t: end, samples: [end], method: "dop853", rtol: 1e-13, atol: 1e-16 }));
}

async function coldRow(name: TaylorMotionName, tools: Tools): Promise<Row> {
  const compact = name === "outer";
  const [ours, theirs] = await tools.compare([
    freshProcess(process.execPath, [here("taylor-cold.ts"), name]),
    freshProcess(python, [here("peers/heyoka_taylor.py"), "--cold", compact ? "outer-compact" : name]),
  ]);
  return {
    work: `${taylorMotions[name].title}: formula to answer`,
    ours: ours!,
    against: compact ? "heyoka, compact" : "heyoka",
    theirs: theirs!,
    target: compact ? 3 : 5,
  };
}

const here = (path: string): string => fileURLToPath(new URL(`./${path}`, import.meta.url));
const python = here("../.cache/peers/bin/python");
const execute = promisify(execFile);

/** Processes that print how many nanoseconds they took themselves. */
function freshProcess(program: string, args: readonly string[]): Sample {
  if (!existsSync(program)) throw new Error(`${program} is missing`);
  return async (repetitions) => {
    let total = 0;
    for (let k = 0; k < repetitions; k++) total += Number((await execute(program, [...args])).stdout);
    return total;
  };
}
