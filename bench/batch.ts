import { loadWasm } from "../src/codegen/wasm/loader.ts";
import { compile } from "../src/compile.ts";
import type { Benchmark, Row, Tools } from "./benchmark.ts";
import { repeat, type Sample } from "./measure.ts";

const batchSize = 1024;

/**
 * The pendulum's field on 1024 states at once: the WASM module, copies in and out of its memory included, against
 * JavaScript (our own per-state field, and a loop written by hand) and against C. Nanoseconds a state.
 */
export const batch: Benchmark = {
  title: `A batch of ${batchSize} field evaluations of the pendulum, a state`,
  async run(tools) {
    const compiled = compile("p^2/2 - cos(q)");
    const states = Float64Array.from({ length: 2 * batchSize }, (_, k) =>
      k % 2 ? 1 - k / batchSize : (3 * k) / batchSize - 3,
    );
    const out = new Float64Array(2 * batchSize);
    const wasm = async (fma: boolean): Promise<Sample> => {
      const { batch: kernels } = await loadWasm(compiled.emit("wasm", { fma }));
      return repeat(() => kernels.field(states, out));
    };
    const views = Array.from({ length: batchSize }, (_, k) => [rowOf(states, k), rowOf(out, k)] as const);
    const others = [
      { against: "our JS, state by state", side: repeat(() => views.forEach(([x, to]) => void compiled.field(x, to))) },
      { against: "a JS loop by hand", side: repeat(() => byHand(states, out)) },
      ...(await cLoops(tools)),
    ];
    const sides = [await wasm(false), await wasm(true), ...others.map(({ side }) => side)];
    const [strict, fused, ...theirs] = (await tools.compare(sides)).map((time) => time / batchSize);
    return others.flatMap(({ against }, k): Row[] => [
      { work: "strict bits", ours: strict!, against, theirs: theirs[k]! },
      { work: "relaxed (FMA)", ours: fused!, against, theirs: theirs[k]! },
    ]);
  },
};

const rowOf = (states: Float64Array, k: number): Float64Array => states.subarray(2 * k, 2 * k + 2);

function byHand(x: Float64Array, out: Float64Array): void {
  for (let k = 0; k < x.length; k += 2) {
    out[k] = x[k + 1]!;
    out[k + 1] = -Math.sin(x[k]!);
  }
}

async function cLoops(tools: Tools): Promise<{ against: string; side: Sample }[]> {
  const peers = [await tools.peer("c-o3"), await tools.peer("c-ofast")];
  return peers.flatMap((peer) => (peer ? [{ against: peer.title, side: (n: number) => peer.time("field", n) }] : []));
}
