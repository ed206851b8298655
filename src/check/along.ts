import { HnncError } from "../errors.ts";
import { type Expr, postorder } from "../expr/expr.ts";
import { type CheckLine, skipped, Tally } from "./check.ts";
import type { Flow } from "./flow.ts";
import type { Point } from "./points.ts";
import { evaluateRounded, type Rounded } from "./rounding.ts";
import type { Subject } from "./subject.ts";

/** Runs what needs a trajectory; where the motion cannot be followed, its lines are skipped and say why. */
export function along(subject: Subject, claims: readonly string[], lines: (flow: Flow) => CheckLine[]): CheckLine[] {
  let flow: Flow;
  try {
    flow = subject.flow();
  } catch (error) {
    if (!(error instanceof HnncError)) throw error;
    return claims.map((claim) => skipped(claim, error.message));
  }
  return lines(flow);
}

const kinked: ReadonlySet<string> = new Set(["abs", "sign", "min", "max", "select"]);

/** Whether something in the model switches; conditions on indices count too. */
export function hasKinks({ compiled: { model } }: Subject): boolean {
  const values = [model.hamiltonian, ...[...model.damping, ...model.forces].map(({ value }) => value)];
  return postorder(values).some((node) => node.kind === "apply" && kinked.has(node.op));
}

/** Local errors change a conserved quantity once and are not multiplied; sums of many may reach some times one's size. */
const caution = 4;

/**
 * Whether a quantity keeps its value along the trajectory.
 *
 * @param gradient how it depends on the state; without it the running error analysis tells, which cannot cancel
 */
export function constancy(
  subject: Subject,
  flow: Flow,
  claim: string,
  quantity: Expr,
  gradient?: (x: Float64Array) => Float64Array,
): CheckLine {
  const off = valuesAlong(subject, flow, quantity, gradient ? 0 : flow.rounding);
  const carried = (x: Float64Array): number =>
    gradient ? gradient(x).reduce((sum, slope, k) => sum + Math.abs(slope) * flow.rounding * flow.sizes[k]!, 0) : 0;
  const worst = off.reduce((most, { error, at }) => Math.max(most, error + carried(at.x)), 0);
  const tally = new Tally();
  for (const { value, at } of off) tally.add(value - off[0]!.value, caution * worst, at);
  const line = tally.line(claim, `rounding of ${flow.steps} steps of the Taylor method, and of the formula`);
  const jumps = line.verdict === "fail" && hasKinks(subject);
  return jumps
    ? { ...line, because: "perhaps H jumps where a condition changes: no force in the equations tells of it" }
    : line;
}

/** A quantity at the samples, off by its rounding and by an error of the states relative to their sizes. */
export function valuesAlong(
  subject: Subject,
  flow: Flow,
  quantity: Expr,
  error: number,
): (Rounded & { readonly at: Point })[] {
  const errors = Object.fromEntries(
    [...subject.layout.state.values()].map(({ name, offset }) => [name, error * flow.sizes[offset]!]),
  );
  const last = flow.states.length - 1;
  const count = subject.affordable(quantity, flow.states.length);
  return Array.from({ length: count }, (_, k) => {
    const at = {
      x: flow.states[Math.round((k * last) / (count - 1))]!,
      t: flow.times[Math.round((k * last) / (count - 1))]!,
    };
    return { ...evaluateRounded(quantity, subject.values(at), errors), at };
  });
}
