import type { Crew, Job, KernelExports } from "./job.ts";

/** Milliseconds after which the calling thread lets others have a turn. */
const turn = 20;

/** Works in the calling thread, with pauses in which timers and signals are served. */
export function singleCrew(kernel: KernelExports, memory: WebAssembly.Memory): Crew {
  return { threads: 1, work: ([job]) => workAlone(kernel, memory, job!) };
}

async function workAlone(kernel: KernelExports, memory: WebAssembly.Memory, job: Job): Promise<void> {
  const { tiles, tilesAt, tileBytes, scratchAt, lanes, last, budget } = job;
  let paused = performance.now();
  for (let tile = 0; tile < tiles; tile++) {
    const at = tilesAt + tile * tileBytes;
    if (job.begin) kernel.begin?.(at, scratchAt);
    for (let more = 1; more !== 0; ) {
      more = kernel.run(at, scratchAt, tile * lanes, last, budget);
      if (performance.now() - paused < turn) continue;
      await pause();
      paused = performance.now();
      if (new Int32Array(memory.buffer)[job.stop / 4] !== 0) return;
    }
  }
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
