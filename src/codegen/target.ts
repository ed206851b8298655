import type { Precision } from "../graph/graph.ts";
import type { Equations } from "../mechanics/equations.ts";
import type { Separation } from "../mechanics/separate.ts";
import type { Model } from "../model.ts";
import type { Program } from "./program.ts";

/** What a module computes: H (one number), ∂H/∂x, or ẋ (2n numbers). */
export type Quantity = "hamiltonian" | "gradient" | "field";

/** What an emitted module says of itself in `meta`. Names stand in the state's order. */
export interface Meta {
  readonly coordinates: readonly string[];
  readonly momenta: readonly string[];
  /** Shapes of the coordinates and momenta that are arrays. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** 2n. */
  readonly dimension: number;
  /** Defaults in base units where the model has units; `null` where the caller must give a value. */
  readonly parameters: Readonly<Record<string, number | readonly number[] | null>>;
  /** H = T(p) + V(q), so that explicit symplectic methods apply. */
  readonly separable: boolean;
  readonly timeDependent: boolean;
  /** Without damping and forces: ẋ = [∂H/∂p, −∂H/∂q]. */
  readonly conservative: boolean;
  /** What stands behind functions that the formula calls: `{ N: "network 2-64-64-1, tanh" }`; absent where it calls none. */
  readonly functions?: Readonly<Record<string, string>> | undefined;
  /** The formula in canonical form. */
  readonly source: string;
}

/** A compiled Hamiltonian as targets see it. */
export interface Source {
  readonly model: Model;
  readonly equations: Equations;
  readonly separation: Separation;
  readonly meta: Meta;
  /** The kernel program of a quantity; made on first use. */
  program(quantity: Quantity): Program;
}

/** Options that targets understand; each target says which in its `options`. */
export interface EmitOptions {
  /** tfjs: the module that is imported as TensorFlow.js. Default `@tensorflow/tfjs`. */
  readonly import?: string | undefined;
  /** js: elementary functions of our own, with the same bits on every machine and in strict WASM. Default false. */
  readonly portable?: boolean | undefined;
  /** wasm: relaxed-SIMD fused multiply-add; faster, bits differ between machines. Default false. */
  readonly fma?: boolean | undefined;
  /** onnx: the type of its numbers. Default f64. */
  readonly dtype?: Precision | undefined;
}

/** What a target produces. A binary one may come with the text of a loader module. */
export type Artifact =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer>; readonly loader?: string | undefined };

/** A place to compile to: one object, one file, one line in the registry. */
export interface Target {
  readonly name: string;
  /** One line for `hnnc targets`. */
  readonly description: string;
  /** Of the file that is written, without the dot. */
  readonly extension: string;
  readonly options: readonly (keyof EmitOptions)[];
  /** Deterministic: the same source and options give the same artifact in every process. */
  emit(source: Source, options: EmitOptions): Artifact;
}
