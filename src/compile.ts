import { type Kernels, loadKernel } from "./codegen/load.ts";
import { sourceOf } from "./codegen/source.ts";
import type { Artifact, EmitOptions, Meta, Source } from "./codegen/target.ts";
import { type BinaryTargetName, isTargetName, type TargetName, targets } from "./codegen/targets.ts";
import { HnncError } from "./errors.ts";
import { toLatex } from "./expr/latex.ts";
import { type EquationOfMotion, equationsOfMotion } from "./mechanics/motion.ts";
import { withParameters } from "./mechanics/parameters.ts";
import type { Separation } from "./mechanics/separate.ts";
import { checkUnits, inBaseUnits } from "./mechanics/units.ts";
import type { Model } from "./model.ts";
import { parseModel } from "./parser/parse.ts";

/** Anything that holds a model text: a system of the catalogue, for one. */
export interface ModelText {
  readonly model: string;
}

/** Options of `compile`. */
export interface CompileOptions {
  /** New defaults for parameters, in base units where the model has units. */
  readonly parameters?: Readonly<Record<string, number | readonly number[]>> | undefined;
}

/** A compiled Hamiltonian: it runs in this process, explains itself, and is written out by `emit`. */
export interface Compiled extends Kernels {
  readonly model: Model;
  /** What targets and integrators are compiled from. */
  readonly source: Source;
  readonly meta: Meta;
  /** Hamilton's equations as expressions, one a state variable. */
  readonly equations: readonly EquationOfMotion[];
  /** Whether H = T(p) + V(q). */
  readonly separable: boolean;
  /** The parts, or the term that mixes coordinates and momenta. */
  readonly separation: Separation;
  /** H in LaTeX. */
  readonly latex: string;
  /** The text of a module, or the bytes of a wasm or onnx one. */
  emit(target: BinaryTargetName, options?: EmitOptions): Uint8Array<ArrayBuffer>;
  emit(target: Exclude<TargetName, BinaryTargetName>, options?: EmitOptions): string;
  emit(target: TargetName, options?: EmitOptions): string | Uint8Array<ArrayBuffer>;
  /** The same with what accompanies it: a wasm module's loader. */
  artifact(target: string, options?: EmitOptions): Artifact;
}

/**
 * Compiles a Hamiltonian: text → parse → units → equations → kernels.
 *
 * @param input a formula or model text, or a system of the catalogue
 * @throws HnncError kind `formula` or `limit`, with the place in the text and the fix; kind `usage` for parameters that
 *   the model lacks or that have another shape
 * @example
 * const pendulum = compile("p^2/2 - cos(q)");
 * pendulum.field([0, 1]); // Float64Array [1, -0]
 */
export function compile(input: string | ModelText, options: CompileOptions = {}): Compiled {
  return compileModel(readModel(input, options));
}

/** Compiles a model that is read already, or that was learned. */
export function compileModel(model: Model): Compiled {
  return compiled(sourceOf(model));
}

/**
 * What a text says, in base units.
 *
 * @throws HnncError as `compile` does
 */
export function readModel(input: string | ModelText, options: CompileOptions = {}): Model {
  const parsed = parseModel(textOf(input));
  const [contradiction] = checkUnits(parsed).errors;
  if (contradiction) throw contradiction;
  return withParameters(inBaseUnits(parsed), options.parameters ?? {});
}

/** Callers without types may give anything, such as a misspelt `systems.keplr`. */
function textOf(input: string | ModelText | undefined): string {
  const text = typeof input === "string" ? input : input?.model;
  if (typeof text === "string") return text;
  throw new HnncError({
    kind: "usage",
    code: "not-a-model",
    message: `a Hamiltonian is text or a system of the catalogue, not ${input === null ? "null" : typeof input}`,
    hint: 'compile("p^2/2 - cos(q)"), or compile(systems.pendulum)',
  });
}

/** Each part is made when it is first asked for, and then is a plain property: calls of `field` cost nothing extra. */
function compiled(source: Source): Compiled {
  const { model } = source;
  const result = {
    model,
    source,
    artifact: (target: string, options: EmitOptions = {}) => emitWith(source, target, options),
    emit: (target: TargetName, options: EmitOptions = {}) => {
      const made = emitWith(source, target, options);
      return made.kind === "text" ? made.text : made.bytes;
    },
  };
  for (const quantity of ["hamiltonian", "gradient", "field"] as const) {
    define(result, quantity, () => loadKernel(source, quantity));
  }
  define(result, "meta", () => source.meta);
  define(result, "separation", () => source.separation);
  define(result, "separable", () => source.separation.separable);
  define(result, "equations", () => equationsOfMotion(model));
  define(result, "latex", () => toLatex(model.hamiltonian));
  return result as typeof result & Compiled;
}

function emitWith(source: Source, target: string, options: EmitOptions): Artifact {
  if (!isTargetName(target)) {
    throw new HnncError({
      kind: "usage",
      code: "unknown-target",
      message: `there is no target \`${target}\``,
      notes: [`targets: ${Object.keys(targets).join(" ")}`],
    });
  }
  return targets[target].emit(source, options);
}

function define(target: object, name: string, make: () => unknown): void {
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = make();
      Object.defineProperty(target, name, { value, enumerable: true });
      return value;
    },
  });
}
