import { matmul, reshape } from "../graph/arrange.ts";
import { add, data, div, mul, neg } from "../graph/build.ts";
import type { Graph, GraphNode } from "../graph/graph.ts";
import { type LayerNodes, layersValue } from "../graph/network.ts";
import type { ActivationName, DenseLayer, Network } from "../network.ts";
import type { NetworkScaling } from "./normalisation.ts";
import type { ParameterDraft, ParameterSet, Part } from "./parameters.ts";

/** The layers of a fully connected network. */
export interface NetworkShape {
  readonly inputs: number;
  /** Units of the layers between; each is followed by the activation. */
  readonly hidden: readonly number[];
  readonly outputs: number;
  readonly activation: ActivationName;
  /** Default: numbers go in and come out as they are. */
  readonly scaling?: NetworkScaling | undefined;
}

/**
 * The parameters of a network: weights `[in, out]`, orthogonal at first, and biases `[out]`, uniform within 1/√in, for
 * all layers but the last, which has no bias (a constant does nothing to a gradient, and the paper's baseline has none
 * either; Greydanus, Dzamba, Yosinski, arXiv:1906.01563).
 *
 * @param prefix names them: `energy.weight1`, `energy.bias1`, …
 */
export function networkDrafts(prefix: string, shape: NetworkShape): ParameterDraft[] {
  const widths = widthsOf(shape);
  return widths.slice(1).flatMap((width, k): ParameterDraft[] => {
    const before = widths[k]!;
    const weight: ParameterDraft = {
      name: `${prefix}.weight${k + 1}`,
      shape: [before, width],
      initial: { kind: "orthogonal" },
    };
    const bias: ParameterDraft = {
      name: `${prefix}.bias${k + 1}`,
      shape: [width],
      initial: { kind: "uniform", bound: 1 / Math.sqrt(before) },
    };
    return k < widths.length - 2 ? [weight, bias] : [weight];
  });
}

/**
 * The value of a network.
 *
 * @param part gives the arrays that `networkDrafts` asks for
 * @param x `[B, inputs]`
 * @returns `[B, outputs]`
 */
export function networkValue(prefix: string, shape: NetworkShape, part: Part, x: GraphNode): GraphNode {
  const count = shape.hidden.length + 1;
  const layers = Array.from({ length: count }, (_, at) => {
    const k = at + 1;
    const bias = k < count ? part(`${prefix}.bias${k}`) : undefined;
    const scaled = scaledLayer(shape, k, { weight: part(`${prefix}.weight${k}`), bias });
    return { ...scaled, activation: k < count ? shape.activation : undefined };
  });
  return layersValue(layers, x);
}

type Layer = Omit<LayerNodes, "activation">;

/** Scaling is done to weights, which are fewer than activations: first layers take x as it is, last ones give H's size. */
function scaledLayer({ scaling, hidden }: NetworkShape, k: number, { weight, bias }: Layer): Layer {
  if (!scaling) return { weight, bias };
  const { graph } = weight;
  let [scaled, moved] = [weight, bias];
  if (k === 1) {
    scaled = div(scaled, column(graph, scaling.scale));
    if (scaling.shift.some((each) => each !== 0)) {
      const offset = matmul(reshape(column(graph, scaling.shift), [1, scaling.shift.length]), scaled);
      const flat = reshape(offset, [offset.shape[1]!]);
      moved = moved ? add(moved, neg(flat)) : neg(flat);
    }
  }
  if (k === hidden.length + 1 && scaling.output.some((each) => each !== 1)) {
    const output = data(graph, { kind: "values", values: scaling.output }, [scaling.output.length], "real");
    scaled = mul(scaled, output);
    if (moved) moved = mul(moved, output);
  }
  return { weight: scaled, bias: moved };
}

function column(graph: Graph, values: readonly number[]): GraphNode {
  return data(graph, { kind: "values", values }, [values.length, 1], "real");
}

/**
 * A network as it stands in a trained model: its scaling is inside its weights.
 *
 * @param vector all parameters of the model, `[count]`
 */
export function trainedNetwork(prefix: string, shape: NetworkShape, set: ParameterSet, vector: Float64Array): Network {
  const widths = widthsOf(shape);
  const layers = widths.slice(1).map((outputs, k): DenseLayer => {
    const isLast = k === shape.hidden.length;
    return {
      inputs: widths[k]!,
      outputs,
      weights: set.values(vector, `${prefix}.weight${k + 1}`),
      biases: isLast ? undefined : set.values(vector, `${prefix}.bias${k + 1}`),
      activation: isLast ? undefined : shape.activation,
    };
  });
  if (shape.scaling) {
    layers[0] = scaledInputs(layers[0]!, shape.scaling);
    layers[layers.length - 1] = scaledOutputs(layers.at(-1)!, shape.scaling);
  }
  return { layers: layers as [DenseLayer, ...DenseLayer[]] };
}

function scaledInputs(layer: DenseLayer, { shift, scale }: NetworkScaling): DenseLayer {
  const { outputs } = layer;
  const weights = layer.weights.map((value, at) => value / scale[Math.floor(at / outputs)]!);
  const biases = layer.biases?.slice() ?? new Float64Array(outputs);
  weights.forEach((value, at) => {
    biases[at % outputs]! -= shift[Math.floor(at / outputs)]! * value;
  });
  return { ...layer, weights, biases: layer.biases || shift.some((each) => each !== 0) ? biases : undefined };
}

function scaledOutputs(layer: DenseLayer, { output }: NetworkScaling): DenseLayer {
  const scaled = (values: Float64Array) => values.map((value, at) => value * output[at % layer.outputs]!);
  return { ...layer, weights: scaled(layer.weights), biases: layer.biases && scaled(layer.biases) };
}

function widthsOf({ inputs, hidden, outputs }: NetworkShape): readonly number[] {
  return [inputs, ...hidden, outputs];
}
