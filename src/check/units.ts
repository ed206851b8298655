import { checkUnits } from "../mechanics/units.ts";
import { parseModel } from "../parser/parse.ts";
import { type Check, skipped } from "./check.ts";

/** The dimensions of every term. */
export const units: Check = {
  name: "units",
  title: "Units",
  run: ({ compiled: { model } }) => {
    const claim = "every term has the dimension of an energy";
    if (!model.inUnits) return [skipped(claim, "the model has no units")];
    const { errors } = checkUnits(parseModel(model.source));
    return errors.length === 0
      ? [{ claim, verdict: "pass", because: "dimensions followed through every operation" }]
      : errors.map(({ message }) => ({ claim, verdict: "fail" as const, because: message }));
  },
};
