import { sourceOf } from "../src/codegen/source.ts";
import { ensemble } from "../src/ensemble/ensemble.ts";
import type { EnsembleOptions } from "../src/ensemble/options.ts";
import { parseModel } from "../src/parser/parse.ts";
import type { PeerName, Tools } from "./benchmark.ts";
import type { Sample } from "./measure.ts";

/** Some steps of a motion of many bodies; the other sides know it by `taskOf`. */
export interface ManyMotion {
  readonly system: "nbody" | "fput";
  readonly method: "leapfrog" | "yoshida4";
  /** Bodies in space, or oscillators. */
  readonly size: number;
  readonly batch: number;
  readonly steps: number;
}

const dt = 0.01;

/** What C and JAX read. */
export function taskOf({ system, method, size, batch, steps }: ManyMotion): string {
  return [system, method, size, batch, steps].join(":");
}

/** The motion in our language: softened gravity of unequal masses, or the chain of Fermi, Pasta, Ulam and Tsingou. */
export function modelOf({ system, size }: Pick<ManyMotion, "system" | "size">): string {
  if (system === "fput") {
    return `N = ${size}
q: [N], p: [N]
boundary q = 0
V(r) = r^2/2 + 0.3 r^4/4
H = sum(p[i]^2, i = 1..N)/2 + sum(V(q[i+1] - q[i]), i = 0..N)`;
  }
  const masses = Array.from({ length: size }, (_, i) => (1 + 0.5 * Math.sin(i + 1)) / size);
  return `N = ${size};  m = [${masses.join(", ")}]
q: [N, 3], p: [N, 3]
H = sum(p[i]^2/(2 m[i]), i = 1..N) - sum(m[i] m[j]/sqrt((q[i] - q[j])^2 + 0.01), i < j)`;
}

/** [batch, 2n]: the starts, as C and JAX have them. */
export function startsOf({ system, size, batch }: ManyMotion): Float64Array {
  const n = system === "fput" ? size : 3 * size;
  return Float64Array.from({ length: batch * 2 * n }, (_, k) => {
    const [run, entry] = [Math.floor(k / (2 * n)), k % (2 * n)];
    const i = entry % n;
    if (system === "fput") return entry < n ? (1 + 1e-3 * run) * Math.sin((Math.PI * (i + 1)) / (n + 1)) : 0;
    return entry < n ? 4 * Math.sin(12.9898 * (i + 1)) + 1e-3 * run : (0.3 * Math.sin(78.233 * (i + 1))) / size;
  });
}

/** The whole call from states to states, with plain sums as the other sides have; and q[0] of the last trajectory at its end. */
export function ourSide(motion: ManyMotion, options: Partial<EnsembleOptions> = {}) {
  const { method, steps } = motion;
  const made = ensemble(sourceOf(parseModel(modelOf(motion))), {
    method,
    dt,
    t: dt * steps,
    samples: 2,
    workers: 1,
    compensated: false,
    ...options,
  });
  const starts = startsOf(motion);
  const run = async () => (await made.run(starts)).states;
  const sample: Sample = async (repetitions) => {
    const begun = performance.now();
    for (let k = 0; k < repetitions; k++) await run();
    return (performance.now() - begun) * 1e6;
  };
  const first = async () => (await run()).at(-starts.length / motion.batch)!;
  return { sample, first, close: () => made.close() };
}

/** Steps after which motions of all sides are still the same: gravity of several bodies is chaotic. */
const mostChecked = 500;

/** The other sides that are installed; each is first asked where a few steps lead, which must be where ours do. */
export async function otherSides(tools: Tools, motion: ManyMotion, names: readonly PeerName[]) {
  const short = { ...motion, steps: Math.min(motion.steps, mostChecked) };
  const first = await ourSide(short).first();
  const sides: { name: PeerName; against: string; sample: Sample }[] = [];
  for (const name of names) {
    const peer = await tools.peer(name);
    if (!peer) continue;
    const theirs = await peer.time(`first:${taskOf(short)}`, 1);
    if (!(Math.abs(theirs - first) <= 1e-9 * Math.abs(first))) {
      throw new Error(`${taskOf(short)}: ${peer.title} ends at ${theirs}, we at ${first}`);
    }
    sides.push({ name, against: peer.title, sample: (repetitions) => peer.time(taskOf(motion), repetitions) });
  }
  return sides;
}
