import type { Meta } from "../../src/codegen/target.ts";
import { print } from "../../src/expr/print.ts";
import { layoutOf } from "../../src/mechanics/layout.ts";
import type { Model } from "../../src/model.ts";

/** The `meta` of a model that was made without the pipeline. */
export function metaOf(model: Model): Meta {
  const variables = [...model.coordinates, ...model.momenta];
  return {
    coordinates: model.coordinates.map(({ name }) => name),
    momenta: model.momenta.map(({ name }) => name),
    shapes: Object.fromEntries(
      variables.filter(({ shape }) => shape.length > 0).map(({ name, shape }) => [name, shape]),
    ),
    dimension: layoutOf(model).dimension,
    parameters: Object.fromEntries(model.parameters.map(({ name, value }) => [name, value ?? null])),
    separable: false,
    conservative: model.damping.length === 0 && model.forces.length === 0,
    timeDependent: model.timeDependent,
    source: print(model.hamiltonian),
  };
}
