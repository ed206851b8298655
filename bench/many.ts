import type { Benchmark, Row, Tools } from "./benchmark.ts";
import { type ManyMotion, otherSides, ourSide } from "./many-motions.ts";

const motions: readonly ManyMotion[] = (["leapfrog", "yoshida4"] as const).flatMap((method): ManyMotion[] => [
  { system: "nbody", method, size: 8, batch: 1, steps: 10_000 },
  { system: "nbody", method, size: 8, batch: 64, steps: 500 },
  { system: "fput", method, size: 1024, batch: 1, steps: 1000 },
  { system: "fput", method, size: 1024, batch: 16, steps: 100 },
]);

/** Eight bodies in space and 1024 oscillators: a trajectory, and a batch of them; nanoseconds a step and trajectory. */
export const manyBodies: Benchmark = {
  title: "Gravity of 8 bodies and FPUT-1024, a step and trajectory, one thread",
  async run(tools) {
    const rows: Row[] = [];
    for (const motion of motions) rows.push(...(await rowsOf(motion, tools)));
    return rows;
  },
};

const peers = ["many-o3", "many-ofast", "many-jax"] as const;

async function rowsOf(motion: ManyMotion, tools: Tools): Promise<Row[]> {
  const { system, method, size, batch, steps } = motion;
  const [strict, fused] = [ourSide(motion), ourSide(motion, { fma: true })];
  const others = await otherSides(tools, motion, peers);
  const all = [strict.sample, fused.sample, ...others.map(({ sample }) => sample)];
  const times = await tools.compare(all);
  const [ours, relaxed, ...theirs] = times.map((time) => time / batch / steps) as [number, number, ...number[]];
  const work = `${system} ${size}, ${method}, ${batch === 1 ? "one" : `each of ${batch}`}`;
  return others.flatMap(({ name, against }, k): Row[] => [
    name === "many-ofast"
      ? { work: `${work}, relaxed`, ours: relaxed, against, theirs: theirs[k]! }
      : { work, ours, against, theirs: theirs[k]! },
  ]);
}
