import { HnncError } from "../errors.ts";
import { toLatex } from "../expr/latex.ts";
import { print, printParenthesised } from "../expr/print.ts";
import { verifyInvariant } from "../mechanics/invariant.ts";
import { type EquationOfMotion, equationsOfMotion } from "../mechanics/motion.ts";
import type { Separation } from "../mechanics/separate.ts";
import type { Parameter, Variable } from "../model.ts";
import type { Network } from "../network.ts";
import { countOperations } from "./program.ts";
import type { Source, Target } from "./target.ts";

/** `--target json`: everything the compiler found out, under a versioned schema. */
export const json: Target = {
  name: "json",
  description: "the whole analysis as one JSON document",
  extension: "json",
  options: [],
  emit: (source) => ({ kind: "text", text: `${JSON.stringify(analyse(source), null, 2)}\n` }),
};

/** The schema's name: its number grows when a property is removed or changes its meaning. */
const analysisSchema = "hnnc/analysis@1";

/** The analysis as plain data; expressions are given as canonical text and as LaTeX. */
function analyse(source: Source): Record<string, unknown> {
  const { model, meta, separation } = source;
  return {
    schema: analysisSchema,
    source: model.source,
    hamiltonian: { ...written(model.hamiltonian), reading: printParenthesised(model.hamiltonian) },
    dimension: meta.dimension,
    coordinates: model.coordinates.map(describeVariable),
    momenta: model.momenta.map(describeVariable),
    parameters: model.parameters.map(describeParameter),
    initial: Object.fromEntries(model.initial),
    timeDependent: meta.timeDependent,
    conservative: meta.conservative,
    separable: separation.separable,
    separation: describeSeparation(separation),
    equations: equationsOfMotion(model).map(describeEquation),
    invariants: model.invariants.map(({ name, value }) => ({
      name,
      ...written(value),
      verdict: verifyInvariant(model, value).verdict,
    })),
    unknownFunctions: model.unknownFunctions,
    ...(model.networks && { networks: [...model.networks].map(describeLayers) }),
    operations: operationCounts(source),
    readings: model.readings,
    warnings: model.warnings,
  };
}

type Written = { readonly text: string; readonly latex: string };

function written(e: Parameters<typeof print>[0]): Written {
  return { text: print(e), latex: toLatex(e) };
}

function describeVariable({ name, shape, unit, ring, boundary }: Variable): Record<string, unknown> {
  return { name, shape, unit: unit ?? null, ring, boundary: boundary ? print(boundary) : null };
}

function describeParameter({ name, shape, value, unit, learn }: Parameter): Record<string, unknown> {
  const bounds = learn && { min: finite(learn.min), max: finite(learn.max) };
  return { name, shape, value: value ?? null, unit: unit ?? null, learn: bounds ?? null };
}

/** JSON has no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function describeEquation({ name, at, rate }: EquationOfMotion): Record<string, unknown> {
  return {
    name,
    indices: at.map((index) => (typeof index === "number" ? String(index) : index.name)),
    ...written(rate),
  };
}

function describeSeparation(separation: Separation): Record<string, unknown> {
  if (!separation.separable) return { reason: separation.reason };
  const { kinetic, potential, mass, kineticDependsOnTime, potentialDependsOnTime } = separation;
  const constantMass = mass.kind === "constant";
  return {
    kinetic: written(kinetic),
    potential: written(potential),
    constantMassMatrix: constantMass,
    coupledMomenta: constantMass ? mass.coupled : null,
    kineticDependsOnTime,
    potentialDependsOnTime,
  };
}

/** Sizes alone: weights are numbers by the ten thousand. */
function describeLayers([name, { layers }]: readonly [string, Network]): Record<string, unknown> {
  return {
    name,
    layers: layers.map(({ inputs, outputs, activation }) => ({ inputs, outputs, activation: activation ?? null })),
  };
}

/** Null where nothing can be computed by kernels: unknown functions have no value, networks no second derivative. */
function operationCounts(source: Source): Record<string, number> | null {
  if (source.model.unknownFunctions.length > 0 || !hasKernels(source)) return null;
  return {
    hamiltonian: countOperations(source.program("hamiltonian")),
    gradient: countOperations(source.program("gradient")),
    field: countOperations(source.program("field")),
  };
}

function hasKernels(source: Source): boolean {
  try {
    return source.program("field") !== undefined;
  } catch (error) {
    if (error instanceof HnncError && error.code === "network-derivative") return false;
    throw error;
  }
}
