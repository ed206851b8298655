import { type InvariantCheck, invariantTolerance, verifyInvariant } from "../mechanics/invariant.ts";
import { along, constancy } from "./along.ts";
import { type Check, type CheckLine, skipped } from "./check.ts";

/** Declared invariants, by their rate of change and along a trajectory. */
export const invariants: Check = {
  name: "invariants",
  title: "Declared invariants",
  run: (subject) => {
    const { model } = subject.compiled;
    if (model.invariants.length === 0) return [skipped("dI/dt = 0", "the model declares no invariants")];
    const motion = model.damping.length + model.forces.length > 0 || model.timeDependent ? "d%/dt = 0" : "{%, H} = 0";
    return model.invariants.flatMap(({ name, value }) => [
      rateLine(motion.replace("%", name), verifyInvariant(model, value)),
      ...along(subject, [`${name} along a trajectory`], (flow) => [
        constancy(subject, flow, `${name} along a trajectory`, value),
      ]),
    ]);
  },
};

function rateLine(claim: string, found: InvariantCheck): CheckLine {
  switch (found.verdict) {
    case "symbolic":
      return { claim, verdict: "pass", because: "multiplied out, nothing is left: for all states and parameters" };
    case "numeric":
      return {
        claim,
        verdict: "pass",
        figure: found.worst,
        bound: invariantTolerance,
        unit: "of its terms",
        because: `rounding with cancellation, at ${found.points} random states`,
      };
    case "violated": {
      const { t = 0, ...state } = found.point;
      return {
        claim,
        verdict: "fail",
        figure: Math.abs(found.rate),
        bound: invariantTolerance * found.magnitude,
        because: "it is not conserved",
        worst: { of: claim, state: Object.values(state).flat() as number[], t: t as number },
      };
    }
    case "undecided":
      return skipped(claim, "no random state gave finite numbers");
  }
}
