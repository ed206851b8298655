import { lowerEquations, overStateVector } from "../graph/equations.ts";
import { writeModel } from "./onnx/program.ts";
import type { Source, Target } from "./target.ts";

/**
 * An ONNX model with the outputs `hamiltonian` [B], `gradient` and `field` [B, 2n] of a batch of states `x` [B, 2n]. The
 * time `t` is an input where H depends on it. Parameters are inputs `params.NAME`; those with a value need not be given,
 * and are fixed in runtimes that do not replace initializers, such as onnxruntime-node: compile with `--param` for those.
 */
export const onnx: Target = {
  name: "onnx",
  description: "ONNX model: batches of states in f64 or f32, for any ONNX runtime",
  extension: "onnx",
  options: ["dtype"],
  emit: (source, { dtype = "f64" }) => ({ kind: "bytes", bytes: onnxModel(source, dtype) }),
};

function onnxModel({ model, meta, equations: { layout } }: Source, precision: "f32" | "f64"): Uint8Array<ArrayBuffer> {
  const equations = lowerEquations(model);
  const { x, hamiltonian, gradient, field } = overStateVector(equations);
  const { parameters, t } = equations;
  const names = new Map([...parameters].map(([name, leaf]) => [leaf.attributes.name, `params.${name}`]));
  const defaults = Object.entries(meta.parameters).flatMap(([name, value]): [string, readonly number[]][] => {
    if (value === null) return [];
    const { size } = layout.parameters.get(name)!;
    return [[`params.${name}`, typeof value === "number" ? new Array<number>(size).fill(value) : value]];
  });
  const also = [x, ...parameters.values(), ...(meta.timeDependent ? [t] : [])];
  return writeModel(
    { hamiltonian, gradient, field },
    {
      precision,
      defaults: Object.fromEntries(defaults),
      metadata: { hnnc: JSON.stringify(meta) },
      inputName: (name) => names.get(name) ?? name,
    },
    also,
  ).bytes;
}
