import { parentPort, workerData } from "node:worker_threads";
import { compile } from "../compile.ts";
import type { CrewTask, FollowedGroup } from "./taylor-crew.ts";
import { type Stretch, stretchesOf, taylorOf } from "./taylor-job.ts";

/** A thread's work: whole trajectories, one after the other. */
const { text, parameters, job } = workerData as CrewTask;
const { source } = compile(text, { parameters });
const integrator = taylorOf(source, job);
const { dimension } = source.equations.layout;

parentPort!.on("message", (starts: Float64Array) => {
  const begun = performance.now();
  const stretches: Stretch[] = [];
  const trajectories: FollowedGroup["trajectories"][number][] = [];
  for (let from = 0; from < starts.length; from += dimension) {
    const x0 = starts.subarray(from, from + dimension);
    const own = [...stretchesOf(integrator, job, x0, Number.POSITIVE_INFINITY)];
    stretches.push(...own);
    trajectories.push({
      rows: own.reduce((sum, { times }) => sum + times.length, 0),
      events: own.flatMap(({ events }) => events),
      steps: own.reduce((sum, { steps }) => sum + steps, 0),
      failure: own.at(-1)!.failure,
    });
  }
  const times = joined(stretches.map((stretch) => stretch.times));
  const states = joined(stretches.map((stretch) => stretch.states));
  const group: FollowedGroup = { times, states, trajectories, elapsed: performance.now() - begun };
  parentPort!.postMessage(group, [times.buffer, states.buffer]);
});

function joined(arrays: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const all = new Float64Array(arrays.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
