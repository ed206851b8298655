import { type ActivationName, describeNetwork, type Network, networkInputs } from "../../network.ts";
import { decoderText, numbersText } from "../base64.ts";
import { activations } from "../elementary/activation.ts";
import type { Routine } from "../elementary/lanes.ts";
import { networkCalls, type Program, wantsSlopes } from "../program.ts";

/** What of a network a module needs: its value, or its value and slopes. */
export interface NetworkUse {
  readonly network: Network;
  /** 1, 2, …: part of the names of its functions and arrays. */
  readonly number: number;
  readonly value: boolean;
  readonly slopes: boolean;
}

/** The names of a network's functions, and of the array in which the second one leaves the slopes. */
export interface NetworkNames {
  readonly value: string;
  readonly withSlopes: string;
  readonly slopes: string;
}

export function networkNames(number: number): NetworkNames {
  return { value: `network${number}`, withSlopes: `slopesOfNetwork${number}`, slopes: `slopes${number}` };
}

/** What an activation calls that JavaScript lacks. */
const activationHelpers: Readonly<Record<ActivationName, readonly ("sigmoid" | "softplus")[]>> = {
  tanh: [],
  softplus: ["sigmoid", "softplus"],
  swish: ["sigmoid"],
  sin: [],
  relu: [],
};

/** f(z), and y = f(z) with dy = f′(z), as lines of JavaScript. */
const plainActivations: Readonly<Record<ActivationName, { value: string; slope: readonly string[] }>> = {
  tanh: { value: "Math.tanh(z)", slope: ["const y = Math.tanh(z);", "const dy = 1 - y * y;"] },
  softplus: { value: "softplus(z)", slope: ["const y = softplus(z);", "const dy = sigmoid(z);"] },
  swish: {
    value: "z * sigmoid(z)",
    slope: ["const s = sigmoid(z);", "const y = z * s;", "const dy = s + y * (1 - s);"],
  },
  sin: { value: "Math.sin(z)", slope: ["const y = Math.sin(z);", "const dy = Math.cos(z);"] },
  relu: { value: "Math.max(z, 0)", slope: ["const y = Math.max(z, 0);", "const dy = z >= 0 ? 1 : 0;"] },
};

/** The loops over units that all networks of a module share. */
const networkRuntime = `/** y = b + x·W: W [inputs, outputs] at \`from\` in w, b behind it; a sum begins with its bias and takes inputs in order. */
function forward(w, from, work, x, inputs, y, outputs) {
  const bias = from + inputs * outputs;
  let o = 0;
  for (; o + 4 <= outputs; o += 4) {
    let a = w[bias + o];
    let b = w[bias + o + 1];
    let c = w[bias + o + 2];
    let d = w[bias + o + 3];
    for (let i = 0, k = from + o; i < inputs; i++, k += outputs) {
      const u = work[x + i];
      a += w[k] * u;
      b += w[k + 1] * u;
      c += w[k + 2] * u;
      d += w[k + 3] * u;
    }
    work[y + o] = a;
    work[y + o + 1] = b;
    work[y + o + 2] = c;
    work[y + o + 3] = d;
  }
  for (; o < outputs; o++) {
    let a = w[bias + o];
    for (let i = 0, k = from + o; i < inputs; i++, k += outputs) a += w[k] * work[x + i];
    work[y + o] = a;
  }
}

/** Slopes with respect to x, each times what stands in its place, from those with respect to y. */
function backward(w, from, work, y, outputs, x, inputs) {
  let i = 0;
  for (; i + 4 <= inputs; i += 4) {
    const k = from + i * outputs;
    const l = k + outputs;
    const m = l + outputs;
    const n = m + outputs;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let o = 0; o < outputs; o++) {
      const g = work[y + o];
      a += w[k + o] * g;
      b += w[l + o] * g;
      c += w[m + o] * g;
      d += w[n + o] * g;
    }
    work[x + i] *= a;
    work[x + i + 1] *= b;
    work[x + i + 2] *= c;
    work[x + i + 3] *= d;
  }
  for (; i < inputs; i++) {
    let a = 0;
    for (let o = 0, k = from + i * outputs; o < outputs; o++) a += w[k + o] * work[y + o];
    work[x + i] *= a;
  }
}`;

interface Places {
  /** Of the values behind each layer, the inputs first. */
  readonly values: readonly number[];
  /** Of the slopes with respect to them. */
  readonly slopes: readonly number[];
  readonly weights: readonly number[];
  readonly size: number;
}

function placesOf(network: Network): Places {
  const widths = [networkInputs(network), ...network.layers.map(({ outputs }) => outputs)];
  let size = 0;
  const place = (width: number): number => {
    size += width;
    return size - width;
  };
  const values = widths.map(place);
  const slopes = widths.map(place);
  let next = 0;
  const weights = network.layers.map(({ inputs, outputs }) => {
    next += (inputs + 1) * outputs;
    return next - (inputs + 1) * outputs;
  });
  return { values, slopes, weights, size };
}

/** The networks that programs call, and what they want of them, in the order of `among`. */
export function networkUses(programs: readonly Program[], among: Iterable<Network>): NetworkUse[] {
  const calls = programs.flatMap(({ body }) => networkCalls(body));
  return [...new Set(among)].flatMap((network, k) => {
    const own = calls.filter((call) => call.network === network);
    const slopes = own.some(wantsSlopes);
    return own.length === 0 ? [] : [{ network, number: k + 1, value: own.some((call) => !wantsSlopes(call)), slopes }];
  });
}

/** The routines of portable modules that networks call. */
export function networkRoutines(uses: readonly NetworkUse[]): Routine[] {
  const routines = uses.flatMap(({ network, value, slopes }) =>
    network.layers.flatMap(({ activation }) => {
      if (!activation) return [];
      const { value: f, slope } = activations[activation];
      return [...(value ? [f] : []), ...(slopes ? [slope] : [])];
    }),
  );
  return [...new Set(routines)];
}

/** The functions that networks of plain modules call and JavaScript lacks. */
export function networkHelpers(uses: readonly NetworkUse[]): ("sigmoid" | "softplus")[] {
  const used = uses.flatMap(({ network }) => network.layers.flatMap(({ activation }) => activation ?? []));
  return used.flatMap((activation) => activationHelpers[activation]);
}

/** What stands in a module for its networks. */
export function networkTexts(uses: readonly NetworkUse[], portable: boolean): string[] {
  if (uses.length === 0) return [];
  const parts = [decoderText("f64"), networkRuntime, ...uses.map((use) => networkText(use, portable))];
  return parts.flatMap((text) => [text, ""]);
}

/** The functions of a network, its weights and the arrays that it works in. */
function networkText({ network, number, value, slopes }: NetworkUse, portable: boolean): string {
  const places = placesOf(network);
  const inputs = networkInputs(network);
  const numbers = network.layers.flatMap(({ outputs, weights, biases }) => [
    ...weights,
    ...(biases ?? new Float64Array(outputs)),
  ]);
  const names = networkNames(number);
  const from = places.slopes[0]!;
  return [
    `// a network ${describeNetwork(network)}`,
    `const weights${number} = numbers("${numbersText(numbers, "f64")}");`,
    `const work${number} = new Float64Array(${places.size});`,
    ...(slopes ? [`const ${names.slopes} = work${number}.subarray(${from}, ${from + inputs});`] : []),
    ...(value ? ["", functionText(names.value, network, places, { number, slopes: false, portable })] : []),
    ...(slopes ? ["", functionText(names.withSlopes, network, places, { number, slopes: true, portable })] : []),
  ].join("\n");
}

interface Wanted {
  readonly number: number;
  readonly slopes: boolean;
  readonly portable: boolean;
}

function functionText(name: string, { layers }: Network, places: Places, wanted: Wanted): string {
  const [w, work] = [`weights${wanted.number}`, `work${wanted.number}`];
  const { values, slopes, weights } = places;
  const inputs = Array.from({ length: layers[0].inputs }, (_, k) => `u${k + 1}`);
  const lines = inputs.map((input, k) => `${work}[${values[0]! + k}] = ${input};`);
  const ones = (k: number, width: number) => `${work}.fill(1, ${slopes[k]}, ${slopes[k]! + width});`;
  if (wanted.slopes) lines.push(ones(0, inputs.length));
  layers.forEach(({ inputs: taken, outputs, activation }, k) => {
    lines.push(`forward(${w}, ${weights[k]}, ${work}, ${values[k]}, ${taken}, ${values[k + 1]}, ${outputs});`);
    const units = { work, from: values[k + 1]!, outputs, toSlopes: slopes[k + 1]! - values[k + 1]! };
    if (activation) lines.push(...activationLines(activation, units, wanted));
    else if (wanted.slopes) lines.push(ones(k + 1, outputs));
  });
  if (wanted.slopes) {
    for (let k = layers.length - 1; k >= 0; k--) {
      const { inputs: taken, outputs } = layers[k]!;
      lines.push(`backward(${w}, ${weights[k]}, ${work}, ${slopes[k + 1]}, ${outputs}, ${slopes[k]}, ${taken});`);
    }
  }
  lines.push(`return ${work}[${values.at(-1)}];`);
  return [`function ${name}(${inputs.join(", ")}) {`, ...lines.map((line) => `  ${line}`), "}"].join("\n");
}

interface Units {
  readonly work: string;
  readonly from: number;
  readonly outputs: number;
  /** How far the slopes stand behind the values. */
  readonly toSlopes: number;
}

function activationLines(
  name: ActivationName,
  { work, from, outputs, toSlopes }: Units,
  { slopes, portable }: Wanted,
): string[] {
  const { value, slope } = activations[name];
  const plain = plainActivations[name];
  const body = slopes
    ? [
        ...(portable ? [`const [y, dy] = ${slope.name}(z);`] : plain.slope),
        `${work}[k] = y;`,
        `${work}[k + ${toSlopes}] = dy;`,
      ]
    : [`${work}[k] = ${portable ? `${value.name}(z)` : plain.value};`];
  return [
    `for (let k = ${from}; k < ${from + outputs}; k++) {`,
    `  const z = ${work}[k];`,
    ...body.map((line) => `  ${line}`),
    "}",
  ];
}
