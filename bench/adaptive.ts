import { sourceOf } from "../src/codegen/source.ts";
import { compile } from "../src/compile.ts";
import { ensemble } from "../src/ensemble/ensemble.ts";
import type { Benchmark, Limit, Peer, Row } from "./benchmark.ts";
import type { Sample } from "./measure.ts";

const batch = 64;

/**
 * DOP853 at rtol = atol = 1e-12 over 100 units of time: one pendulum, the whole call from state to state, and each of 64.
 */
export const adaptive: Benchmark = {
  title: "DOP853, one pendulum, rtol = atol = 1e-12, T = 100",
  async run(tools) {
    const python = await tools.peer("jax");
    const c = await tools.peer("dop853-o3");
    const many = Array.from({ length: batch }, (_, k) => [1 + 1e-3 * k, 0]).flat();
    const [one, each] = [solver([1, 0]), solver(many)];
    const sides: { against: string; sample: Sample; target: number }[] = [];
    const add = (peer: Peer | undefined, against: string, task: string, target: number) => {
      if (peer) sides.push({ against, sample: (repetitions) => peer.time(task, repetitions), target });
    };
    add(python, "SciPy", "scipy", 300);
    add(python, "diffrax Dopri8, jit", "diffrax", 5);
    add(c, c?.title ?? "", "dop853", 1 / 1.2);
    const [ours, ofMany, ...theirs] = await tools.compare([
      one.sample,
      each.sample,
      ...sides.map(({ sample }) => sample),
    ]);
    const rows: (Row | Limit)[] = sides.flatMap(({ against, target }, k): Row[] => [
      { work: "one pendulum", ours: ours!, against, theirs: theirs[k]!, target },
      { work: `each of ${batch} pendulums`, ours: ofMany! / batch, against, theirs: theirs[k]! },
    ]);
    if (!python) return rows;
    const ratio = one.evaluations() / (await python.time("evaluations", 1));
    return [...rows, { work: "field evaluations / SciPy's", ours: ratio, limit: 1.02, unit: "ratio" }];
  },
};

function solver(states: readonly number[]): { sample: Sample; evaluations: () => number } {
  const source = sourceOf(compile("p^2/2 - cos(q)").model);
  const options = { method: "dop853", rtol: 1e-12, atol: 1e-12, t: 100, samples: 2, workers: 1 } as const;
  const made = ensemble(source, { ...options, compensated: false });
  let evaluations = 0;
  return {
    async sample(repetitions) {
      const start = performance.now();
      for (let k = 0; k < repetitions; k++) evaluations = (await made.run(states)).evaluations;
      return (performance.now() - start) * 1e6;
    },
    evaluations: () => evaluations,
  };
}
