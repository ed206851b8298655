import { type ActivationValues, activationValues, networkFunction } from "../expr/evaluate-network.ts";
import type { DenseLayer, Network } from "../network.ts";
import type { Rounded, RoundedFunction } from "./rounding.ts";
import { roundOff } from "./rounding-rules.ts";

/** Roundings of an activation or of its slope: routines are right to 2 ulp, and a few operations make slopes of them. */
const roundingsOfActivation = 8;

/** So many weights take the time of a node. */
const weightsOfVisit = 30;

/** A number of a layer, and its derivative along one argument. */
interface Unit extends Rounded {
  readonly slope: Rounded & {
    /** The sum of the absolute values over all paths from the argument: what both ways through the network round relative to. */
    readonly size: number;
  };
}

/** A network with running error analysis, for its value and its first derivatives. */
export function roundedNetwork(network: Network): RoundedFunction {
  const rounded: RoundedFunction["rounded"] = (args, orders) => {
    const order = orders.reduce((sum, each) => sum + each, 0);
    if (order > 1) return { value: Number.NaN, error: Number.NaN };
    const inputs = args.map((arg, k): Unit => ({ ...arg, slope: { value: orders[k]!, error: 0, size: orders[k]! } }));
    const [out] = network.layers.reduce(layerOf, inputs) as [Unit];
    return order === 0 ? { value: out.value, error: out.error } : { value: out.slope.value, error: out.slope.error };
  };
  const weights = network.layers.reduce((sum, layer) => sum + layer.weights.length, 0);
  return Object.assign(networkFunction(network), { rounded, visits: Math.ceil(weights / weightsOfVisit) });
}

function layerOf(units: Unit[], layer: DenseLayer): Unit[] {
  return Array.from({ length: layer.outputs }, (_, out) => {
    const sum = sumOf(units, layer, out);
    return layer.activation ? activated(sum, activationValues[layer.activation](sum.value)) : sum;
  });
}

function sumOf(units: readonly Unit[], { outputs, weights, biases }: DenseLayer, out: number): Unit {
  const bias = biases?.[out] ?? 0;
  let [value, error, total] = [bias, 0, Math.abs(bias)];
  let [slope, slopeError, size] = [0, 0, 0];
  units.forEach((unit, k) => {
    const weight = weights[k * outputs + out]!;
    const absolute = Math.abs(weight);
    value += weight * unit.value;
    error += absolute * unit.error;
    total += Math.abs(weight * unit.value);
    slope += weight * unit.slope.value;
    slopeError += absolute * unit.slope.error;
    size += absolute * unit.slope.size;
  });
  // a product and a sum each, in any order
  const roundings = (units.length + 1) * roundOff;
  return {
    value,
    error: error + roundings * total,
    slope: { value: slope, error: slopeError + roundings * size, size },
  };
}

function activated({ error, slope }: Unit, [y, first, second]: ActivationValues): Unit {
  const roundings = roundingsOfActivation * roundOff;
  const [steep, bent] = [Math.abs(first), Math.abs(second)];
  return {
    value: y,
    error: steep * error + roundings * Math.abs(y),
    slope: {
      value: first * slope.value,
      // 1 − y² is rounded relative to 1
      error: steep * slope.error + slope.size * (bent * error + roundings),
      size: steep * slope.size,
    },
  };
}
