import type { Normalisation } from "./normalisation.ts";

/** What a stack of cells looks like. */
export interface LstmShape {
  readonly dimension: number;
  /** Units of each cell; each takes what the one before gives. */
  readonly hidden: readonly number[];
  readonly normalisation: Normalisation | undefined;
}

/** What the forget gates have besides their bias, so that a cell remembers at first. */
export const forgetBias = 1;

/** An LSTM in plain numbers, one state after the other; the same as in a graph. */
export function beginLstm(
  { dimension, hidden, normalisation }: LstmShape,
  array: (name: string) => Float64Array,
): (x: Float64Array, out: Float64Array) => void {
  const cells = hidden.map((units, k) =>
    beginCell(hidden[k - 1] ?? dimension, units, (name) => array(`cell${k + 1}.${name}`)),
  );
  const [weights, biases] = [array("output.weight"), array("output.bias")];
  const scaled = new Float64Array(dimension);
  return (x, out) => {
    for (let k = 0; k < dimension; k++) {
      scaled[k] = normalisation ? (x[k]! - normalisation.shift[k]!) / normalisation.scale[k]! : x[k]!;
    }
    let value: Float64Array = scaled;
    for (const step of cells) value = step(value);
    out.set(biases);
    addProduct(value, weights, out);
    if (normalisation) for (let k = 0; k < dimension; k++) out[k]! *= normalisation.rates[k]!;
  };
}

/** A cell with an empty memory: takes `[inputs]`, gives `[units]`, a view. */
function beginCell(inputs: number, units: number, array: (name: string) => Float64Array) {
  const [input, memory, bias] = [array("input"), array("memory"), array("bias")];
  const [h, c, gates] = [new Float64Array(units), new Float64Array(units), new Float64Array(4 * units)];
  return (x: Float64Array): Float64Array => {
    gates.set(bias);
    addProduct(x.subarray(0, inputs), input, gates);
    addProduct(h, memory, gates);
    for (let k = 0; k < units; k++) {
      const kept = sigmoid(gates[units + k]! + forgetBias) * c[k]!;
      c[k] = kept + sigmoid(gates[k]!) * Math.tanh(gates[2 * units + k]!);
      h[k] = sigmoid(gates[3 * units + k]!) * Math.tanh(c[k]!);
    }
    return h;
  };
}

/** out += x·weights, weights `[x.length, out.length]` row-major. */
function addProduct(x: Float64Array, weights: Float64Array, out: Float64Array): void {
  const width = out.length;
  for (let i = 0, at = 0; i < x.length; i++) {
    const value = x[i]!;
    for (let k = 0; k < width; k++, at++) out[k]! += value * weights[at]!;
  }
}

function sigmoid(a: number): number {
  return 1 / (1 + Math.exp(-a));
}
