import type { GenerationPlan, GenerationReport } from "../simulation/generate.ts";
import type { CompiledArgument } from "./compile-argument.ts";
import { columns } from "./help-layout.ts";
import { duration } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** A training set that was made. */
export interface Generated {
  readonly plan: GenerationPlan;
  readonly report: GenerationReport;
  readonly output: string | undefined;
  readonly milliseconds: number;
  readonly argument: CompiledArgument;
  /** Whether it is one that a publication made. */
  readonly asPublished: boolean;
}

/** What `--json` prints. */
export function generationDocument({ plan, report, output, milliseconds }: Generated): object {
  const { from, to, points, t, noise, split, header } = plan;
  const { rows, testing, leastEnergy, mostEnergy, energyError, diverged, steps } = report;
  return {
    files: [output],
    trajectories: to - from,
    first: from,
    points,
    t,
    rows,
    method: report.method,
    reason: report.reason,
    steps,
    noise,
    ...(split.test > 0 && { split: { ...split, training: rows - testing, testing } }),
    ...(rows > 0 && { energy: { least: leastEnergy, most: mostEnergy, error: energyError } }),
    diverged: diverged.map(({ trajectory, time, reason }) => ({ trajectory, t: time, reason })),
    provenance: header.provenance,
    milliseconds,
  };
}

/** What a person is told. */
export function tellGeneration(generated: Generated, terminal: Terminal): void {
  const { plan, report, output, milliseconds, argument } = generated;
  for (const warning of argument.compiled.model.warnings) {
    terminal.message(`${terminal.styleMessage("yellow", "warning:")} ${warning}`);
  }
  const rows: [string, string][] = [
    ["made", madeTold(generated)],
    ["method", `${plan.method}: ${plan.reason}`],
    ...(report.rows > 0 ? [["energy", energyTold(report)] as [string, string]] : []),
    ["noise", noiseTold(plan)],
    ["split", splitTold(plan, report)],
  ];
  terminal.message(columns(rows));
  if (output !== undefined) terminal.message(`wrote ${output}: ${report.rows} rows in ${duration(milliseconds)}`);
}

function madeTold({ plan, argument, asPublished }: Generated): string {
  const { trajectories, points, t, from, to, header } = plan;
  const shard = header.provenance.shard;
  const part = shard ? `, of which ${to - from} here: shard ${shard.index} of ${shard.count}` : "";
  const { arxiv } = argument.system?.source ?? {};
  const as = asPublished ? `, as published${arxiv === undefined ? "" : ` (arXiv:${arxiv})`}` : "";
  return `${trajectories} trajectories of ${points} rows, t from ${t[0]} to ${t[1]}${as}${part}`;
}

function energyTold({ leastEnergy, mostEnergy, energyError }: GenerationReport): string {
  const range = `H from ${short(leastEnergy)} to ${short(mostEnergy)}`;
  return energyError === undefined ? range : `${range}, kept within ${energyError.toPrecision(2)} on each trajectory`;
}

function noiseTold({ noise, header }: GenerationPlan): string {
  if (noise === 0) return "none";
  const sigma =
    typeof noise === "number"
      ? `σ = ${noise}`
      : Object.entries(noise)
          .map(([name, value]) => `σ(${name}) = ${value}`)
          .join(", ");
  return `normal, ${sigma}, on states alone: H${header.derivatives ? " and derivatives are" : " is"} of the true states`;
}

function splitTold({ split, trajectories }: GenerationPlan, { rows, testing }: GenerationReport): string {
  const { test, by = "run", which = "random" } = split;
  if (test === 0) return "none";
  const count = Math.round(test * (by === "run" ? trajectories : rows));
  const what = by === "run" ? "trajectories" : "rows";
  const chosen = which === "random" ? `${count} ${what} at random` : `the ${which} ${count} ${what}`;
  return `${chosen} for testing: ${rows - testing} rows train, ${testing} test`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
