import { type Call, type Expr, postorder } from "../expr/expr.ts";
import { layoutOf } from "../mechanics/layout.ts";
import type { Model } from "../model.ts";
import type { NetworkScaling, Normalisation } from "./normalisation.ts";

/**
 * How the arguments of an unknown function are scaled: those that are one state variable wherever the function is
 * called, as in `V(q)`, like that variable; others not at all.
 */
export function functionScaling(
  model: Model,
  name: string,
  { shift, scale, energy }: Normalisation,
): NetworkScaling | undefined {
  const values = [...model.damping, ...model.forces].map(({ value }) => value);
  const isInEnergy = callsOf(model.hamiltonian, name).length > 0;
  const calls = [model.hamiltonian, ...values].flatMap((value) => callsOf(value, name));
  const [first] = calls;
  if (!first) return undefined;
  const { state } = layoutOf(model);
  const slots = first.args.map((arg, k) => {
    const isSame = arg.kind === "symbol" && calls.every((each) => each.args[k] === arg);
    return isSame ? state.get(arg.name) : undefined;
  });
  return {
    shift: slots.map((slot) => (slot ? shift[slot.offset]! : 0)),
    scale: slots.map((slot) => (slot ? scale[slot.offset]! : 1)),
    output: [isInEnergy ? energy : 1],
  };
}

function callsOf(root: Expr, name: string): Call[] {
  return postorder([root]).filter((node): node is Call => node.kind === "call" && node.name === name);
}
