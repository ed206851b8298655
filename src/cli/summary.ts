import type { Compiled } from "../compile.ts";
import { print } from "../expr/print.ts";
import type { Model, Parameter, Variable } from "../model.ts";
import { columns } from "./help-layout.ts";

const longestFormula = 200;

/** What was understood of a model, for the person who typed it: H, pairing, parameters, separability, readings. */
export function summaryOf({ model, separable }: Compiled): string {
  const formula = print(model.hamiltonian);
  const rows: [string, string][] = [
    ["H", formula.length > longestFormula ? `${formula.slice(0, longestFormula)} …` : formula],
    ["pairs", pairsOf(model)],
    ["parameters", parametersOf(model)],
    ["T(p) + V(q)", separable ? "yes" : "no"],
    ...readingsOf(model).map((reading): [string, string] => ["read", reading]),
  ];
  return columns(rows);
}

/** How ambiguous parts were read; the pairing is told apart, with shapes and units. */
export function readingsOf({ readings }: Model): readonly string[] {
  return readings.filter((reading) => !reading.startsWith("coordinates and momenta:"));
}

/** `(q, p), (theta [rad], p_theta)` */
export function pairsOf({ coordinates, momenta }: Model): string {
  return coordinates.map((q, k) => `(${variable(q)}, ${variable(momenta[k]!)})`).join(", ");
}

/** `m = 1 kg, k = ?` */
export function parametersOf({ parameters }: Model): string {
  return parameters.map(parameter).join(", ") || "none";
}

function variable({ name, shape, unit }: Variable): string {
  const size = shape.length === 0 ? "" : `[${shape.join(", ")}]`;
  return `${name}${size}${unit === undefined ? "" : ` [${unit}]`}`;
}

function parameter({ name, value, unit }: Parameter): string {
  const shown = value === undefined ? "?" : typeof value === "number" ? String(value) : `[${value.join(", ")}]`;
  return `${name} = ${shown}${unit === undefined ? "" : ` ${unit}`}`;
}
