import { type Network, networkInputs } from "../../network.ts";
import { activations } from "../elementary/activation.ts";
import type { Routine } from "../elementary/lanes.ts";
import { type Machine, type MachineUnit, type Wide, wideMachine } from "../ensemble/wide.ts";
import { type NetworkWish, resultsOf } from "../program.ts";
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
 * The function of a network for one state, (scratch, arguments …) → value, slopes …, rows …. It is vectorised over the
 * units of a layer, so that one trajectory is as fast as many.
 */
export function networkFunction(
  unit: MachineUnit,
  network: Network,
  places: NetworkPlaces,
  wish: NetworkWish,
): WasmFunction {
  const inputs = networkInputs(network);
  const numbers = (count: number) => new Array<"f64">(count).fill("f64");
  const f = new FunctionBuilder(["i32", ...numbers(inputs)], numbers(resultsOf(network, wish)));
  const writer = new NetworkWriter(wideMachine(f, unit, 2), wideMachine(f, unit, 1));
  const { values, slopes, firsts } = places.scratch;
  for (let k = 0; k < inputs; k++) {
    f.effect("f64.store", [scratch, 1 + k], memoryPlace(3, values[0]! + numberBytes * k));
  }
  goForward(writer, network, places, wish);
  const number = (at: number): Ref => f.read("f64.load", "f64", [scratch], memoryPlace(3, at));
  const row = (at: number): Ref[] => numbers(inputs).map((_, k) => number(at + numberBytes * k));
  const results = [number(values.at(-1)!)];
  if (wish.rows.length > 0) {
    goBackKeeping(writer, network, places);
    results.push(...row(firsts[0]!));
    for (const each of wish.rows) {
      turn(writer, network, places, each);
      results.push(...row(places.scratch.turned[0]!));
    }
  } else if (wish.slopes) {
    goBack(writer, network, places);
    results.push(...row(slopes[0]!));
  }
  return f.finish(results, "locals");
}

function goForward(writer: NetworkWriter, { layers }: Network, places: NetworkPlaces, wish: NetworkWish): void {
  const { values, slopes, bends } = places.scratch;
  layers.forEach(({ inputs, outputs, activation }, k) => {
    const { weights, biases } = places.layers[k]!;
    writer.product({ address: weights, rows: inputs, units: outputs }, values[k]!, values[k + 1]!, { start: biases });
    const at = k + 1;
    if (!activation) {
      // such as the last layer, whose one unit is the value
      if (wish.slopes) writer.fill(1, slopes[at]!, outputs);
      if (wish.rows.length > 0) writer.fill(0, bends[at]!, outputs);
      return;
    }
    const { value, slope, curvature } = activations[activation];
    const to = [values[at]!, slopes[at]!, bends[at]!];
    if (wish.rows.length > 0) writer.activate(curvature, outputs, values[at]!, to);
    else writer.activate(wish.slopes ? slope : value, outputs, values[at]!, to);
  });
}

/** From the value back to the arguments: each layer's slopes are a product with its transposed weights. */
function goBack(writer: NetworkWriter, { layers }: Network, { layers: addresses, scratch: at }: NetworkPlaces): void {
  for (let k = layers.length - 1; k >= 0; k--) {
    const { inputs, outputs } = layers[k]!;
    const columns = { address: addresses[k]!.transposed, rows: outputs, units: inputs };
    writer.product(columns, at.slopes[k + 1]!, at.slopes[k]!, { times: k > 0 });
  }
}

/** The same with f′ and the slopes with respect to values kept for second derivatives. */
function goBackKeeping(writer: NetworkWriter, { layers }: Network, { layers: addresses, scratch: at }: NetworkPlaces) {
  const last = layers.length;
  writer.fill(1, at.firsts[last]!, layers[last - 1]!.outputs);
  for (let k = last - 1; k >= 0; k--) {
    const { inputs, outputs } = layers[k]!;
    const columns = { address: addresses[k]!.transposed, rows: outputs, units: inputs };
    writer.product(columns, k + 1 === last ? at.slopes[last]! : at.turned[k + 1]!, at.firsts[k]!, {});
    if (k > 0) {
      writer.each(inputs, [at.firsts[k]!, at.slopes[k]!], at.turned[k]!, (l, [x, y]) => l.mul(x!, y!));
    }
  }
}

/** A row of second derivatives: a tangent along one argument goes forward, and how the slopes turn along it comes back. */
function turn(
  writer: NetworkWriter,
  { layers }: Network,
  { layers: addresses, scratch: at }: NetworkPlaces,
  row: number,
): void {
  const last = layers.length;
  writer.unitVector(at.behind[0]!, layers[0]!.inputs, row);
  layers.forEach(({ inputs, outputs }, k) => {
    const rows = { address: addresses[k]!.weights, rows: inputs, units: outputs };
    writer.product(rows, at.behind[k]!, at.before[k + 1]!, {});
    if (k + 1 < last) {
      const parts = [at.slopes[k + 1]!, at.before[k + 1]!];
      writer.each(outputs, parts, at.behind[k + 1]!, (l, [x, y]) => l.mul(x!, y!));
    }
  });
  writer.fill(0, at.turned[last]!, layers[last - 1]!.outputs);
  for (let k = last; k > 0; k--) {
    const { inputs, outputs } = layers[k - 1]!;
    const parts = [at.turned, at.slopes, at.firsts, at.bends, at.before].map((places) => places[k]!);
    // e·a + g·b·z
    writer.each(outputs, parts, at.turned[k]!, (l, [e, a, g, b, z]) => l.madd(e!, a!, l.mul(l.mul(g!, b!), z!)));
    const columns = { address: addresses[k - 1]!.transposed, rows: outputs, units: inputs };
    writer.product(columns, at.turned[k]!, at.turned[k - 1]!, {});
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
    this.#loop(units, (load, store) => {
      routine.body(this.#two.lanes, load(from)).forEach((values, result) => void store(to[result]!, values));
    });
  }

  /** to = rule(from …), unit by unit. */
  each(
    units: number,
    from: readonly number[],
    to: number,
    rule: (lanes: Machine["lanes"], values: readonly Wide[]) => Wide,
  ): void {
    this.#loop(units, (load, store) => store(to, rule(this.#two.lanes, from.map(load))));
  }

  fill(value: number, to: number, units: number): void {
    this.#loop(units, (_load, store) => store(to, this.#two.lanes.constant(value)));
  }

  /** 1 at an argument's place and 0 at the others. */
  unitVector(to: number, units: number, at: number): void {
    this.fill(0, to, units);
    const one = this.#one.lanes.constant(1)[0]!;
    this.#f.effect("v128.store64_lane", [scratch, one], [...memoryPlace(3, to + numberBytes * at), 0]);
  }

  /** Goes through units four at a time, in two vectors side by side. */
  #loop(units: number, body: (load: (from: number) => Wide, store: (to: number, values: Wide) => void) => void): void {
    const f = this.#f;
    const at = (base: number, k: number): number[] => memoryPlace(3, base + vectorBytes * k);
    const place = f.variable(scratch);
    const end = this.#add(scratch, f.i32(numberBytes * padded(units)));
    const load = (from: number): Wide => [0, 1].map((k) => f.read("v128.load", "v128", [place], at(from, k)));
    const store = (to: number, values: Wide): void =>
      values.forEach((value, k) => {
        f.effect("v128.store", [place, value], at(to, k));
      });
    f.loop(() => {
      body(load, store);
      f.assign(place, this.#add(place, f.i32(2 * vectorBytes)));
      return f.pure("i32.lt_u", "i32", [place, end]);
    });
  }

  #add(a: Ref, b: Ref): Ref {
    return this.#f.pure("i32.add", "i32", [a, b]);
  }
}

/**
 * The function of a network for a pair of states, (scratch, vectors …) → vectors …, by the function for one of them;
 * equal states, as of a trajectory that fills both lanes, are computed once.
 */
export function pairFunction(one: number, network: Network, wish: NetworkWish): WasmFunction {
  const inputs = networkInputs(network);
  const results = resultsOf(network, wish);
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
