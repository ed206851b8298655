import type { Compiled } from "../compile.ts";
import { column, columnNames, type Dataset, stateAt, stateNames } from "../data/dataset.ts";
import type { KindChoice } from "../picture/kinds.ts";
import type { SimulationPlan } from "../simulate.ts";
import type { EventFormula } from "../simulation/event-formula.ts";
import type { EventRecord, SimulationReport } from "../simulation/options.ts";
import { type EnergyAccount, energyLine } from "./energy-account.ts";
import { columns } from "./help-layout.ts";
import { type OutsideAccount, outsideLine } from "./outside-follower.ts";
import { duration } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { trajectoryTable } from "./trajectory-table.ts";

/** All that there is to tell of a simulation. */
export interface Told {
  readonly plan: SimulationPlan;
  readonly compiled: Compiled;
  readonly report: SimulationReport;
  readonly kept: Dataset | undefined;
  /** Whether `kept` holds every row. */
  readonly whole: boolean;
  readonly rows: number;
  readonly energy: EnergyAccount | undefined;
  readonly milliseconds: number;
  readonly files: readonly string[];
  readonly events: readonly EventFormula[];
  /** Of trained models: how much of it went where they were not trained. */
  readonly outside?: OutsideAccount | undefined;
}

interface Wishes {
  readonly output: string | undefined;
  readonly picture: boolean;
  readonly kind?: KindChoice;
}

const mostEvents = 12;
/** Rows of a document without a file. */
const mostRows = 200_000;

/**
 * Tells a person about a simulation. A table and a picture go to standard output where that is a terminal; the picture
 * goes to standard error where rows took its place.
 */
export async function tellSimulation(told: Told, wishes: Wishes, terminal: Terminal): Promise<void> {
  const { kept, plan, files, rows } = told;
  const shown = terminal.dataIsShown && wishes.output === undefined;
  if (kept && shown) await terminal.data(`${trajectoryTable(kept, terminal.size.columns, plan.trajectories)}\n\n`);
  if (kept && wishes.picture) {
    const picture = await pictureOf(told, wishes, shown, terminal);
    if (shown) await terminal.data(`${picture}\n`);
    else if (picture !== "") terminal.message(picture.trimEnd());
  }
  terminal.message(columns(linesOf(told)));
  const warning = told.outside && outsideLine(told.outside);
  if (warning !== undefined) terminal.message(`${terminal.styleMessage("yellow", "warning:")} ${warning}`);
  for (const file of files) {
    const what =
      file === wishes.output
        ? `${rows} rows in ${plan.trajectories} ${plan.trajectories === 1 ? "run" : "runs"}`
        : "the picture";
    terminal.message(`wrote ${file}: ${what}`);
  }
}

/** What cannot be drawn, such as a single row, is no reason to fail. */
async function pictureOf(
  { kept, compiled }: Told,
  { kind }: Wishes,
  color: boolean,
  terminal: Terminal,
): Promise<string> {
  const { terminalPlot } = await import("../picture/terminal.ts");
  const size = { columns: Math.min(100, terminal.size.columns), rows: 20 };
  const colored = color && terminal.styleData("red", "x") !== "x";
  try {
    return await terminalPlot(kept!, { kind, model: compiled, color: colored, ...size });
  } catch {
    return "";
  }
}

function linesOf({ report, energy, compiled, milliseconds, events }: Told): [string, string][] {
  const conserved = compiled.meta.conservative && !compiled.meta.timeDependent;
  return [
    ["method", `${report.method}: ${report.reason}`],
    ["work", workTold(report, milliseconds)],
    ...(energy ? [["energy", energyLine(energy, conserved)] as [string, string]] : []),
    ...eventLines(report.events, events, compiled),
  ];
}

function workTold({ steps, dt, evaluations, method, rejected, iterations }: SimulationReport, time: number): string {
  const parts = [
    `${steps} ${steps === 1 ? "step" : "steps"}${dt === undefined ? "" : ` of ${dt}`}`,
    ...(method === "taylor" ? [] : [`${evaluations} evaluations`]),
    ...(rejected > 0 ? [`${rejected} rejected`] : []),
    ...(iterations > 0 ? [`${iterations} iterations`] : []),
    duration(time),
  ];
  return parts.join(", ");
}

function eventLines(
  records: readonly EventRecord[],
  formulas: readonly EventFormula[],
  { meta }: Compiled,
): [string, string][] {
  const lines = formulas.map(({ formula, kind = "zero" }, k): [string, string] => {
    const count = records.filter(({ event }) => event === k).length;
    const what = kind === "zero" ? `${formula} = 0` : `${kind} of ${formula}`;
    return ["event", `${what}: ${count === 1 ? "once" : `${count} times`}`];
  });
  const several = records.some(({ run }) => run > 0);
  const first = records.slice(0, mostEvents).map(({ run, event, t, state, direction }): [string, string] => {
    const where =
      meta.dimension <= 8 ? `, x = [${[...state].map((value) => Number(value.toPrecision(8))).join(", ")}]` : "";
    const kind = formulas[event]!.kind ?? "zero";
    const how = kind === "zero" ? ` ${direction === "up" ? "↑" : "↓"}` : ` (${kind})`;
    return ["", `${several ? `run ${run}, ` : ""}t = ${t}: ${formulas[event]!.formula}${how}${where}`];
  });
  const more = records.length - mostEvents;
  return [...lines, ...first, ...(more > 0 ? [["", `… ${more} more; --json lists all`] as [string, string]] : [])];
}

/** @param withRows whether the document holds the rows, there being no file of them */
export function simulationDocument(told: Told, withRows: boolean): object {
  const { plan, report, energy, kept, rows, files, milliseconds, whole, outside } = told;
  const { events, diverged, ...work } = report;
  return {
    ...work,
    seconds: milliseconds / 1000,
    files,
    rows,
    provenance: plan.header.provenance,
    energy,
    ...(outside && { outside }),
    events: events.map((event) => ({ ...event, state: [...event.state] })),
    diverged: diverged.map((each) => ({ ...each, state: [...each.state] })),
    ...(kept && { state: stateNames(kept), final: kept.runs.map(({ end }) => [...stateAt(kept, end - 1)]) }),
    ...(withRows && kept && rowsOf(kept, whole && rows <= mostRows)),
  };
}

function rowsOf(kept: Dataset, all: boolean): object {
  if (!all) return { note: "too many rows for a document: -o writes them" };
  const data = Object.fromEntries(columnNames(kept).map((name) => [name, [...column(kept, name)]]));
  return { runs: kept.runs, data };
}
