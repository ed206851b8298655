import { createRequire } from "node:module";
import type { layers, Tensor } from "@tensorflow/tfjs";
import { type Compiled, compile } from "../compile.ts";
import { HnncError } from "../errors.ts";
import { lowerEquations, overStateVector } from "../graph/equations.ts";
import type { GraphNode } from "../graph/graph.ts";
import type { Tf } from "./tfjs-operations.ts";
import { TfjsProgram } from "./tfjs-run.ts";

/** What a layer gives of a batch of states `[B, 2n]`: H `[B, 1]`, ∂H/∂x or ẋ `[B, 2n]`. */
export type LayerOutput = "hamiltonian" | "gradient" | "field";

/** Options of `hamiltonianLayer`. */
export interface HamiltonianLayerOptions {
  /** The TensorFlow.js that the model is built with. Default: `@tensorflow/tfjs`. */
  readonly tf?: Tf | undefined;
  /** Default `field`. */
  readonly output?: LayerOutput | undefined;
  /** The parameters that become weights of the layer. Default: those that the formula marks with `learn`. */
  readonly trainable?: readonly string[] | undefined;
  readonly name?: string | undefined;
}

/** What a saved tfjs model holds of a layer; weights are saved beside it. */
interface LayerConfig {
  readonly formula: string;
  readonly parameters: Readonly<Record<string, number | readonly number[]>>;
  readonly output: LayerOutput;
  readonly trainable: readonly string[];
}

/**
 * A compiled Hamiltonian as a layer of TensorFlow.js: `[B, 2n]` in, `field`, `gradient` or `hamiltonian` out, its
 * learned parameters being weights. Derivatives with respect to states are explicit operations, so that training
 * through it takes first-order gradients only. A model that holds it is saved and loaded as usual, once this function
 * has been called for the same `tf` in the process that loads it.
 *
 * @throws HnncError `unknown-parameter` (usage); `unknown-function` (formula) where H calls a function that is not bound
 * @example
 * const layer = hamiltonianLayer(compile("p^2/(2 m) + k q^2/2; m = 0.5; k = 1 learn"), { tf });
 * const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [2] }), layer] });
 */
export function hamiltonianLayer(compiled: Compiled, options: HamiltonianLayerOptions = {}): layers.Layer {
  const tf = options.tf ?? (createRequire(import.meta.url)("@tensorflow/tfjs") as Tf);
  const { output = "field", name } = options;
  const { model, meta } = compiled;
  const trainable = options.trainable ?? model.parameters.filter(({ learn }) => learn).map((each) => each.name);
  if (meta.timeDependent) {
    throw new HnncError({
      kind: "usage",
      code: "time-dependent",
      message: "a layer takes states alone, and this H depends on time",
      hint: "compile it to the target tfjs, whose `field(x, params, t)` takes the time",
    });
  }
  const unknown = trainable.find((each) => !Object.hasOwn(meta.parameters, each));
  if (unknown !== undefined) {
    throw new HnncError({
      kind: "usage",
      code: "unknown-parameter",
      message: `the formula has no parameter \`${unknown}\``,
      notes: [`parameters: ${Object.keys(meta.parameters).join(" ") || "none"}`],
    });
  }
  const parameters = Object.fromEntries(Object.entries(meta.parameters).filter(([, value]) => value !== null));
  const config = { formula: model.source, parameters, output, trainable } as LayerConfig;
  return new (layerClass(tf))({ ...config, ...(name !== undefined && { name }) }, compiled);
}

interface LayerClass {
  new (config: LayerConfig & { readonly name?: string }, compiled?: Compiled): layers.Layer;
}

const classes = new WeakMap<object, LayerClass>();

/** The class belongs to one TensorFlow.js: layers of another would not know its tensors. */
function layerClass(tf: Tf): LayerClass {
  const known = classes.get(tf.layers);
  if (known) return known;
  const made = makeClass(tf);
  classes.set(tf.layers, made);
  return made;
}

function makeClass(tf: Tf): LayerClass {
  class HamiltonianLayer extends tf.layers.Layer {
    static className = "HnncHamiltonian";
    readonly #config: LayerConfig;
    readonly #compiled: Compiled;
    readonly #evaluation: Evaluation;

    constructor({ formula, parameters, output, trainable, ...rest }: LayerConfig, compiled?: Compiled) {
      super(rest);
      this.#config = { formula, parameters, output, trainable };
      this.#compiled = compiled ?? compile(formula, { parameters });
      this.#evaluation = evaluationOf(tf, this.#compiled, output);
    }

    override build(inputShape: number[]): void {
      const { dimension } = this.#compiled.meta;
      if (inputShape.at(-1) !== dimension) {
        throw new RangeError(`states have ${dimension} entries, not ${inputShape.at(-1)}`);
      }
      for (const name of this.#config.trainable) {
        const shape = this.#evaluation.parameters.get(name)!.shape as number[];
        this.addWeight(name, shape, "float32", startingAt(tf, valuesOf(this.#compiled, name), shape));
      }
      super.build(inputShape);
    }

    override computeOutputShape(inputShape: number[]): number[] {
      return [inputShape[0]!, this.#config.output === "hamiltonian" ? 1 : this.#compiled.meta.dimension];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      return tf.tidy(() => {
        const weights = this.#config.trainable.map((name, k): [string, Tensor] => [name, this.weights[k]!.read()]);
        return this.#evaluation.run(x, new Map(weights));
      });
    }

    override getConfig() {
      return Object.assign(super.getConfig(), this.#config);
    }
  }
  tf.serialization.registerClass(HamiltonianLayer as never);
  return HamiltonianLayer as unknown as LayerClass;
}

type Initializer = ReturnType<Tf["initializers"]["zeros"]>;

function startingAt(tf: Tf, values: readonly number[], shape: readonly number[]): Initializer {
  const apply = () => tf.tensor([...values], [...shape]);
  return { apply, getClassName: () => "Values", getConfig: () => ({ values: [...values] }) } as unknown as Initializer;
}

interface Evaluation {
  readonly parameters: ReadonlyMap<string, GraphNode>;
  run(x: Tensor, weights: ReadonlyMap<string, Tensor>): Tensor;
}

function evaluationOf(tf: Tf, compiled: Compiled, output: LayerOutput): Evaluation {
  const equations = lowerEquations(compiled.model);
  const over = overStateVector(equations);
  const program = new TfjsProgram(tf, [over[output]]);
  return {
    parameters: equations.parameters,
    run(x, weights) {
      const batch = x.shape[0]!;
      const inputs = new Map<GraphNode, Tensor>([
        [over.x, x],
        [equations.t, tf.scalar(0)],
      ]);
      for (const [name, leaf] of equations.parameters) {
        inputs.set(leaf, weights.get(name) ?? tf.tensor(valuesOf(compiled, name), leaf.shape as number[]));
      }
      const [value] = program.run(inputs, batch) as [Tensor];
      return output === "hamiltonian" ? tf.reshape(value, [batch, 1]) : value;
    },
  };
}

/** The default of a parameter, row-major. */
function valuesOf({ meta }: Compiled, name: string): number[] {
  const value = meta.parameters[name];
  if (typeof value === "number") return [value];
  if (value) return [...value];
  throw new HnncError({
    kind: "usage",
    code: "missing-parameter",
    message: `the parameter \`${name}\` has no value to begin with`,
    hint: `compile(formula, { parameters: { ${name}: 1 } })`,
  });
}
