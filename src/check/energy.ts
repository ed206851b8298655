import { gaussLegendre } from "../integrate/quadrature.ts";
import { rateOfChange } from "../mechanics/bracket.ts";
import { along, constancy, valuesAlong } from "./along.ts";
import { type Check, type CheckLine, Tally } from "./check.ts";
import type { Flow } from "./flow.ts";
import { evaluateRounded } from "./rounding.ts";
import type { Subject } from "./subject.ts";

const conserved = "H(x(t)) = H(x(0))";
const balanced = "H(x(t)) − H(x(0)) = ∫ (∂H/∂t + work of forces) dt";

/** The energy along a trajectory: constant, or changed by what time, damping and forces put in. */
export const energy: Check = {
  name: "energy",
  title: "Energy",
  run: (subject) => {
    const { compiled } = subject;
    const { meta, model } = compiled;
    return meta.conservative && !meta.timeDependent
      ? along(subject, [conserved], (flow) => [
          constancy(subject, flow, conserved, model.hamiltonian, (x) => compiled.gradient(x)),
        ])
      : along(subject, [balanced], (flow) => [balanceLine(subject, flow)]);
  },
};

/** Of the composite Gauss–Legendre rule of 4 nodes, order 8; the error is told by half as many. */
const panels = 128;

function balanceLine(subject: Subject, flow: Flow): CheckLine {
  const { compiled, values } = subject;
  const { model } = compiled;
  const { rate } = rateOfChange(model, model.hamiltonian);
  const integral = (count: number): { value: number; size: number } => {
    const { nodes, weights } = gaussLegendre(8);
    const width = flow.end / count;
    const times = Array.from({ length: count }, (_, k) => nodes.map((node) => (k + node) * width)).flat();
    let [value, size] = [0, 0];
    flow.at(times).forEach((x, k) => {
      const power = width * weights[k % nodes.length]! * evaluateRounded(rate, values({ x, t: times[k]! })).value;
      value += power;
      size += Math.abs(power);
    });
    return { value, size };
  };
  const count = 2 * Math.floor(subject.affordable(rate, 4 * panels) / 8);
  const [coarse, fine] = [integral(Math.max(1, count / 2)), integral(Math.max(2, count))];
  const all = valuesAlong(subject, flow, model.hamiltonian, flow.error);
  const [first, last] = [all[0]!, all[all.length - 1]!];
  const off = first.error + last.error + Math.abs(fine.value - coarse.value) + flow.error * fine.size;
  const tally = new Tally();
  const end = { x: flow.states[flow.states.length - 1]!, t: flow.end };
  tally.add(last.value - first.value - fine.value, 4 * off, end);
  return tally.line(balanced, `half as many nodes of the integral, and rounding of ${flow.steps} Taylor steps`);
}
