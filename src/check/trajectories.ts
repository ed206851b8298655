import type { Compiled } from "../compile.ts";
import { ensemble } from "../ensemble/ensemble.ts";
import { motionFacts, parameterVector, portableMotion } from "../ensemble/facts.ts";
import { HnncError } from "../errors.ts";
import { dop853 } from "../integrate/dop853.ts";
import { gauss6 } from "../integrate/gauss6.ts";
import type { Integrator, Motion } from "../integrate/integrator.ts";
import { kahanLi8 } from "../integrate/kahan-li8.ts";
import { leapfrog } from "../integrate/leapfrog.ts";
import { rk4 } from "../integrate/rk4.ts";
import { integrate } from "../integrate/trajectory.ts";
import { along } from "./along.ts";
import { bluntBound, type Check, type CheckLine, skipped, Tally } from "./check.ts";
import type { Flow } from "./flow.ts";
import type { Subject } from "./subject.ts";

/** The motion of the compiled field, for the plain steppers. */
export function motionOf(compiled: Compiled): Motion {
  return {
    ...motionFacts(compiled.source),
    field: (x, out, t) => void compiled.field(x, out, undefined, t),
  };
}

/** One trajectory by methods that share nothing but the equations. */
export const trajectories: Check = {
  name: "trajectories",
  title: "A trajectory, by different methods",
  run: async (subject) => {
    const { separable, damped } = motionFacts(subject.compiled.source);
    const fixed = separable && !damped ? kahanLi8 : gauss6;
    const adaptive = "x(t): Taylor series = Dormand–Prince 8(5,3)";
    const halved = `x(t): Taylor series = ${fixed.title}`;
    const lines = along(subject, [adaptive, halved], (flow) => [
      guarded(adaptive, () => adaptiveLine(subject, flow, adaptive)),
      guarded(halved, () => fixedLine(subject, flow, halved, fixed)),
    ]);
    const claim = "x(t): fused WebAssembly = plain JavaScript";
    const bits = await bitLine(subject, claim, separable && !damped ? leapfrog : rk4);
    return [...lines, bits];
  },
};

/** A method that fails where another succeeds is a difference too. */
function guarded(claim: string, make: () => CheckLine): CheckLine {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof HnncError)) throw error;
    return { claim, verdict: "fail", because: error.message };
  }
}

const tolerance = 1e-13;
/** Global errors of adaptive methods stay below five times what a step may err, for each step and its growth. */
const perStep = 5;

function adaptiveLine({ compiled }: Subject, flow: Flow, claim: string): CheckLine {
  const { states, steps } = integrate(motionOf(compiled), flow.states[0]!, {
    t: flow.end,
    samples: flow.times.length,
    method: dop853,
    rtol: tolerance,
    atol: tolerance * Math.min(...flow.sizes),
  });
  const bound = perStep * steps * 2 * tolerance * flow.growth + flow.error;
  const because = `${steps} steps of tolerance ${tolerance}, errors grow ${figure(flow.growth)}-fold at most`;
  return stateTally(flow, states, bound).line(claim, because, relative);
}

/** Steps of the fixed method a step of the Taylor method, at first; they are halved until halving changes little. */
const refinement = 8;
const [littleChange, mostSteps] = [1e-7, 40_000];

function fixedLine({ compiled }: Subject, flow: Flow, claim: string, method: Integrator): CheckLine {
  const motion = motionOf(compiled);
  const samples = flow.times.length;
  const run = (perSample: number): Float64Array => {
    const dt = flow.end / (perSample * (samples - 1));
    return integrate(motion, flow.states[0]!, { t: flow.end, samples, method, dt }).states;
  };
  let perSample = Math.ceil((refinement * flow.steps) / (samples - 1));
  let coarse: Float64Array | undefined;
  for (; perSample * (samples - 1) <= mostSteps; perSample *= 2) {
    const fine = attempted(() => run(perSample));
    const change = coarse && fine ? largestDifference(flow, fine, coarse) : Number.NaN;
    coarse = fine;
    if (!(change < littleChange)) continue;
    const steps = perSample * (samples - 1);
    // The step's own error falls 2^order-fold from one run to the next; a fourth of the change is left for methods
    // that have not come to that yet.
    const bound = change / 4 + flow.error + 4 * steps * Number.EPSILON * flow.growth;
    const because = `what halving the step to ${figure(flow.end / steps)} changed, and rounding`;
    return stateTally(flow, fine!, bound).line(claim, because, relative);
  }
  return skipped(claim, `${mostSteps} steps are too few for it here`);
}

/** Long steps may have no solution, or leave the domain of H. */
function attempted(run: () => Float64Array): Float64Array | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof HnncError && error.kind === "diverged") return undefined;
    throw error;
  }
}

const relative = "of the variable's size";

function stateTally({ states, times, sizes }: Flow, found: Float64Array, bound: number): Tally {
  const tally = new Tally(bluntBound);
  states.forEach((x, row) => {
    let worst = 0;
    x.forEach((value, k) => {
      const off = Math.abs(found[row * x.length + k]! - value) / sizes[k]!;
      if (!(off <= worst)) worst = off;
    });
    tally.add(worst, bound, { x, t: times[row]! });
  });
  return tally;
}

function largestDifference({ sizes }: Flow, a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k]!) / sizes[k % sizes.length]!), 0);
}

/** Steps of the comparison bit for bit. */
const comparedSteps = 50;

async function bitLine(subject: Subject, claim: string, method: Integrator): Promise<CheckLine> {
  const { compiled, start, layout } = subject;
  const [prepared] = along(subject, [claim], (flow) => [
    { claim, verdict: "pass", because: "", figure: flow.end / flow.steps },
  ]);
  if (prepared?.verdict !== "pass") return prepared!;
  const dt = 0.1 * prepared.figure!;
  const options = { t: comparedSteps * dt, dt, method, samples: 2 };
  const made = ensemble(compiled.source, { ...options, workers: 1 });
  try {
    const fused = (await made.run(start)).states.subarray(-layout.dimension);
    const plain = integrate(portableMotion(compiled.source, parameterVector(compiled.source)), start, options);
    const tally = new Tally();
    plain.states.subarray(-layout.dimension).forEach((x, k) => {
      tally.add(Object.is(x, fused[k]) ? 0 : 1, 0, { x: start, t: 0 }, subject.names[k]);
    });
    return tally.line(
      claim,
      `${comparedSteps} steps of ${method.name}: the same operations in the same order`,
      "different bits",
    );
  } finally {
    made.close();
  }
}

/** Two digits. */
function figure(value: number): string {
  return String(Number(value.toPrecision(2)));
}
