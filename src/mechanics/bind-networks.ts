import { HnncError } from "../errors.ts";
import type { Model } from "../model.ts";
import { type Network, networkInputs, networkOutputs } from "../network.ts";

/**
 * A model whose unknown functions are trained networks: it can be evaluated, and compiles to every target.
 *
 * @param networks by the names of functions; those that are not named stay unknown
 * @throws HnncError `bad-network` (usage) for a name that is no unknown function, or a network of other sizes
 * @example
 * compileModel(bindNetworks(parseModel("p^2/(2 m) + V(q); m = 1.7"), { V: network }));
 */
export function bindNetworks(model: Model, networks: Readonly<Record<string, Network>>): Model {
  const arities = new Map(model.unknownFunctions.map(({ name, arity }) => [name, arity]));
  for (const [name, network] of Object.entries(networks)) {
    const arity = arities.get(name);
    if (arity === undefined) {
      throw badNetwork(`the formula has no unknown function \`${name}\``, [
        `unknown functions: ${[...arities.keys()].join(" ") || "none"}`,
      ]);
    }
    const fault = faultOf(network, arity);
    if (fault) throw badNetwork(`the network for \`${name}\` ${fault}`);
  }
  return {
    ...model,
    unknownFunctions: model.unknownFunctions.filter(({ name }) => !Object.hasOwn(networks, name)),
    networks: new Map([...(model.networks ?? []), ...Object.entries(networks)]),
  };
}

function faultOf(network: Network, arity: number): string | undefined {
  const inputs = networkInputs(network);
  if (inputs !== arity) return `takes ${inputs} numbers, the function has ${arity} arguments`;
  const outputs = networkOutputs(network);
  if (outputs !== 1) return `gives ${outputs} numbers, a function gives one`;
  let width = inputs;
  for (const [k, { inputs: taken, outputs: given, weights, biases }] of network.layers.entries()) {
    const layer = `layer ${k + 1}`;
    if (taken !== width) return `has a ${layer} of ${taken} inputs behind ${width} numbers`;
    if (weights.length !== taken * given) return `has ${weights.length} weights in ${layer}, not ${taken}·${given}`;
    if (biases && biases.length !== given) return `has ${biases.length} biases in ${layer}, not ${given}`;
    width = given;
  }
  return undefined;
}

function badNetwork(message: string, notes: readonly string[] = []): HnncError {
  return new HnncError({ kind: "usage", code: "bad-network", message, notes });
}
