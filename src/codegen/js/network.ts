import { type ActivationName, describeNetwork, type Network, networkInputs } from "../../network.ts";
import { decoderText, numbersText } from "../base64.ts";
import { activations } from "../elementary/activation.ts";
import type { Routine } from "../elementary/lanes.ts";
import { type NetworkWish, networkCalls, type Program, wishOf } from "../program.ts";
import { functionText, placesOf } from "./network-function.ts";

/** What of a network a module needs. */
export interface NetworkUse {
  readonly network: Network;
  /** 1, 2, …: part of the names of its functions and arrays. */
  readonly number: number;
  /** Whether there are calls that want no more than the value, or than the slopes. */
  readonly value: boolean;
  readonly slopes: boolean;
  /** Rows of second derivatives. */
  readonly rows: readonly number[];
}

/** What stands in a module for a wish: a function that gives the value, and the arrays in which it leaves the rest. */
export interface NetworkNames {
  readonly called: string;
  readonly slopes: string;
  /** [n, n] */
  readonly curvatures: string;
}

export function networkNames(number: number, { slopes, rows }: NetworkWish): NetworkNames {
  const called = rows.length > 0 ? "curvaturesOfNetwork" : slopes ? "slopesOfNetwork" : "network";
  return {
    called: `${called}${number}`,
    slopes: `${rows.length > 0 ? "firsts" : "slopes"}${number}`,
    curvatures: `curvatures${number}`,
  };
}

/** What an activation calls that JavaScript lacks. */
const activationHelpers: Readonly<Record<ActivationName, readonly ("sigmoid" | "softplus")[]>> = {
  tanh: [],
  softplus: ["sigmoid", "softplus"],
  swish: ["sigmoid"],
  sin: [],
  relu: [],
};

/** The loops over units that all networks of a module share. */
const networkRuntime = `/** y = b + x·W: W [inputs, outputs] at \`from\` in w, b at \`bias\`; a sum begins with its bias and takes inputs in order. */
function forward(w, from, bias, work, x, inputs, y, outputs) {
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

/** The loops that second derivatives need besides. */
const curvatureRuntime = `/** to = x·y, unit by unit. */
function multiply(work, x, y, to, count) {
  for (let k = 0; k < count; k++) work[to + k] = work[x + k] * work[y + k];
}

/** e = e·a + g·b·z, unit by unit: how slopes turn at an activation with the slopes a and the second derivatives b. */
function bend(work, e, a, g, b, z, count) {
  for (let k = 0; k < count; k++) work[e + k] = work[e + k] * work[a + k] + work[g + k] * work[b + k] * work[z + k];
}`;

/** The networks that programs call, and what they want of them, in the order of `among`. */
export function networkUses(programs: readonly Program[], among: Iterable<Network>): NetworkUse[] {
  const calls = programs.flatMap(({ body }) => networkCalls(body));
  return [...new Set(among)].flatMap((network, k) => {
    const wishes = calls.filter((call) => call.network === network).map(wishOf);
    if (wishes.length === 0) return [];
    const value = wishes.some(({ slopes }) => !slopes);
    const slopes = wishes.some((wish) => wish.slopes && wish.rows.length === 0);
    const rows = [...new Set(wishes.flatMap((wish) => wish.rows))].sort((a, b) => a - b);
    return [{ network, number: k + 1, value, slopes, rows }];
  });
}

/** The routines of portable modules that networks call. */
export function networkRoutines(uses: readonly NetworkUse[]): Routine[] {
  const routines = uses.flatMap(({ network, value, slopes, rows }) =>
    network.layers.flatMap(({ activation }) => {
      if (!activation) return [];
      const { value: f, slope, curvature } = activations[activation];
      return [...(value ? [f] : []), ...(slopes ? [slope] : []), ...(rows.length > 0 ? [curvature] : [])];
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
  const curved = uses.some(({ rows }) => rows.length > 0) ? [curvatureRuntime] : [];
  const parts = [decoderText("f64"), networkRuntime, ...curved, ...uses.map((use) => networkText(use, portable))];
  return parts.flatMap((text) => [text, ""]);
}

/** The functions of a network, its weights and the arrays that it works in. */
function networkText({ network, number, value, slopes, rows }: NetworkUse, portable: boolean): string {
  const inputs = networkInputs(network);
  const places = placesOf(network, rows.length > 0);
  const numbers = network.layers.flatMap(({ outputs, weights, biases }) => [
    ...weights,
    ...(biases ?? new Float64Array(outputs)),
  ]);
  if (rows.length > 0) numbers.push(...new Float64Array(Math.max(...network.layers.map(({ outputs }) => outputs))));
  const wishes: NetworkWish[] = [
    ...(value ? [{ slopes: false, rows: [] }] : []),
    ...(slopes ? [{ slopes: true, rows: [] }] : []),
    ...(rows.length > 0 ? [{ slopes: true, rows }] : []),
  ];
  const work = `work${number}`;
  const view = (name: string, from: number) => `const ${name} = ${work}.subarray(${from}, ${from + inputs});`;
  return [
    `// a network ${describeNetwork(network)}`,
    `const weights${number} = numbers("${numbersText(numbers, "f64")}");`,
    `const ${work} = new Float64Array(${places.size});`,
    ...(slopes ? [view(`slopes${number}`, places.slopes[0]!)] : []),
    ...(rows.length > 0
      ? [
          view(`firsts${number}`, places.firsts[0]!),
          `const curvatures${number} = new Float64Array(${inputs * inputs});`,
        ]
      : []),
    ...wishes.flatMap((wish) => [
      "",
      functionText(networkNames(number, wish).called, network, places, { number, wish, portable }),
    ]),
  ].join("\n");
}
