import { compile } from "../src/compile.ts";
import type { Benchmark, Row } from "./benchmark.ts";
import { chain, pairSum } from "./formulas.ts";
import { repeat } from "./measure.ts";

const sizes = [10, 100, 1000, 10_000];

/**
 * Indexed sums are loops: neither the time to compile nor the size of what is emitted may grow with N. The other side
 * is hnnc itself at N = 10; 1.5 allows for longer literals and noise, at a thousand times the size.
 */
export const growth: Benchmark = {
  title: "Growth with N of an indexed sum, against N = 10",
  async run(tools) {
    const rows: Row[] = [];
    for (const [title, write] of [
      ["chain", chain],
      ["pair sum", pairSum],
    ] as const) {
      const times = await tools.compare(sizes.map((n) => repeat(() => compile(write(n)).field)));
      sizes.slice(1).forEach((n, k) => {
        rows.push({
          work: `${title}, N = ${n}: text to field`,
          ours: times[k + 1]!,
          against: "N = 10",
          theirs: times[0]!,
          target: 1 / 1.5,
        });
      });
      for (const target of ["js", "wasm", "tfjs"] as const) {
        // A tensor of all pairs does not fit in memory at N = 10000.
        const most = target === "tfjs" && write === pairSum ? 1000 : 10_000;
        const emitted = [10, most].map((n) => compile(write(n)).emit(target).length);
        rows.push({
          work: `${title}, N = ${most}: emitted ${target}`,
          ours: emitted.at(-1)!,
          against: "N = 10",
          theirs: emitted[0]!,
          target: 1 / 1.5,
          unit: "bytes",
        });
      }
    }
    return rows;
  },
};
