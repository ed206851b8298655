import { type EquationsGraph, lowerEquations } from "../graph/equations.ts";
import type { GraphNode, NodeOf } from "../graph/graph.ts";
import { reach } from "../graph/graph.ts";
import { sizeOf } from "../graph/shape.ts";
import { dataLiteral, headerLines, metaLiteral, stringLiteral } from "./names.ts";
import type { Meta, Source, Target } from "./target.ts";
import { tfjsBody } from "./tfjs/body.ts";
import { helperTexts, type TfjsHelper } from "./tfjs/definitions.ts";
import { type IndexArray, indexHelpers, indexStatements } from "./tfjs/indices.ts";

/**
 * A TensorFlow.js module: `hamiltonian`, `gradient` and `field` of a batch of states, as explicit operations. The
 * derivatives are written out, so that differentiating *through* `field` asks TensorFlow.js for first-order gradients
 * only; its second-order ones are wrong for many operations (tensorflow/tfjs#3252).
 */
export const tfjs: Target = {
  name: "tfjs",
  description: "TensorFlow.js module: batched, differentiable, trainable (f32)",
  extension: "mjs",
  options: ["import"],
  emit: ({ model, meta }: Source, options) => {
    const text = tfjsModule(lowerEquations(model), meta, options.import ?? "@tensorflow/tfjs");
    return { kind: "text", text };
  },
};

/** The text of the module. */
export function tfjsModule(equations: EquationsGraph, meta: Meta, from: string): string {
  const { hamiltonian, gradient, field } = equations;
  const module = new TfjsModule(equations, meta);
  const { dimension, conservative } = meta;
  const rates = conservative ? "[dH/dp, -dH/dq]" : "[dH/dp, -dH/dq - damping*dH/dp + force]";
  const functions = [
    module.function("hamiltonian", hamiltonian, "H of each state.", "tf.Tensor1D} H, [B]"),
    module.function("gradient", gradient, "dH/dx of each state.", `tf.Tensor2D} [dH/dq, dH/dp], [B, ${dimension}]`),
    module.function(
      "field",
      field,
      "The rate of change of each state.",
      `tf.Tensor2D} dx/dt = ${rates}, [B, ${dimension}]`,
    ),
  ];
  const sections = [
    [...headerLines(meta).map((line) => `// ${line}`), "// x is a batch of states, [B, 2n]; computed in float32"].join(
      "\n",
    ),
    `import * as tf from ${stringLiteral(from)};`,
    `export const meta = ${metaLiteral(meta)};`,
    ...module.arrayText(),
    ...functions,
    ...module.supportText(meta),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** What the functions of one module share: helpers, constant arrays, parameters. */
class TfjsModule {
  readonly #equations: EquationsGraph;
  readonly #dimension: number;
  readonly #helpers = new Set<TfjsHelper>();
  readonly #arrays = new Map<GraphNode, IndexArray>();
  readonly #parameters: ReadonlyMap<string, string>;

  constructor(equations: EquationsGraph, { dimension }: Meta) {
    this.#equations = equations;
    this.#dimension = dimension;
    const names = [...equations.parameters.values()].map((leaf, k) => [leaf.attributes.name, `k${k + 1}`] as const);
    this.#parameters = new Map(names);
  }

  function(name: string, output: GraphNode, says: string, returns: string): string {
    const body = tfjsBody(output, [...this.#equations.state.values()], {
      helper: (helper) => {
        this.#helpers.add(helper);
        return helper;
      },
      array: (node) => this.#array(node),
      input: (leaf) => this.#parameters.get(leaf) ?? leaf,
    });
    const lines = [
      "x = states(x);",
      ...this.#parameterLine(output),
      ...(body.usesBatch ? ["const batch = x.shape[0];"] : []),
      ...body.statements,
      `return ${body.result};`,
    ];
    return `/**
 * ${says}
 *
 * @param {tf.Tensor2D} x states, [B, ${this.#dimension}]
 * @param {Parameters} [params] what differs from the defaults in meta.parameters
 * @param {number | tf.Scalar} [t] the time
 * @returns {${returns}
 */
export function ${name}(x, params = {}, t = 0) {
  return tf.tidy(() => {
${lines.map((line) => `    ${line}`).join("\n")}
  });
}`;
  }

  /** Names for the parameters that are used; the others are still checked. */
  #parameterLine(output: GraphNode): string[] {
    if (this.#parameters.size === 0) return ["parameters(params);"];
    const used = new Set<GraphNode>(reach([output]));
    const leaves = [...this.#equations.parameters.values()];
    const names = leaves.map((leaf) => (used.has(leaf) ? this.#parameters.get(leaf.attributes.name)! : ""));
    while (names.at(-1) === "") names.pop();
    return [names.length === 0 ? "parameters(params);" : `const [${names.join(", ")}] = parameters(params);`];
  }

  #array(node: NodeOf<"data">): string {
    let array = this.#arrays.get(node);
    if (!array) {
      const name = `${node.dtype === "int32" ? "index" : "data"}${this.#arrays.size + 1}`;
      array = { name, source: node.attributes.source, dtype: node.dtype, size: sizeOf(node.shape) };
      this.#arrays.set(node, array);
    }
    return array.name;
  }

  /** Called after the functions are written: only then is it known which arrays they use. */
  arrayText(): string[] {
    const arrays = [...this.#arrays.values()];
    for (const helper of indexHelpers(arrays)) this.#helpers.add(helper);
    if (arrays.length === 0) return [];
    const isWeights = ({ source }: IndexArray) => source.kind === "values";
    const groups: [string, IndexArray[]][] = [
      ["// which entries the terms of the sums take", arrays.filter((array) => !isWeights(array))],
      ["// weights of networks", arrays.filter(isWeights)],
    ];
    return groups.filter(([, own]) => own.length > 0).map(([says, own]) => [says, ...indexStatements(own)].join("\n"));
  }

  supportText(meta: Meta): string[] {
    const shapes = [...this.#equations.parameters.values()].map(({ shape }) => shape);
    return [...helperTexts(this.#helpers), statesText(meta), parametersText(dataLiteral(shapes))];
  }
}

function statesText({ dimension }: Meta): string {
  return `function states(x) {
  if (Array.isArray(x)) x = tf.tensor2d(x);
  if (x.shape.length !== 2 || x.shape[1] !== ${dimension}) {
    throw new RangeError(\`x must be a tensor of shape [B, ${dimension}], got [\${x.shape.join(", ")}]\`);
  }
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}`;
}

function parametersText(shapes: string): string {
  return `/** @typedef {Record<string, number | number[] | tf.Tensor>} Parameters numbers, arrays, tensors or variables */

/** The parameters in the order of meta.parameters. */
function parameters(given) {
  const shapes = ${shapes};
  const known = Object.keys(meta.parameters);
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) {
      throw new RangeError(\`unknown parameter \${name}; the parameters are: \${known.join(", ") || "none"}\`);
    }
  }
  return known.map((name, k) => {
    const value = (Object.hasOwn(given, name) ? given[name] : null) ?? meta.parameters[name];
    if (value === null) throw new RangeError(\`parameter \${name} must be given\`);
    if (typeof value === "number") return shapes[k].length === 0 ? value : tf.fill(shapes[k], value);
    const isPlain = Array.isArray(value) || ArrayBuffer.isView(value);
    const tensor = isPlain ? tf.tensor(value) : value;
    const size = shapes[k].reduce((product, length) => product * length, 1);
    if (tensor.size !== size) throw new RangeError(\`parameter \${name} needs \${size} numbers, got \${tensor.size}\`);
    return tf.reshape(tensor, shapes[k]);
  });
}`;
}
