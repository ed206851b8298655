import { type Network, networkInputs } from "../../network.ts";
import { activations } from "../elementary/activation.ts";
import type { Routine } from "../elementary/lanes.ts";
import { type Machine, type MachineUnit, wideMachine } from "../ensemble/wide.ts";
import type { WasmFunction } from "./encoder.ts";
import { FunctionBuilder } from "./function.ts";
import type { Ref } from "./instructions.ts";
import { memoryPlace } from "./lanes.ts";
import { type NetworkPlaces, padded } from "./network-memory.ts";

const [numberBytes, vectorBytes] = [8, 16];
/** Vectors of sums that are added up side by side, so that none waits for its last addition. */
const sumsAtOnce = 8;
/** The first parameter: the address of scratch memory. */
const scratch: Ref = 0;

/**
 * The function of a network for one state, (scratch, arguments …) → value, or value and slopes …. It is vectorised over
 * the units of a layer, so that one trajectory is as fast as many.
 */
export function networkFunction(
  unit: MachineUnit,
  network: Network,
  places: NetworkPlaces,
  wantsSlopes: boolean,
): WasmFunction {
  const inputs = networkInputs(network);
  const numbers = new Array<"f64">(inputs).fill("f64");
  const f = new FunctionBuilder(["i32", ...numbers], ["f64", ...(wantsSlopes ? numbers : [])]);
  const writer = new NetworkWriter(wideMachine(f, unit, 2), wideMachine(f, unit, 1));
  const { values, slopes } = places;
  for (let k = 0; k < inputs; k++) {
    f.effect("f64.store", [scratch, 1 + k], memoryPlace(3, values[0]! + numberBytes * k));
  }
  network.layers.forEach((layer, k) => {
    const { weights, biases } = places.layers[k]!;
    const rows = { address: weights, rows: layer.inputs, units: layer.outputs };
    writer.product(rows, values[k]!, values[k + 1]!, { start: biases });
    const routines = layer.activation && activations[layer.activation];
    if (routines) {
      const to = wantsSlopes ? [values[k + 1]!, slopes[k + 1]!] : [values[k + 1]!];
      writer.activate(wantsSlopes ? routines.slope : routines.value, layer.outputs, values[k + 1]!, to);
    }
  });
  if (wantsSlopes) goBack(writer, network, places);
  const number = (at: number): Ref => f.read("f64.load", "f64", [scratch], memoryPlace(3, at));
  const value = number(values.at(-1)!);
  const slopeRefs = wantsSlopes ? numbers.map((_, k) => number(slopes[0]! + numberBytes * k)) : [];
  return f.finish([value, ...slopeRefs], "locals");
}

/** From the value back to the arguments: each layer's slopes are a product with its transposed weights. */
function goBack(writer: NetworkWriter, { layers }: Network, { layers: addresses, slopes }: NetworkPlaces): void {
  if (!layers.at(-1)!.activation) writer.fillWithOnes(slopes.at(-1)!);
  for (let k = layers.length - 1; k >= 0; k--) {
    const { inputs, outputs } = layers[k]!;
    const columns = { address: addresses[k]!.transposed, rows: outputs, units: inputs };
    const isActivated = k > 0 && layers[k - 1]!.activation !== undefined;
    writer.product(columns, slopes[k + 1]!, slopes[k]!, { times: isActivated });
  }
}

/** A matrix in memory, [rows, padded units]. */
interface Matrix {
  readonly address: number;
  readonly rows: number;
  readonly units: number;
}

class NetworkWriter {
  readonly #two: Machine;
  readonly #one: Machine;
  readonly #f: FunctionBuilder;

  /** @param two writes for two vectors of units side by side, `one` for one */
  constructor(two: Machine, one: Machine) {
    this.#two = two;
    this.#one = one;
    this.#f = one.f;
  }

  /**
   * to = start + from · matrix, each sum from its start on and in the order of rows.
   *
   * @param start address of what sums begin with; none is 0
   * @param times whether `to` is multiplied by the sums
   */
  product(
    matrix: Matrix,
    from: number,
    to: number,
    { start, times = false }: { readonly start?: number; readonly times?: boolean },
  ): void {
    const f = this.#f;
    const columns = padded(matrix.units) / 2;
    const whole = Math.floor(columns / sumsAtOnce);
    const blockBytes = vectorBytes * sumsAtOnce;
    const block = (column: Ref, sums: number) => this.#block(matrix, column, sums, { from, to, start, times });
    if (whole === 1) block(f.i32(0), sumsAtOnce);
    if (whole > 1) {
      const column = f.variable(f.i32(0));
      f.loop(() => {
        block(column, sumsAtOnce);
        f.assign(column, this.#add(column, f.i32(blockBytes)));
        return f.pure("i32.lt_s", "i32", [column, f.i32(whole * blockBytes)]);
      });
    }
    const rest = columns - whole * sumsAtOnce;
    if (rest > 0) block(f.i32(whole * blockBytes), rest);
  }

  /** Some columns of a product, from the byte offset `column` on. */
  #block(
    { address, rows, units }: Matrix,
    column: Ref,
    sums: number,
    { from, to, start, times }: { from: number; to: number; start: number | undefined; times: boolean },
  ): void {
    const f = this.#f;
    const { lanes } = this.#one;
    const at = (base: number, k: number): number[] => memoryPlace(3, base + vectorBytes * k);
    const load = (place: Ref, base: number, k: number): Ref => f.read("v128.load", "v128", [place], at(base, k));
    const totals = Array.from({ length: sums }, (_, k) =>
      f.variable(start === undefined ? lanes.constant(0)[0]! : load(column, start, k)),
    );
    const entry = f.variable(scratch);
    const row = f.variable(column);
    const end = this.#add(scratch, f.i32(numberBytes * rows));
    f.loop(() => {
      const factor = f.read("v128.load64_splat", "v128", [entry], memoryPlace(3, from));
      totals.forEach((total, k) => {
        f.assign(total, lanes.madd([load(row, address, k)], [factor], [total])[0]!);
      });
      f.assign(entry, this.#add(entry, f.i32(numberBytes)));
      f.assign(row, this.#add(row, f.i32(numberBytes * padded(units))));
      return f.pure("i32.lt_u", "i32", [entry, end]);
    });
    const target = this.#add(scratch, column);
    totals.forEach((total, k) => {
      const value = times ? lanes.mul([total], [load(target, to, k)])[0]! : total;
      f.effect("v128.store", [target, value], at(to, k));
    });
  }

  /** Replaces units by what an activation makes of them: one array of results a place. */
  activate(routine: Routine, units: number, from: number, to: readonly number[]): void {
    const f = this.#f;
    const { lanes } = this.#two;
    const place = f.variable(scratch);
    const end = this.#add(scratch, f.i32(numberBytes * padded(units)));
    f.loop(() => {
      const z = [0, 1].map((k) => f.read("v128.load", "v128", [place], memoryPlace(3, from + vectorBytes * k)));
      routine.body(lanes, z).forEach((values, result) => {
        values.forEach((value, k) => {
          f.effect("v128.store", [place, value], memoryPlace(3, to[result]! + vectorBytes * k));
        });
      });
      f.assign(place, this.#add(place, f.i32(2 * vectorBytes)));
      return f.pure("i32.lt_u", "i32", [place, end]);
    });
  }

  /** The one number at `to` and its neighbour. */
  fillWithOnes(to: number): void {
    this.#f.effect("v128.store", [scratch, this.#one.lanes.constant(1)[0]!], memoryPlace(3, to));
  }

  #add(a: Ref, b: Ref): Ref {
    return this.#f.pure("i32.add", "i32", [a, b]);
  }
}

/**
 * The function of a network for a pair of states, (scratch, vectors …) → vectors …, by the function for one of them;
 * equal states, as of a trajectory that fills both lanes, are computed once.
 */
export function pairFunction(one: number, network: Network, wantsSlopes: boolean): WasmFunction {
  const inputs = networkInputs(network);
  const results = wantsSlopes ? 1 + inputs : 1;
  const [vectors, numbers] = [new Array<"v128">(inputs).fill("v128"), new Array<"f64">(results).fill("f64")];
  const f = new FunctionBuilder(["i32", ...vectors], new Array<"v128">(results).fill("v128"));
  const args = vectors.map((_, k) => 1 + k);
  const lane = (k: 0 | 1) => args.map((arg) => f.pure("f64x2.extract_lane", "f64", [arg], [k]));
  const first = lane(0);
  const splat = (number: Ref): Ref => f.pure("f64x2.splat", "v128", [number]);
  const out = f.call(one, [scratch, ...first], numbers, true).map((number) => f.variable(splat(number)));
  const differing = args.map((arg, k) =>
    f.pure("v128.not", "v128", [f.pure("i64x2.eq", "v128", [arg, splat(first[k]!)])]),
  );
  const anywhere = differing.reduce((all, each) => f.pure("v128.or", "v128", [all, each]));
  f.when(f.pure("v128.any_true", "i32", [anywhere]), () => {
    f.call(one, [scratch, ...lane(1)], numbers, true).forEach((number, k) => {
      f.assign(out[k]!, f.pure("f64x2.replace_lane", "v128", [out[k]!, number], [1]));
    });
  });
  return f.finish(out, "locals");
}
