import { HnncError } from "../errors.ts";
import { reshape, slice } from "../graph/arrange.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { ConstantRange } from "./constant-range.ts";
import { type Initial, initialValues } from "./initial.ts";

/** An array of parameters that a model asks for. */
export interface ParameterDraft {
  /** Unique in the model, such as `energy.weight1`. */
  readonly name: string;
  /** `[]` for one number. */
  readonly shape: readonly number[];
  readonly initial: Initial;
  /** Whether weight decay may act on it: not on physical constants. Default true. */
  readonly decays?: boolean;
  /** What physical constant each number stands for; absent where the numbers are the parameters themselves. */
  readonly range?: ConstantRange | undefined;
}

/** Where an array stands in the flat vector: entries `offset … offset + size − 1`, row-major. */
export interface ParameterSlice {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
  readonly decays: boolean;
  readonly range: ConstantRange | undefined;
}

/** The array of a name, cut out of a flat vector. */
export type Part = (name: string) => GraphNode;

/** All parameters of a model as one flat vector. */
export interface ParameterSet {
  /** In the order of the vector, without holes. */
  readonly slices: readonly ParameterSlice[];
  /** The length of the vector. */
  readonly count: number;
  /**
   * A vector to begin with, `[count]`.
   *
   * @throws HnncError `bad-seed` (usage)
   */
  initial(seed: number): Float64Array;
  /** Cuts a vector node, `[count]`, into arrays of the slices' shapes. */
  parts(vector: GraphNode): Part;
  /** The array of a name in a vector of numbers, row-major, as a copy. */
  values(vector: Float64Array, name: string): Float64Array;
}

/** Lays arrays one after the other. */
export function parameterSet(drafts: readonly ParameterDraft[]): ParameterSet {
  let count = 0;
  const slices = drafts.map(({ name, shape, decays = true, range }): ParameterSlice => {
    const offset = count;
    const size = shape.reduce((product, length) => product * length, 1);
    count += size;
    return { name, shape, offset, size, decays, range };
  });
  const byName = new Map(slices.map((each) => [each.name, each]));
  if (byName.size < slices.length) throw nameFault("two arrays of parameters have one name");
  const find = (name: string): ParameterSlice => {
    const found = byName.get(name);
    if (found) return found;
    throw nameFault(`there are no parameters \`${name}\``);
  };
  return {
    slices,
    count,
    initial: (seed) => {
      const vector = new Float64Array(count);
      slices.forEach((each, k) => {
        vector.set(initialValues(drafts[k]!.initial, each, seed), each.offset);
      });
      return vector;
    },
    parts: (vector) => (name) => {
      const { offset, size, shape } = find(name);
      return reshape(slice(vector, 0, offset, offset + size), shape);
    },
    values: (vector, name) => {
      const { offset, size } = find(name);
      return vector.slice(offset, offset + size);
    },
  };
}

function nameFault(message: string): HnncError {
  return new HnncError({ kind: "internal", code: "parameter-name", message });
}
