import { type Matrix, matrix } from "../fit/matrix.ts";
import { reshape, slice, sum } from "../graph/arrange.ts";
import { constant, input } from "../graph/build.ts";
import { evaluateGraph } from "../graph/evaluate.ts";
import { gradient } from "../graph/gradient.ts";
import { createGraph, type GraphNode } from "../graph/graph.ts";
import { sizeOf } from "../graph/shape.ts";
import type { TrainableModel } from "../hnn/model.ts";
import { type NaturalUncertainty, naturalCoordinates } from "./natural-coordinates.ts";

/** How well data determine the physical constants of a fit. */
export interface ConstantErrors {
  /** The entries of constants in the order of the matrices: `k`, or `k[1]`, `k[2]`, … for arrays. */
  readonly names: readonly string[];
  /** By constant, row-major: infinite where the data do not determine it, NaN on a bound. */
  readonly standardErrors: Readonly<Record<string, Float64Array>>;
  readonly covariance: Matrix;
  /** Covariances over the product of standard errors. */
  readonly correlation: Matrix;
  /** Constants that can be changed together without any change in what is fitted. */
  readonly indistinguishable: readonly OpenCombination[];
  /** Entries that a bound keeps from moving on. */
  readonly atBound: readonly string[];
}

/** A combination that the data leave open. */
export interface OpenCombination {
  /** One that stands alone has no effect at all. */
  readonly names: readonly string[];
  /** How much each changes, in its unit; the first changes by 1. */
  readonly direction: readonly number[];
  /** The networks whose weights change with them. */
  readonly networks: readonly string[];
}

/**
 * Error bars of a model's physical constants from what least squares knows of its parameters.
 *
 * @param parameters `[count]`
 */
export function constantErrors(
  model: TrainableModel,
  parameters: Float64Array,
  { covariance, indistinguishable, atBound }: NaturalUncertainty,
): ConstantErrors | undefined {
  const entries = constantEntries(model, parameters);
  if (entries.length === 0) return undefined;
  const spread = covarianceOf(entries, covariance);
  const m = entries.length;
  const errors = Float64Array.from(entries, (_, i) => Math.sqrt(spread.data[i * m + i]!));
  const correlation = spread.data.map((value, at) => {
    const [i, j] = [Math.floor(at / m), at % m];
    return i === j ? 1 : value / (errors[i]! * errors[j]!);
  });
  const grouped = new Map<string, number[]>();
  entries.forEach(({ of }, k) => void grouped.set(of, [...(grouped.get(of) ?? []), errors[k]!]));
  return {
    names: entries.map(({ name }) => name),
    standardErrors: Object.fromEntries([...grouped].map(([of, values]) => [of, Float64Array.from(values)])),
    covariance: spread,
    correlation: { ...spread, data: correlation },
    indistinguishable: indistinguishable.flatMap((open) => openCombination(model, entries, open)),
    atBound: entries.filter(({ slopes }) => atBound.some((k) => slopes[k] !== 0)).map(({ name }) => name),
  };
}

interface Entry {
  readonly of: string;
  readonly name: string;
  /** ∂ entry / ∂ parameters in natural coordinates, [count]. */
  readonly slopes: Float64Array;
}

function constantEntries({ constants, parameters: set }: TrainableModel, parameters: Float64Array): Entry[] {
  const graph = createGraph();
  const leaf = input(graph, "parameters", [set.count]);
  const found = [...(constants?.(leaf) ?? [])];
  const each = found.flatMap(([of, node]) => {
    const size = sizeOf(node.shape);
    const flat = reshape(node, [size]);
    return Array.from({ length: size }, (_, k) => ({
      of,
      name: node.shape.length === 0 ? of : `${of}[${k + 1}]`,
      slopes: gradient(sum(slice(flat, 0, k, k + 1), [0]), [leaf])[0]!,
    }));
  });
  const nodes: GraphNode[] = [constant(graph, 0), ...each.map(({ slopes }) => slopes)];
  const values = evaluateGraph(nodes, { parameters }).slice(1);
  const scale = naturalCoordinates(set).slopes(parameters);
  return each.map((entry, k) => ({ ...entry, slopes: values[k]!.values.map((value, j) => value * scale[j]!) }));
}

/** J C Jᵀ, of the entries of C that count. */
function covarianceOf(entries: readonly Entry[], { data, columns }: Matrix): Matrix {
  const m = entries.length;
  const places = entries.map(({ slopes }) => [...slopes.keys()].filter((k) => slopes[k] !== 0));
  const out = matrix(m, m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      let total = 0;
      for (const k of places[i]!) {
        for (const l of places[j]!) total += entries[i]!.slopes[k]! * data[k * columns + l]! * entries[j]!.slopes[l]!;
      }
      out.data[i * m + j] = total;
    }
  }
  return out;
}

function openCombination(
  { parameters: { slices } }: TrainableModel,
  entries: readonly Entry[],
  { parameters, direction }: NaturalUncertainty["indistinguishable"][number],
): OpenCombination[] {
  const names: string[] = [];
  const changes: number[] = [];
  const networks = new Set<string>();
  parameters.forEach((k, at) => {
    const entry = entries.find(({ slopes }) => slopes[k] !== 0);
    if (entry) {
      names.push(entry.name);
      changes.push(entry.slopes[k]! * direction[at]!);
    } else {
      const { name } = slices.find(({ offset, size }) => offset <= k && k < offset + size)!;
      networks.add(name.slice(0, name.lastIndexOf(".")));
    }
  });
  if (names.length === 0) return [];
  return [{ names, direction: changes.map((change) => change / changes[0]!), networks: [...networks] }];
}
