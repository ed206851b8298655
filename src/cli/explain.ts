import type { Compiled } from "../compile.ts";
import { print, printParenthesised } from "../expr/print.ts";
import { type InvariantCheck, verifyInvariant } from "../mechanics/invariant.ts";
import type { Separation } from "../mechanics/separate.ts";
import type { Model } from "../model.ts";
import { columns } from "./help-layout.ts";
import { pairsOf, parametersOf, readingsOf } from "./summary.ts";
import type { Terminal } from "./terminal.ts";

/** What `hnnc compile --explain` prints: how the text was read, the equations that follow, and what they are good for. */
export function explain(compiled: Compiled, style: Terminal["styleData"]): string {
  const { model, meta, separation } = compiled;
  const section = (title: string, body: string) => `${style("bold", title)}\n${body}`;
  const facts: [string, string][] = [
    ["H", print(model.hamiltonian)],
    ["read as", printParenthesised(model.hamiltonian)],
    ...readingsOf(model).map((reading): [string, string] => ["", reading]),
    ["pairs", pairsOf(model)],
    ["state", stateOf(compiled)],
    ["parameters", parametersOf(model)],
    ...Object.entries(meta.functions ?? {}).map(([name, says]): [string, string] => [name, `a ${says}`]),
    ["time", meta.timeDependent ? "H depends on t" : "H does not depend on t"],
  ];
  return [
    section("Reading", columns(facts)),
    section("Equations of motion", equationLines(compiled)),
    ...(model.invariants.length > 0 ? [section("Declared invariants", columns(invariantLines(model)))] : []),
    section("T(p) + V(q)", separationLines(separation)),
    section("Integrators", `  ${suitable(compiled)}`),
    section("Operations", `  ${operationLine(compiled)}`),
    ...(model.warnings.length > 0 ? [section("Warnings", model.warnings.map((line) => `  ${line}`).join("\n"))] : []),
  ]
    .join("\n\n")
    .concat("\n");
}

function stateOf({ model, meta }: Compiled): string {
  const names = [...model.coordinates, ...model.momenta].map(({ name, shape }) =>
    shape.length === 0 ? name : `${name}[${shape.join(", ")}]`,
  );
  return `x = [${names.join(", ")}], ${meta.dimension} numbers`;
}

function equationLines({ equations }: Compiled): string {
  return equations
    .map(
      ({ name, at, rate }) =>
        `  d${name}${at.length === 0 ? "" : `[${at.map((index) => (typeof index === "number" ? index : index.name)).join(", ")}]`}/dt = ${print(rate)}`,
    )
    .join("\n");
}

/** Each invariant with what its check found. */
function invariantLines(model: Model): [string, string][] {
  return model.invariants.flatMap(({ name, value }): [string, string][] => [
    [name, print(value)],
    ["", verdictOf(verifyInvariant(model, value))],
  ]);
}

function verdictOf(check: InvariantCheck): string {
  switch (check.verdict) {
    case "symbolic":
      return "conserved: its rate of change multiplies out to 0";
    case "numeric":
      return `conserved at ${check.points} random states, to ${check.worst.toExponential(0)} of its rate's terms`;
    case "violated": {
      const place = Object.entries(check.point).map(
        ([name, at]) => `${name} = ${typeof at === "number" ? at.toPrecision(3) : "…"}`,
      );
      return `NOT conserved: its rate is ${check.rate.toPrecision(3)} at ${place.join(", ")}`;
    }
    case "undecided":
      return "not decided: no random state gave finite numbers";
  }
}

function separationLines(separation: Separation): string {
  if (!separation.separable) return `  no: ${separation.reason}`;
  const { kinetic, potential, mass } = separation;
  const massMatrix =
    mass.kind === "none" ? mass.reason : mass.coupled ? "constant, couples momenta" : "constant, diagonal";
  return columns([
    ["T", print(kinetic)],
    ["V", print(potential)],
    ["mass matrix", massMatrix],
  ]);
}

/** The methods that keep what is to be kept: splitting needs T + V, implicit Gauss methods take any H. */
function suitable({ model, separation }: Compiled): string {
  if (model.damping.length > 0 || model.forces.length > 0) {
    return "energy is not kept (damping or force): any method, such as an adaptive Runge-Kutta one";
  }
  if (!separation.separable)
    return "implicit symplectic methods (implicit midpoint, Gauss); explicit splitting does not apply";
  const nystrom =
    separation.mass.kind === "constant" ? "; Runge-Kutta-Nyström ones too, as the mass matrix is constant" : "";
  return `explicit symplectic splitting (leapfrog, Yoshida)${nystrom}`;
}

function operationLine(compiled: Compiled): string {
  const { operations } = JSON.parse(compiled.emit("json")) as { operations: Readonly<Record<string, number>> | null };
  if (operations === null) return "none yet: an unknown function has no value";
  const counts = Object.entries(operations).map(([quantity, count]) => `${quantity} ${count}`);
  return `${counts.join(", ")}; the body of a loop counts once`;
}
