import type { Op } from "../expr/ops.ts";
import { type Network, networkInputs } from "../network.ts";

/**
 * A kernel program: straight-line single-assignment code over double-precision scalars, with counted loops where the
 * formula has indexed sums. It is what the JavaScript and WebAssembly targets are written from: common sub-expressions
 * are computed once, whole powers are multiplications, sines and cosines of one argument come in pairs.
 *
 * Values are numbered densely; a value is visible in its block and in the loops inside it.
 */
export interface Program {
  /** Length of the output vector `out`. */
  readonly outputs: number;
  /** Whether `out` must be zero before: some entries are only added to. */
  readonly cleared: boolean;
  readonly body: readonly Statement[];
  /** How many value ids there are: 0 … values − 1. */
  readonly values: number;
  /** How many loop ids there are. */
  readonly loops: number;
}

export type ValueId = number;
export type LoopId = number;

export type Statement =
  | { readonly kind: "let"; readonly id: ValueId; readonly value: Value }
  | { readonly kind: "sincos"; readonly sin: ValueId; readonly cos: ValueId; readonly arg: ValueId }
  | NetworkCall
  /** Runs `body` for the loop's value from `lo` to `hi`, both included, without the values in `except`. */
  | {
      readonly kind: "loop";
      readonly loop: LoopId;
      readonly lo: Integer;
      readonly hi: Integer;
      readonly except: readonly Integer[];
      readonly body: readonly Statement[];
    }
  /** Declares a value that `accumulate` changes; it stands before the loop that does. */
  | { readonly kind: "accumulator"; readonly id: ValueId; readonly initial: 0 | 1 }
  | { readonly kind: "accumulate"; readonly id: ValueId; readonly op: "add" | "mul"; readonly value: ValueId }
  /** out[at] = value */
  | { readonly kind: "store"; readonly at: Integer; readonly value: ValueId }
  /** out[at] += value */
  | { readonly kind: "scatter"; readonly at: Integer; readonly value: ValueId };

/** A network at some arguments: its value, and those of its partial derivatives that are wanted, by one reverse sweep. */
export interface NetworkCall {
  readonly kind: "network";
  readonly network: Network;
  readonly args: readonly ValueId[];
  readonly value: ValueId | undefined;
  /** ∂/∂(argument k). */
  readonly slopes: readonly (ValueId | undefined)[];
  /** ∂²/∂(argument row)∂(argument k), row ≤ k, for the rows of which one is wanted. */
  readonly curvatures: readonly NetworkRow[];
}

export interface NetworkRow {
  readonly row: number;
  readonly entries: readonly (ValueId | undefined)[];
}

/** What is wanted of a network: its value; the slopes; rows of the matrix of second derivatives, each by a sweep of its own. */
export interface NetworkWish {
  readonly slopes: boolean;
  readonly rows: readonly number[];
}

export type Value =
  | { readonly kind: "const"; readonly value: number }
  /** x[at] */
  | { readonly kind: "state"; readonly at: Integer }
  | { readonly kind: "parameter"; readonly at: Integer }
  | { readonly kind: "time" }
  /** An index as a real number. */
  | { readonly kind: "integer"; readonly at: Integer }
  /** out[at], which is complete by then. */
  | { readonly kind: "output"; readonly at: Integer }
  | { readonly kind: "op"; readonly op: Op; readonly args: readonly ValueId[] };

/**
 * An integer: `offset + Σ factor·loop + Σ stride·edge`. Places in vectors are 0-based and flat; bounds of loops are in
 * the language's 1-based indices.
 */
export interface Integer {
  readonly offset: number;
  readonly terms: readonly { readonly loop: LoopId; readonly factor: number }[];
  readonly edges: readonly EdgePlace[];
}

/** A 1-based index `at` brought into 0 … length − 1, by wrapping around or by clamping. */
export interface EdgePlace {
  readonly at: Integer;
  readonly mode: "ring" | "clamp";
  readonly length: number;
  readonly stride: number;
}

/** The values that a statement other than a loop reads. */
export function usedBy(statement: Exclude<Statement, { kind: "loop" }>): readonly ValueId[] {
  switch (statement.kind) {
    case "let":
      return statement.value.kind === "op" ? statement.value.args : [];
    case "sincos":
      return [statement.arg, statement.arg];
    case "network":
      return statement.args;
    case "accumulator":
      return [];
    default:
      return [statement.value];
  }
}

export function wishOf({ slopes, curvatures }: NetworkCall): NetworkWish {
  const rows = curvatures.map(({ row }) => row);
  return { slopes: rows.length > 0 || slopes.some((id) => id !== undefined), rows };
}

/** How many numbers a wish is. */
export function resultsOf(network: Network, { slopes, rows }: NetworkWish): number {
  const inputs = networkInputs(network);
  return slopes ? 1 + inputs * (1 + rows.length) : 1;
}

/** The values that a call of a network may define, in the order of its results: value, slopes, rows of second derivatives. */
export function networkResults(call: NetworkCall): readonly (ValueId | undefined)[] {
  if (!wishOf(call).slopes) return [call.value];
  return [call.value, ...call.slopes, ...call.curvatures.flatMap(({ entries }) => entries)];
}

/** How many arithmetic operations a call of a network is; an activation counts once. */
export function networkOperations(call: NetworkCall): number {
  const { slopes, rows } = wishOf(call);
  const forward = call.network.layers.reduce((sum, { inputs, outputs }) => sum + (2 * inputs + 2) * outputs, 0);
  return forward * (1 + (slopes ? 1 : 0) + 2 * rows.length);
}

/** All calls of networks, those inside loops included. */
export function networkCalls(body: readonly Statement[]): NetworkCall[] {
  return body.flatMap((each) => {
    if (each.kind === "loop") return networkCalls(each.body);
    return each.kind === "network" ? [each] : [];
  });
}

/** How many arithmetic operations one run of the program does; a loop's body counts once. */
export function countOperations(program: Program): number {
  let total = 0;
  const stack = [...program.body];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.kind === "let") total += next.value.kind === "op" ? 1 : 0;
    else if (next.kind === "sincos") total += 2;
    else if (next.kind === "network") total += networkOperations(next);
    else if (next.kind === "accumulate" || next.kind === "scatter") total += 1;
    else if (next.kind === "loop") stack.push(...next.body);
  }
  return total;
}
