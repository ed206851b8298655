import { parentPort, workerData } from "node:worker_threads";
import { compile } from "../compile.ts";
import type { CrewTask } from "./taylor-crew.ts";
import { type Stretch, stretchesOf, taylorOf } from "./taylor-job.ts";

/** A thread's work: whole trajectories, one after the other. */
const { text, parameters, job } = workerData as CrewTask;
const integrator = taylorOf(compile(text, { parameters }).source, job);

parentPort!.on("message", (x0: Float64Array) => {
  const pieces = [...stretchesOf(integrator, job, x0, Number.POSITIVE_INFINITY)];
  const whole = pieces.length === 1 ? pieces[0]! : joined(pieces);
  const { times, states } = whole;
  parentPort!.postMessage(whole, [times.buffer as ArrayBuffer, states.buffer as ArrayBuffer]);
});

function joined(pieces: readonly Stretch[]): Stretch {
  return {
    times: Float64Array.from(pieces.flatMap(({ times }) => [...times])),
    states: Float64Array.from(pieces.flatMap(({ states }) => [...states])),
    events: pieces.flatMap(({ events }) => events),
    steps: pieces.reduce((sum, { steps }) => sum + steps, 0),
    failure: pieces.at(-1)!.failure,
  };
}
