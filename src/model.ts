import type { Affine, Binder } from "./expr/affine.ts";
import type { Expr } from "./expr/expr.ts";
import type { Network } from "./network.ts";

/** A coordinate or a momentum, scalar or an array of them. */
export interface Variable {
  readonly name: string;
  /** `[]` for a scalar, `[N]`, `[N, 3]`, … row-major. */
  readonly shape: readonly number[];
  /** Unit text as declared, e.g. `kg m^2/s`. */
  readonly unit?: string | undefined;
  readonly ring: boolean;
  /** The value past either end (`boundary q = 0`). */
  readonly boundary?: Expr | undefined;
}

/** A named constant of the model, with its default. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** The default, in the unit that was given; arrays row-major; `undefined` for `m = ?`, which the caller must give. */
  readonly value: number | readonly number[] | undefined;
  readonly unit?: string | undefined;
  /** Present if training may move it; bounds may be infinite. */
  readonly learn?: { readonly min: number; readonly max: number } | undefined;
}

/** `target[at] = value` for all values of the binders, as in `damping p = k` or `force p[i] = F_i`. */
export interface Assignment {
  readonly target: string;
  readonly at: readonly Affine[];
  readonly over: readonly Binder[];
  readonly value: Expr;
}

/** An unknown function, with the network that the text binds to it, if any (`V = nn(32, 32, tanh)`). */
export interface UnknownFunction {
  readonly name: string;
  readonly arity: number;
  readonly network?:
    | { readonly kind: string; readonly sizes: readonly number[]; readonly activation?: string | undefined }
    | undefined;
}

/**
 * What a model text says, parsed and resolved: the contract between the language and mechanics.
 *
 * The state is `[q1 … qn, p1 … pn]`: all coordinates in this order, arrays flattened row-major, then their momenta.
 */
export interface Model {
  readonly source: string;
  readonly hamiltonian: Expr;
  readonly coordinates: readonly Variable[];
  /** Paired with `coordinates` by position, of the same shapes. */
  readonly momenta: readonly Variable[];
  readonly parameters: readonly Parameter[];
  readonly timeDependent: boolean;
  /** Those that nothing stands behind yet. */
  readonly unknownFunctions: readonly UnknownFunction[];
  /**
   * Trained networks behind functions that the formula calls, by name: such a function is no longer unknown, and the
   * model can be evaluated. Absent in what a text says.
   */
  readonly networks?: ReadonlyMap<string, Network> | undefined;
  /** `damping p = k` adds −k ∂H/∂p to ṗ. */
  readonly damping: readonly Assignment[];
  /** `force p = F` adds F to ṗ. */
  readonly forces: readonly Assignment[];
  readonly invariants: readonly { readonly name: string; readonly value: Expr }[];
  /** `q(0) = 1`; arrays row-major. */
  readonly initial: ReadonlyMap<string, number | readonly number[]>;
  /** Whether quantities carry units. */
  readonly inUnits: boolean;
  /** How ambiguous or inferred parts were read: pairing, divisions, quantities. */
  readonly readings: readonly string[];
  readonly warnings: readonly string[];
}
