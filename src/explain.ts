import { countOperations } from "./codegen/program.ts";
import type { Source } from "./codegen/target.ts";
import { print, printParenthesised } from "./expr/print.ts";
import { equationsOfMotion } from "./mechanics/equations.ts";
import type { Separation } from "./mechanics/separate.ts";
import type { Model, Parameter, Variable } from "./model.ts";

/**
 * How a model was understood: the reading in full parentheses, the pairing, the equations of motion, T(p) + V(q) or
 * why not, operation counts, and which integrators suit it. Plain text, a section a paragraph.
 */
export function explain(source: Source): string {
  const { model, separation } = source;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["reading", [`H = ${printParenthesised(model.hamiltonian)}`, ...model.readings]],
    ["state", stateLines(model)],
    ["parameters", model.parameters.map(parameterLine)],
    ["equations of motion", equationsOfMotion(model).map((each) => `${rateName(each)} = ${print(each.rate)}`)],
    ["invariants", model.invariants.map(({ name, value }) => `${name} = ${print(value)}`)],
    ["separation", separationLines(separation)],
    ["operations", operationLines(source)],
    ["integrators", [suitable(model, separation)]],
    ["warnings", model.warnings],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join("\n"))
    .join("\n\n");
}

function stateLines(model: Model): string[] {
  const pairs = model.coordinates.map((q, k) => `(${describe(q)}, ${describe(model.momenta[k]!)})`);
  return [
    `pairs: ${pairs.join(", ")}`,
    `x = [${[...model.coordinates, ...model.momenta].map(withShape).join(", ")}]`,
    `time: ${model.timeDependent ? "H depends on t" : "H does not depend on t"}`,
  ];
}

function withShape({ name, shape }: Variable | Parameter): string {
  return shape.length === 0 ? name : `${name}[${shape.join(",")}]`;
}

function describe(variable: Variable): string {
  return variable.unit === undefined ? withShape(variable) : `${withShape(variable)} [${variable.unit}]`;
}

function parameterLine(parameter: Parameter): string {
  const { value, unit, learn } = parameter;
  const shown = value === undefined ? "must be given" : typeof value === "number" ? String(value) : listOf(value);
  const bounds = learn ? ` (learnable${bounded(learn)})` : "";
  return `${withShape(parameter)} = ${shown}${unit === undefined ? "" : ` ${unit}`}${bounds}`;
}

function bounded({ min, max }: { readonly min: number; readonly max: number }): string {
  return Number.isFinite(min) || Number.isFinite(max) ? ` in [${min}, ${max}]` : "";
}

function listOf(values: readonly number[]): string {
  const shown = values.slice(0, 8).join(", ");
  return values.length > 8 ? `[${shown}, …]` : `[${shown}]`;
}

function rateName({ name, at }: { readonly name: string; readonly at: readonly { readonly name: string }[] }): string {
  return at.length === 0 ? `d${name}/dt` : `d${name}[${at.map((index) => index.name).join(",")}]/dt`;
}

function separationLines(separation: Separation): string[] {
  if (!separation.separable) return [`not T(p) + V(q): ${separation.reason}`];
  const { kinetic, potential, mass } = separation;
  const kind =
    mass.kind === "none"
      ? `the mass matrix is not constant: ${mass.reason}`
      : `constant mass matrix${mass.coupled ? ", momenta coupled" : ", diagonal"}`;
  return ["H = T(p) + V(q)", `T = ${print(kinetic)}`, `V = ${print(potential)}`, kind];
}

function operationLines(source: Source): string[] {
  if (source.model.unknownFunctions.length > 0) return ["not counted: an unknown function has no value yet"];
  const count = (quantity: "hamiltonian" | "gradient" | "field") => countOperations(source.program(quantity));
  return [
    `H ${count("hamiltonian")}, gradient ${count("gradient")}, field ${count("field")} (after common sub-expressions; a loop's body counts once)`,
  ];
}

function suitable(model: Model, separation: Separation): string {
  if (model.damping.length > 0)
    return "damped: nothing is conserved, Runge–Kutta methods such as Dormand–Prince suit it";
  if (separation.separable)
    return "explicit symplectic: leapfrog, Yoshida and Blanes–Moan splittings; Gauss–Legendre; Taylor";
  return "symplectic for any H: implicit midpoint, Gauss–Legendre, Tao's extended phase space; Taylor";
}
