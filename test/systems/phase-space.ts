import { gradient } from "../../src/expr/differentiate.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { entryNames, type Layout, layoutOf } from "../../src/mechanics/layout.ts";
import type { Model } from "../../src/model.ts";
import { parseModel } from "../../src/parser/parse.ts";
import type { System } from "../../src/systems/system.ts";

/** A system as functions of a flat state, by the reference interpreter alone. */
export interface PhaseSpace {
  readonly model: Model;
  readonly layout: Layout;
  readonly hamiltonian: (x: readonly number[], t?: number) => number;
  /** ∂H/∂x by symbolic differentiation. */
  readonly gradient: (x: readonly number[], t?: number) => number[];
  /** ẋ = [∂H/∂p, −∂H/∂q], without damping and forces. */
  readonly hamiltonianField: (x: readonly number[], t?: number) => number[];
  /** The value of any expression over the model's names. */
  readonly value: (e: Expr, x: readonly number[], t?: number) => number;
}

export function phaseSpace(system: System): PhaseSpace {
  const model = parseModel(system.model);
  const layout = layoutOf(model);
  const parameters = Object.fromEntries(model.parameters.map(({ name, value }) => [name, value!]));
  const value = (e: Expr, x: readonly number[], t = 0) => evaluate(e, { ...parameters, ...named(layout, x), t });
  const derivatives = gradient(model.hamiltonian, [...layout.state.values()].flatMap(entryNames));
  const gradientAt = (x: readonly number[], t = 0) => derivatives.map((derivative) => value(derivative, x, t));
  return {
    model,
    layout,
    value,
    hamiltonian: (x, t) => value(model.hamiltonian, x, t),
    gradient: gradientAt,
    hamiltonianField: (x, t) => {
      const dH = gradientAt(x, t);
      const n = layout.degreesOfFreedom;
      return [...dH.slice(n), ...dH.slice(0, n).map((force) => -force)];
    },
  };
}

function named({ state }: Layout, x: readonly number[]): Record<string, number | readonly number[]> {
  return Object.fromEntries(
    [...state.values()].map(({ name, offset, shape, size }) => [
      name,
      shape.length === 0 ? x[offset]! : x.slice(offset, offset + size),
    ]),
  );
}
