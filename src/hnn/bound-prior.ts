import { add, call } from "../expr/build.ts";
import { entryNames, layoutOf } from "../mechanics/layout.ts";
import type { Model } from "../model.ts";
import type { Network } from "../network.ts";
import { entriesOf, freeName } from "./state-model.ts";

/** What was learned beside the networks of a formula's own functions. */
export interface Learned {
  /** A network of the whole state that is added to H. */
  readonly added: Network | undefined;
  /** New values of parameters by name, row-major. */
  readonly constants: Readonly<Record<string, Float64Array>>;
}

/** A formula with networks in place of its unknown functions, and with learned constants as its defaults. */
export function boundPrior(
  prior: Model,
  functions: ReadonlyMap<string, Network>,
  { added, constants }: Learned,
): Model {
  const networks = new Map([...(prior.networks ?? []), ...functions]);
  let { hamiltonian } = prior;
  if (added) {
    const name = freeName("N", takenNames(prior));
    networks.set(name, added);
    hamiltonian = add(hamiltonian, call(name, [...prior.coordinates, ...prior.momenta].flatMap(entriesOf)));
  }
  const parameters = prior.parameters.map((parameter) => {
    const value = constants[parameter.name];
    if (!value) return parameter;
    return { ...parameter, value: parameter.shape.length === 0 ? value[0]! : Array.from(value) };
  });
  return { ...prior, hamiltonian, parameters, unknownFunctions: [], networks };
}

function takenNames(model: Model): Set<string> {
  const { state } = layoutOf(model);
  const functions = [...model.unknownFunctions.map(({ name }) => name), ...(model.networks?.keys() ?? [])];
  const entries = [...state.values()].flatMap(entryNames);
  return new Set(["t", ...state.keys(), ...entries, ...model.parameters.map(({ name }) => name), ...functions]);
}
