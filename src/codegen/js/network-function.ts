import { type ActivationName, type Network, networkWidths } from "../../network.ts";
import { activations } from "../elementary/activation.ts";
import type { ScratchPlaces } from "../network-scratch.ts";
import type { NetworkWish } from "../program.ts";

/** f(z); y = f(z) with dy = f′(z); and with ddy = f″(z) besides: as lines of JavaScript. */
const plainActivations: Readonly<
  Record<ActivationName, { value: string; slope: readonly string[]; curvature: string }>
> = {
  tanh: {
    value: "Math.tanh(z)",
    slope: ["const y = Math.tanh(z);", "const dy = 1 - y * y;"],
    curvature: "-2 * y * dy",
  },
  softplus: {
    value: "softplus(z)",
    slope: ["const y = softplus(z);", "const dy = sigmoid(z);"],
    curvature: "dy * (1 - dy)",
  },
  swish: {
    value: "z * sigmoid(z)",
    slope: ["const s = sigmoid(z);", "const y = z * s;", "const dy = s + y * (1 - s);"],
    curvature: "dy * (1 - s) + s * (1 - s) * (1 - y)",
  },
  sin: { value: "Math.sin(z)", slope: ["const y = Math.sin(z);", "const dy = Math.cos(z);"], curvature: "-y" },
  relu: { value: "Math.max(z, 0)", slope: ["const y = Math.max(z, 0);", "const dy = z >= 0 ? 1 : 0;"], curvature: "0" },
};

/** Places in the array that a network works in, and in that of its weights. */
export interface JsNetworkPlaces extends ScratchPlaces {
  readonly size: number;
  /** Of each layer's weights in the array of weights; biases stand behind them, and zeros behind all. */
  readonly weights: readonly number[];
  readonly zeros: number;
}

export function placesOf(network: Network, curved: boolean): JsNetworkPlaces {
  const widths = networkWidths(network);
  let size = 0;
  const place = (width: number): number => {
    size += width;
    return size - width;
  };
  const row = (isThere = true) => (isThere ? widths.map(place) : []);
  const [values, slopes] = [row(), row()];
  const [bends, firsts, before, behind, turned] = [row(curved), row(curved), row(curved), row(curved), row(curved)];
  let zeros = 0;
  const weights = network.layers.map(({ inputs, outputs }) => {
    zeros += (inputs + 1) * outputs;
    return zeros - (inputs + 1) * outputs;
  });
  return {
    values,
    slopes,
    bends: bends!,
    firsts: firsts!,
    before: before!,
    behind: behind!,
    turned: turned!,
    size,
    weights,
    zeros,
  };
}

interface Wanted {
  readonly number: number;
  readonly wish: NetworkWish;
  readonly portable: boolean;
}

/** The function of a network for a wish. */
export function functionText(name: string, network: Network, places: JsNetworkPlaces, wanted: Wanted): string {
  const writer = new FunctionText(network, places, wanted);
  writer.forward();
  if (wanted.wish.rows.length > 0) writer.curvatures();
  else if (wanted.wish.slopes) writer.slopes();
  const inputs = Array.from({ length: network.layers[0].inputs }, (_, k) => `u${k + 1}`);
  const lines = [...writer.lines, `return work${wanted.number}[${places.values.at(-1)}];`];
  return [`function ${name}(${inputs.join(", ")}) {`, ...lines.map((line) => `  ${line}`), "}"].join("\n");
}

class FunctionText {
  readonly lines: string[] = [];
  readonly #network: Network;
  readonly #places: JsNetworkPlaces;
  readonly #wanted: Wanted;
  readonly #work: string;
  readonly #weights: string;
  readonly #widths: readonly number[];

  constructor(network: Network, places: JsNetworkPlaces, wanted: Wanted) {
    this.#network = network;
    this.#places = places;
    this.#wanted = wanted;
    this.#work = `work${wanted.number}`;
    this.#weights = `weights${wanted.number}`;
    this.#widths = networkWidths(network);
  }

  forward(): void {
    const { values, weights, slopes, bends } = this.#places;
    const { wish } = this.#wanted;
    for (let k = 0; k < this.#widths[0]!; k++) this.lines.push(`${this.#work}[${values[0]! + k}] = u${k + 1};`);
    this.#network.layers.forEach(({ inputs, outputs, activation }, k) => {
      this.#product(k, weights[k]! + inputs * outputs, values[k]!, values[k + 1]!);
      if (activation) this.#activate(activation, k + 1);
      else {
        if (wish.slopes) this.#fill(1, slopes[k + 1]!, outputs);
        if (wish.rows.length > 0) this.#fill(0, bends[k + 1]!, outputs);
      }
    });
  }

  /** Each layer's f′ becomes the slope there, which is what arrives from behind times it. */
  slopes(): void {
    const { slopes } = this.#places;
    this.#fill(1, slopes[0]!, this.#widths[0]!);
    for (let k = this.#network.layers.length - 1; k >= 0; k--) this.#back(k, slopes[k + 1]!, slopes[k]!);
  }

  /** The same with the slopes with respect to values kept, then for each row a tangent forward and its slopes back. */
  curvatures(): void {
    const { slopes, firsts, turned } = this.#places;
    const last = this.#network.layers.length;
    this.#fill(1, firsts[last]!, this.#widths[last]!);
    for (let k = last - 1; k >= 0; k--) {
      this.#fill(1, firsts[k]!, this.#widths[k]!);
      this.#back(k, k + 1 === last ? slopes[last]! : turned[k + 1]!, firsts[k]!);
      if (k > 0) {
        // f′ is still needed: the slopes before the activation stand where the turned ones will
        this.lines.push(`multiply(${this.#work}, ${firsts[k]}, ${slopes[k]}, ${turned[k]}, ${this.#widths[k]});`);
      }
    }
    for (const row of this.#wanted.wish.rows) this.#row(row);
  }

  #row(row: number): void {
    const { before, behind, slopes, bends, firsts, turned, zeros } = this.#places;
    const [inputs, last] = [this.#widths[0]!, this.#network.layers.length];
    this.#fill(0, behind[0]!, inputs);
    this.lines.push(`${this.#work}[${behind[0]! + row}] = 1;`);
    this.#network.layers.forEach(({ outputs }, k) => {
      this.#product(k, zeros, behind[k]!, before[k + 1]!);
      if (k + 1 < last) {
        this.lines.push(`multiply(${this.#work}, ${slopes[k + 1]}, ${before[k + 1]}, ${behind[k + 1]}, ${outputs});`);
      }
    });
    this.#fill(0, turned[last]!, this.#widths[last]!);
    for (let k = last; k > 0; k--) {
      const parts = [turned[k], slopes[k], firsts[k], bends[k], before[k], this.#widths[k]];
      this.lines.push(`bend(${this.#work}, ${parts.join(", ")});`);
      this.#fill(1, turned[k - 1]!, this.#widths[k - 1]!);
      this.#back(k - 1, turned[k]!, turned[k - 1]!);
    }
    const from = `${this.#work}.subarray(${turned[0]}, ${turned[0]! + inputs})`;
    this.lines.push(`curvatures${this.#wanted.number}.set(${from}, ${row * inputs});`);
  }

  #product(k: number, bias: number, from: number, to: number): void {
    const { inputs, outputs } = this.#network.layers[k]!;
    const parts = [this.#weights, this.#places.weights[k], bias, this.#work, from, inputs, to, outputs];
    this.lines.push(`forward(${parts.join(", ")});`);
  }

  #back(k: number, from: number, to: number): void {
    const { inputs, outputs } = this.#network.layers[k]!;
    const parts = [this.#weights, this.#places.weights[k], this.#work, from, outputs, to, inputs];
    this.lines.push(`backward(${parts.join(", ")});`);
  }

  #fill(value: number, from: number, count: number): void {
    this.lines.push(`${this.#work}.fill(${value}, ${from}, ${from + count});`);
  }

  #activate(name: ActivationName, layer: number): void {
    const { value, slope, curvature } = activations[name];
    const { wish, portable } = this.#wanted;
    const plain = plainActivations[name];
    const { values, slopes, bends } = this.#places;
    const from = values[layer]!;
    const put = (place: number, text: string) => `${this.#work}[k + ${place - from}] = ${text};`;
    const first = `${this.#work}[k] = `;
    const body: string[] = [];
    if (!wish.slopes) body.push(`${first}${portable ? `${value.name}(z)` : plain.value};`);
    else if (wish.rows.length === 0) {
      body.push(...(portable ? [`const [y, dy] = ${slope.name}(z);`] : plain.slope), `${first}y;`);
      body.push(put(slopes[layer]!, "dy"));
    } else {
      body.push(...(portable ? [`const [y, dy, ddy] = ${curvature.name}(z);`] : plain.slope), `${first}y;`);
      body.push(put(slopes[layer]!, "dy"), put(bends[layer]!, portable ? "ddy" : plain.curvature));
    }
    this.lines.push(
      `for (let k = ${from}; k < ${from + this.#widths[layer]!}; k++) {`,
      `  const z = ${this.#work}[k];`,
      ...body.map((line) => `  ${line}`),
      "}",
    );
  }
}
