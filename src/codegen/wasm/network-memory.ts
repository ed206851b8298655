import { type DenseLayer, type Network, networkWidths } from "../../network.ts";
import type { ScratchPlaces } from "../network-scratch.ts";
import type { DataSegment } from "./encoder.ts";

/** Units are worked on four at a time, two vectors side by side: rows are filled up with zeros. */
const unitsAtOnce = 4;

/** How many units a row of so many holds. */
export const padded = (units: number): number => unitsAtOnce * Math.ceil(units / unitsAtOnce);

/** Addresses of a layer's numbers. */
export interface LayerPlaces {
  /** [inputs, padded outputs]. */
  readonly weights: number;
  /** [padded outputs]; zeros where the layer has none. */
  readonly biases: number;
  /** [outputs, padded inputs], for the way back. */
  readonly transposed: number;
}

/** Where a network stands in memory, in bytes. */
export interface NetworkPlaces {
  readonly layers: readonly LayerPlaces[];
  readonly scratch: ScratchPlaces;
}

/** The weights of a module's networks, and the scratch memory that one call needs. */
export interface NetworkMemory {
  readonly places: ReadonlyMap<Network, NetworkPlaces>;
  readonly segments: readonly DataSegment[];
  /** The first address behind the weights. */
  readonly end: number;
  readonly scratchBytes: number;
}

/** Lays out networks from an address on, which is a multiple of 64. */
export function placeNetworks(networks: Iterable<Network>, from: number): NetworkMemory {
  const places = new Map<Network, NetworkPlaces>();
  const numbers: Float64Array[] = [];
  let end = from;
  const put = (values: Float64Array): number => {
    numbers.push(values);
    end += values.byteLength;
    return end - values.byteLength;
  };
  let scratchBytes = 0;
  for (const network of networks) {
    if (places.has(network)) continue;
    const layers = network.layers.map((layer) => placeLayer(layer, put));
    const { bytes, scratch } = scratchOf(network);
    scratchBytes = Math.max(scratchBytes, bytes);
    places.set(network, { layers, scratch });
  }
  const segments = end === from ? [] : [{ address: from, bytes: bytesOf(numbers, end - from) }];
  return { places, segments, end, scratchBytes };
}

function placeLayer(
  { inputs, outputs, weights, biases }: DenseLayer,
  put: (values: Float64Array) => number,
): LayerPlaces {
  const [wide, high] = [padded(outputs), padded(inputs)];
  const rows = new Float64Array(inputs * wide);
  const columns = new Float64Array(outputs * high);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      rows[i * wide + o] = weights[i * outputs + o]!;
      columns[o * high + i] = weights[i * outputs + o]!;
    }
  }
  const constants = new Float64Array(wide);
  if (biases) constants.set(biases);
  return { weights: put(rows), biases: put(constants), transposed: put(columns) };
}

function scratchOf(network: Network): { bytes: number; scratch: ScratchPlaces } {
  const widths = networkWidths(network);
  let bytes = 0;
  const place = (units: number): number => {
    bytes += 8 * padded(units);
    return bytes - 8 * padded(units);
  };
  const [values, slopes] = [widths.map(place), widths.map(place)];
  const [bends, firsts, before, behind, turned] = [1, 2, 3, 4, 5].map(() => widths.map(place)) as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  return {
    bytes: 64 * Math.ceil(bytes / 64),
    scratch: { values, slopes, bends, firsts, before, behind, turned },
  };
}

function bytesOf(numbers: readonly Float64Array[], length: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const values of numbers) {
    for (const value of values) {
      view.setFloat64(at, value, true);
      at += 8;
    }
  }
  return new Uint8Array(view.buffer);
}
