import { print } from "../expr/print.ts";
import { type Equations, hamiltonEquations } from "../mechanics/equations.ts";
import { requireBound } from "../mechanics/layout.ts";
import { type Separation, separationOf } from "../mechanics/separate.ts";
import type { Model } from "../model.ts";
import { describeNetwork } from "../network.ts";
import { Preparation } from "./prepare.ts";
import type { Program } from "./program.ts";
import { schedule } from "./schedule.ts";
import type { Meta, Quantity, Source } from "./target.ts";

/** A longer formula is not repeated in what is emitted. */
const longestSource = 20_000;

/** Gathers what targets need of a model; each part is made when it is asked for. */
export function sourceOf(model: Model): Source {
  const equations = hamiltonEquations(model);
  let separation: Separation | undefined;
  let meta: Meta | undefined;
  const programs = new Map<Quantity, Program>();
  let preparation: Preparation | undefined;
  return {
    model,
    equations,
    get separation() {
      separation ??= separationOf(model);
      return separation;
    },
    get meta() {
      meta ??= metaOf(model, equations, this.separation);
      return meta;
    },
    program(quantity) {
      requireBound(model);
      let program = programs.get(quantity);
      if (!program) {
        const outputs = quantity === "hamiltonian" ? 1 : equations.layout.dimension;
        preparation ??= preparedFor(equations);
        program = schedule(equations.layout, equations[quantity], outputs, { networks: model.networks, preparation });
        programs.set(quantity, program);
      }
      return program;
    },
  };
}

/** Sees H, gradient and field in this order, so that programs do not depend on which is asked for first. */
function preparedFor(equations: Equations): Preparation {
  const preparation = new Preparation();
  for (const quantity of ["hamiltonian", "gradient", "field"] as const) {
    for (const { value } of equations[quantity]) preparation.prepare(value);
  }
  return preparation;
}

function metaOf(model: Model, { layout }: Equations, separation: Separation): Meta {
  const variables = [...model.coordinates, ...model.momenta];
  return {
    coordinates: model.coordinates.map(({ name }) => name),
    momenta: model.momenta.map(({ name }) => name),
    shapes: Object.fromEntries(
      variables.filter(({ shape }) => shape.length > 0).map(({ name, shape }) => [name, shape]),
    ),
    dimension: layout.dimension,
    parameters: parametersOf(model),
    separable: separation.separable,
    timeDependent: model.timeDependent,
    conservative: model.damping.length === 0 && model.forces.length === 0,
    ...(model.networks && { functions: functionsOf(model.networks) }),
    source: canonicalText(model),
  };
}

function functionsOf(networks: NonNullable<Model["networks"]>): Meta["functions"] {
  return Object.fromEntries([...networks].map(([name, network]) => [name, `network ${describeNetwork(network)}`]));
}

/** The defaults by name, as `meta` has them. */
export function parametersOf({ parameters }: Model): Meta["parameters"] {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value ?? null]));
}

function canonicalText({ hamiltonian, source }: Model): string {
  const text = source.length > longestSource ? source : print(hamiltonian);
  return text.length > longestSource ? `${text.slice(0, longestSource)} …` : text;
}
