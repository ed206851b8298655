/**
 * What a thread does, as the text of a script without imports, for `node:worker_threads` (evaluated) and Web Workers
 * (from a Blob). Messages: `{ module, memory }` loads, `{ job }` works; the answers are "ready" and "done", or an
 * error's text. Tiles are taken one after the other from a counter that all threads share.
 */
export const workerText = `"use strict";
const port = typeof require === "function" ? require("node:worker_threads").parentPort : globalThis;
let exports;
let shared;
const load = async ({ module, memory }) => {
  ({ exports } = await WebAssembly.instantiate(module, { env: { memory } }));
  shared = new Int32Array(memory.buffer);
  return "ready";
};
const work = ({ tilesAt, tileBytes, tiles, lanes, scratchAt, last, budget, begin, nextTile, stop }) => {
  const stopped = () => Atomics.load(shared, stop / 4) !== 0;
  for (;;) {
    const tile = Atomics.add(shared, nextTile / 4, 1);
    if (tile >= tiles || stopped()) return "done";
    const at = tilesAt + tile * tileBytes;
    if (begin) exports.begin?.(at, scratchAt);
    while (exports.run(at, scratchAt, tile * lanes, last, budget)) if (stopped()) return "done";
  }
};
const answer = async (message) => {
  try {
    port.postMessage(message.job ? work(message.job) : await load(message));
  } catch (error) {
    port.postMessage({ error: String(error) });
  }
};
if (port.on) port.on("message", answer);
else port.onmessage = ({ data }) => answer(data);
`;
