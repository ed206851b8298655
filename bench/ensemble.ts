import { createHash } from "node:crypto";
import { sourceOf } from "../src/codegen/source.ts";
import { compile } from "../src/compile.ts";
import { ensemble } from "../src/ensemble/ensemble.ts";
import type { EnsembleOptions } from "../src/ensemble/options.ts";
import type { Benchmark, PeerName, Row, Tools } from "./benchmark.ts";
import type { Sample } from "./measure.ts";

const trajectories = 1024;
const steps = 10_000;
const starts = Float64Array.from({ length: 2 * trajectories }, (_, k) =>
  k % 2 ? 0 : -2 + (2 * k) / (trajectories - 1),
);

/**
 * 1024 pendulums, 10 000 leapfrog steps, in f64 on one thread: the whole call, from states to states. The sums are
 * plain, as those of the other sides are, unless a row says otherwise.
 */
export const leapfrogEnsemble: Benchmark = {
  title: `Leapfrog, ${trajectories} pendulums × ${steps} steps, a step and trajectory`,
  async run(tools) {
    const [strict, fused, compensated] = [{}, { fma: true }, { compensated: true }].map((options) => side(options));
    const others = await peers(tools);
    const byHand: Sample = (repetitions) => timed(repetitions, loopByHand);
    const all = [strict!, fused!, compensated!, byHand, ...others.map(({ sample }) => sample)];
    const times = (await tools.compare(all)).map((time) => time / trajectories / steps);
    const [ourStrict, ourFused, ourCompensated, hand, ...theirs] = times as [number, number, number, number];
    const rows: Row[] = [
      { work: "strict bits", ours: ourStrict, against: "a JS loop by hand", theirs: hand },
      { work: "compensated sums", ours: ourCompensated, against: "a JS loop by hand", theirs: hand },
    ];
    others.forEach(({ against, name }, k) => {
      const [forStrict, forFused] = targets[name] ?? [];
      rows.push({ work: "strict bits", ours: ourStrict, against, theirs: theirs[k]!, target: forStrict });
      rows.push({ work: "relaxed (FMA)", ours: ourFused, against, theirs: theirs[k]!, target: forFused });
    });
    return [...rows, await threads(tools)];
  },
};

/** How many times faster we are to be, with strict and with relaxed bits. */
const targets: { readonly [K in PeerName]?: readonly [number | undefined, number | undefined] } = {
  jax: [2.5, 3.5],
  "leapfrog-ofast-avx2": [undefined, 1 / 1.4],
};

function side(options: Partial<EnsembleOptions>): Sample {
  const source = sourceOf(compile("p^2/2 - cos(q)").model);
  const common = { method: "leapfrog", dt: 0.05, t: 0.05 * steps, samples: 2, workers: 1 } as const;
  const made = ensemble(source, { ...common, compensated: false, ...options });
  return async (repetitions) => {
    const start = performance.now();
    for (let k = 0; k < repetitions; k++) last = (await made.run(starts)).states;
    return (performance.now() - start) * 1e6;
  };
}

let last: Float64Array;

/** Two threads against one, which must give the same bits. */
async function threads(tools: Tools): Promise<Row> {
  const bits: string[] = [];
  const sides = [1, 2].map((workers) => side({ workers }));
  for (const each of sides) {
    await each(1);
    bits.push(createHash("sha256").update(last).digest("hex"));
  }
  if (bits[0] !== bits[1]) throw new Error("two threads gave other bits than one");
  const [one, two] = (await tools.compare(sides)).map((time) => time / trajectories / steps);
  return { work: "two threads, the same bits", ours: two!, against: "one thread", theirs: one!, target: 1.8 };
}

function timed(repetitions: number, work: () => void): number {
  const start = performance.now();
  for (let k = 0; k < repetitions; k++) work();
  return (performance.now() - start) * 1e6;
}

/** Each trajectory by itself, as one writes it. */
function loopByHand(): void {
  const out = Float64Array.from(starts);
  for (let b = 0; b < trajectories; b++) {
    let q = out[2 * b]!;
    let p = out[2 * b + 1]!;
    for (let k = 0; k < steps; k++) {
      q += 0.025 * p;
      p -= 0.05 * Math.sin(q);
      q += 0.025 * p;
    }
    out[2 * b] = q;
    out[2 * b + 1] = p;
  }
  last = out;
}

async function peers(tools: Tools): Promise<{ against: string; name: PeerName; sample: Sample }[]> {
  const names = ["jax", "jax-avx2", "leapfrog-o3", "leapfrog-ofast-avx2", "leapfrog-ofast"] as const;
  const found = [];
  for (const name of names) {
    const peer = await tools.peer(name);
    const sample: Sample = (repetitions) => peer!.time(`leapfrog:${trajectories}:${steps}`, repetitions);
    if (peer) found.push({ against: peer.title, name, sample });
  }
  return found;
}
