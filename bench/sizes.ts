import { sourceOf } from "../src/codegen/source.ts";
import { compile } from "../src/compile.ts";
import { ensemble } from "../src/ensemble/ensemble.ts";
import type { Benchmark, Peer, Row, Tools } from "./benchmark.ts";
import { type ManyMotion, otherSides, ourSide } from "./many-motions.ts";
import type { Sample } from "./measure.ts";

/**
 * How time a step and trajectory changes with the number of trajectories (pendulums), with the size of the system, and with
 * threads; against C and JAX at the same size, and one thread. Leapfrog, strict bits, plain sums.
 */
export const sizes: Benchmark = {
  title: "Leapfrog by number of trajectories, size of the system, and threads: a step and trajectory",
  async run(tools) {
    return [...(await byTrajectories(tools)), ...(await bySystem(tools)), ...(await byThreads(tools))];
  },
};

const trajectories = [1, 16, 64, 256, 1024, 4096, 16384];

async function byTrajectories(tools: Tools): Promise<Row[]> {
  const peers = [await tools.peer("leapfrog-o3"), await tools.peer("jax")].filter((peer) => peer !== undefined);
  const rows: Row[] = [];
  for (const count of trajectories) {
    const steps = Math.max(100, 2 ** 20 / count);
    const others = peers.map((peer: Peer) => (n: number) => peer.time(`leapfrog:${count}:${steps}`, n));
    const times = await tools.compare([pendulums(count, steps, 1), ...others]);
    const [ours, ...theirs] = times.map((time) => time / count / steps);
    peers.forEach(({ title }, k) => {
      rows.push({ work: counted(count, "pendulum"), ours: ours!, against: title, theirs: theirs[k]! });
    });
  }
  return rows;
}

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

function pendulums(count: number, steps: number, workers: number): Sample {
  const source = sourceOf(compile("p^2/2 - cos(q)").model);
  const common = { method: "leapfrog", dt: 0.05, t: 0.05 * steps, samples: 2, compensated: false } as const;
  const made = ensemble(source, { ...common, workers });
  const starts = Array.from({ length: count }, (_, k) => [-2 + (4 * k) / Math.max(1, count - 1), 0]).flat();
  return async (repetitions) => {
    const begun = performance.now();
    for (let k = 0; k < repetitions; k++) await made.run(starts);
    return (performance.now() - begun) * 1e6;
  };
}

const systems = { nbody: [2, 4, 8, 32, 128, 512], fput: [2, 8, 32, 128, 512] } as const;

async function bySystem(tools: Tools): Promise<Row[]> {
  const rows: Row[] = [];
  for (const system of ["nbody", "fput"] as const) {
    for (const size of systems[system]) {
      const operations = system === "nbody" ? size * size : size;
      const motion: ManyMotion = { system, method: "leapfrog", size, batch: 16, steps: 2 ** 14 };
      rows.push(...(await sizeRows({ ...motion, steps: Math.max(2, Math.floor(2 ** 16 / operations)) }, tools)));
    }
  }
  return rows;
}

async function sizeRows(motion: ManyMotion, tools: Tools): Promise<Row[]> {
  const { system, size, batch, steps } = motion;
  const others = await otherSides(tools, motion, ["many-o3"]);
  const times = await tools.compare([ourSide(motion).sample, ...others.map(({ sample }) => sample)]);
  const [ours, ...theirs] = times.map((time) => time / batch / steps);
  const work = `${system} ${size}, each of ${batch}`;
  return others.map(({ against }, k): Row => ({ work, ours: ours!, against, theirs: theirs[k]! }));
}

/** Work of 1, 10, 100 and 1000 ms: starting threads is part of none, handing the work over is. */
async function byThreads(tools: Tools): Promise<Row[]> {
  const rows: Row[] = [];
  for (const steps of [250, 2500, 25_000, 250_000]) {
    const [two, one] = (await tools.compare([pendulums(1024, steps, 2), pendulums(1024, steps, 1)])) as [
      number,
      number,
    ];
    const [ours, theirs] = [two / 1024 / steps, one / 1024 / steps];
    rows.push({ work: `1024 pendulums, ${steps} steps, two threads`, ours, against: "one thread", theirs });
  }
  return rows;
}
