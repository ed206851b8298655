import { HnncError, type Span } from "../errors.ts";
import type { Expr } from "../expr/expr.ts";
import type { Assignment, Model, Parameter, Variable } from "../model.ts";
import {
  type Dimension,
  dimensionless,
  formatDimension,
  isDimensionless,
  knownDimension,
  timesPower,
  unifier,
  unknownDimension,
} from "./dimension.ts";
import { type DimensionScope, dimensionsOf, requireAlike, unitError } from "./dimension-rules.ts";
import { parseUnit, toBase, type Unit } from "./unit.ts";
import { baseUnits } from "./unit-table.ts";

/** The unit of one coordinate, momentum or parameter. */
export interface QuantityUnit {
  readonly name: string;
  /** In base units, e.g. `kg m^2/s` or `dimensionless`; undefined where the formula leaves it open. */
  readonly unit: string | undefined;
  /** Whether the text declares it; otherwise it was inferred. */
  readonly declared: boolean;
}

/** What a check of units found. */
export interface UnitReport {
  /** Coordinates, momenta, parameters, in this order. Empty for a model without units. */
  readonly quantities: readonly QuantityUnit[];
  /** The unit of H, in base units. */
  readonly hamiltonian: string | undefined;
  /** Contradictions, code `unit`, in the order in which the formula meets them. */
  readonly errors: readonly HnncError[];
}

/**
 * Checks the dimensions of a model in units: of every sum, comparison and function argument; [H]·[t] = [q]·[p] for
 * every pair (H need not be an energy); [force] = [p]/[t], [damping] = [p]/[q], boundaries as their vectors.
 *
 * Numbers, and parameters given as bare numbers, are dimensionless; 0 is 0 in any unit. A coordinate or momentum without
 * a declared unit, an unknown function and a parameter `m = ?` are unknown and solved for. `t` is in seconds, unless all
 * units of the model are dimensionless (`theta [rad]`): then so is the time.
 *
 * A model without units is not looked at, and mathjs is not loaded.
 *
 * @throws HnncError code `unit` where unit text cannot be read; contradictions are returned, not thrown
 */
export function checkUnits(model: Model): UnitReport {
  if (!model.inUnits) return { quantities: [], hamiltonian: undefined, errors: [] };
  const units = declaredUnits(model);
  const strict = infer(model, units, false);
  if (strict.errors.length === 0) return strict;
  const hint = missingUnits(infer(model, units, true), model.parameters);
  if (hint === undefined) return strict;
  return { ...strict, errors: strict.errors.map((error) => unitError(error.message, hint)) };
}

/**
 * The model with its values in base units (kg, m, s, A, K, cd, mol; angles in rad): `l = 50 cm` becomes 0.5, and so do
 * the bounds of `learn` and initial values of variables declared in other units. Readings say what was converted.
 * A model whose units are all coherent, or without units, keeps its numbers.
 */
export function inBaseUnits(model: Model): Model {
  if (!model.inUnits) return model;
  const units = declaredUnits(model);
  const readings: string[] = [];
  const parameters = model.parameters.map((parameter) => {
    const unit = units.get(parameter.name);
    return unit && unit.factor !== 1 ? convertParameter(parameter, unit, readings) : parameter;
  });
  const initial = new Map(model.initial);
  const convertVariable = (variable: Variable): Variable => {
    const unit = units.get(variable.name);
    if (!unit || unit.factor === 1) return variable;
    const base = unitText(unit);
    const start = initial.get(variable.name);
    if (start !== undefined) initial.set(variable.name, convert(start, unit));
    readings.push(`\`${variable.name}\` is computed in ${base}, not ${variable.unit}`);
    return { ...variable, unit: base };
  };
  const coordinates = model.coordinates.map(convertVariable);
  const momenta = model.momenta.map(convertVariable);
  return { ...model, coordinates, momenta, parameters, initial, readings: [...model.readings, ...readings] };
}

function convertParameter(parameter: Parameter, unit: Unit, readings: string[]): Parameter {
  const { name, value, learn } = parameter;
  const base = unitText(unit);
  const converted = value === undefined ? undefined : convert(value, unit);
  const given = typeof value === "number" ? `\`${name} = ${value} ${parameter.unit}\`` : `\`${name}\``;
  readings.push(
    typeof converted === "number"
      ? `${given} is computed as ${converted} ${base}`
      : `${given} is computed in ${base}, not ${parameter.unit}`,
  );
  const bounds = learn && { min: toBase(learn.min, unit.factor), max: toBase(learn.max, unit.factor) };
  return { ...parameter, value: converted, unit: base, ...(bounds && { learn: bounds }) };
}

function convert(value: number | readonly number[], unit: Unit): number | readonly number[] {
  return typeof value === "number" ? toBase(value, unit.factor) : value.map((entry) => toBase(entry, unit.factor));
}

function unitText(unit: Unit): string {
  const dimension = knownDimension(unit.exponents);
  return isDimensionless(dimension) ? "rad" : formatDimension(dimension);
}

/** The declared units by name. */
function declaredUnits(model: Model): ReadonlyMap<string, Unit> {
  const units = new Map<string, Unit>();
  for (const { name, unit } of [...model.coordinates, ...model.momenta, ...model.parameters]) {
    if (unit !== undefined) units.set(name, parseDeclared(unit, model.source));
  }
  return units;
}

/** Reads a declared unit; an error points into the model text where the unit stands there once. */
function parseDeclared(text: string, source: string): Unit {
  try {
    return parseUnit(text);
  } catch (error) {
    const at = source.indexOf(text);
    if (!(error instanceof HnncError) || !error.span || at < 0 || source.indexOf(text, at + 1) >= 0) throw error;
    const span: Span = { start: at + error.span.start, end: at + error.span.end };
    const { kind, code, message, hint } = error;
    throw new HnncError({ kind, code, message, hint, span, source });
  }
}

/** One pass of inference; `open` leaves parameters that are bare numbers unknown, to find out which unit they lack. */
function infer(model: Model, units: ReadonlyMap<string, Unit>, open: boolean): UnitReport {
  const errors: HnncError[] = [];
  const quantities = new Map<string, Dimension>();
  const scope: DimensionScope = { quantities, unifier: unifier(), report: (error) => errors.push(error) };
  const time = knownDimension(baseUnits.map((unit) => (unit === "s" && !isNatural(units) ? 1 : 0)));
  quantities.set("t", time);
  for (const { name } of [...model.coordinates, ...model.momenta]) quantities.set(name, unknownDimension(name));
  for (const { name, value } of model.parameters) {
    quantities.set(name, value === undefined || open ? unknownDimension(name) : dimensionless);
  }
  for (const [name, unit] of units) quantities.set(name, knownDimension(unit.exponents));
  const [energy] = dimensionsOf([model.hamiltonian], scope);
  checkPairs(model, energy!, time, scope);
  checkStatements(model, time, scope);
  const unitOf = (dimension: Dimension): string | undefined => {
    const resolved = scope.unifier.resolve(dimension);
    return resolved.unknown.size === 0 ? formatDimension(resolved) : undefined;
  };
  return {
    quantities: [...model.coordinates, ...model.momenta, ...model.parameters].map(({ name }) => ({
      name,
      unit: unitOf(quantities.get(name)!),
      declared: units.has(name),
    })),
    hamiltonian: unitOf(energy!),
    errors,
  };
}

function isNatural(units: ReadonlyMap<string, Unit>): boolean {
  return [...units.values()].every((unit) => isDimensionless(knownDimension(unit.exponents)));
}

/** [H]·[t] = [q]·[p]. */
function checkPairs(model: Model, energy: Dimension, time: Dimension, scope: DimensionScope): void {
  const { quantities, unifier: known } = scope;
  const words = (dimension: Dimension): string => formatDimension(known.resolve(dimension));
  model.coordinates.forEach(({ name: q }, at) => {
    const p = model.momenta[at]!.name;
    const action = timesPower(energy, time, 1);
    const area = timesPower(quantities.get(q)!, quantities.get(p)!, 1);
    requireAlike(action, area, scope, () =>
      unitError(
        `[H]·[t] is ${words(action)} and [${q}]·[${p}] is ${words(area)}: they must be the same`,
        `\`${p}\` must be in ${words(timesPower(action, quantities.get(q)!, -1))} for H in ${words(energy)} and \`${q}\` in ${words(quantities.get(q)!)}`,
      ),
    );
  });
}

/** Forces, dampings and boundaries against what they act on, and invariants within themselves. */
function checkStatements(model: Model, time: Dimension, scope: DimensionScope): void {
  const coordinateOf = new Map(model.momenta.map(({ name }, at) => [name, model.coordinates[at]!.name]));
  const checkRole = (value: Expr, what: string, expected: Dimension): void => {
    const [actual] = dimensionsOf([value], scope);
    const words = (dimension: Dimension): string => formatDimension(scope.unifier.resolve(dimension));
    requireAlike(actual!, expected, scope, () =>
      unitError(`${what} is ${words(actual!)} but must be ${words(expected)}`, `give it the unit ${words(expected)}`),
    );
  };
  const per = (target: string, divisor: Dimension): Dimension => timesPower(scope.quantities.get(target)!, divisor, -1);
  const isMomentum = ({ target }: Assignment): boolean => coordinateOf.has(target);
  for (const force of model.forces.filter(isMomentum)) {
    checkRole(force.value, `the force on \`${force.target}\``, per(force.target, time));
  }
  for (const damping of model.damping.filter(isMomentum)) {
    const q = scope.quantities.get(coordinateOf.get(damping.target)!)!;
    checkRole(damping.value, `the damping of \`${damping.target}\``, per(damping.target, q));
  }
  for (const { name, boundary } of [...model.coordinates, ...model.momenta]) {
    if (boundary) checkRole(boundary, `the boundary of \`${name}\``, scope.quantities.get(name)!);
  }
  dimensionsOf(
    model.invariants.map(({ value }) => value),
    scope,
  );
}

/** Names the parameters given as bare numbers that would make the model consistent if they had a unit. */
function missingUnits(open: UnitReport, parameters: readonly Parameter[]): string | undefined {
  if (open.errors.length > 0) return undefined;
  const bare = new Set(
    parameters.filter(({ value, unit }) => value !== undefined && unit === undefined).map(({ name }) => name),
  );
  const missing = open.quantities.filter(
    ({ name, unit }) => bare.has(name) && unit !== undefined && unit !== "dimensionless",
  );
  if (missing.length === 0) return undefined;
  const fitting = missing.map(({ name, unit }) => `\`${name}\` in ${unit}`).join(", ");
  return `a bare number is dimensionless; it would fit with ${fitting}`;
}
