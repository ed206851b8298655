import type { Crew, Job, KernelExports } from "./job.ts";

/** Milliseconds after which the calling thread lets others have a turn. */
const turn = 20;

/** Works in the calling thread, with pauses in which timers and signals are served. */
export function singleCrew(kernel: KernelExports, memory: WebAssembly.Memory): Crew {
  // From job to job: many of them are shorter than a turn.
  let paused = performance.now();
  const work = async ([job]: readonly Job[]): Promise<void> => {
    const { tiles, tilesAt, tileBytes, scratchAt, lanes, last, budget, begin, stop } = job!;
    for (let tile = 0; tile < tiles; tile++) {
      const at = tilesAt + tile * tileBytes;
      if (begin) kernel.begin?.(at, scratchAt);
      for (let more = 1; more !== 0; ) {
        more = kernel.run(at, scratchAt, tile * lanes, last, budget);
        if (performance.now() - paused < turn) continue;
        await pause();
        paused = performance.now();
        if (new Int32Array(memory.buffer)[stop / 4] !== 0) return;
      }
    }
  };
  return { threads: 1, work };
}

/** Lets everything else that waits have its turn; timers of 0 ms would be held back by browsers. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
