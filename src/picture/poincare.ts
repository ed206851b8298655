import { stateLength, stateNames, strided } from "../data/dataset.ts";
import { HnncError } from "../errors.ts";
import { colorOf } from "./color.ts";
import { runLegend } from "./curves.ts";
import type { PictureKind, Wish } from "./kind.ts";
import type { Panel, PointMark } from "./panel.ts";
import { extent } from "./range.ts";
import { type Section, sectionOf } from "./section.ts";
import { axisOf, requireColumn, requireRange, type Subject } from "./subject.ts";
import { mostSeparate } from "./trajectory-curve.ts";

export const poincare: PictureKind = {
  name: "poincare",
  description: "the points where trajectories pass through a section, such as x = 0",
  wishes: ["x", "y", "section", "direction"],
  panels: async (subject, wish) => {
    const { dataset } = subject;
    const stored = dataset.provenance.section;
    if (typeof stored === "string" && wish.section === undefined) {
      return [panelOf(subject, storedSection(subject, stored), stored, wish)];
    }
    const formula = wish.section ?? dataset.coordinates[0]!;
    if (wish.section === undefined && dataset.coordinates.length === 1) throw missingSection(subject);
    const direction = wish.direction ?? "up";
    const section = await sectionOf(subject, { formula, direction });
    if (section.runs.length === 0) throw neverPassed(formula, direction, subject);
    return [panelOf(subject, section, formula, wish)];
  },
};

/** Data whose rows are points of a section already. */
function storedSection({ dataset }: Subject, formula: string): Section {
  const runs = dataset.runs.flatMap(({ start, end }, k) => new Array<number>(end - start).fill(k));
  return { states: dataset.states, runs, how: `the data are a section already: ${formula} = 0` };
}

function panelOf(subject: Subject, { states, runs, how }: Section, formula: string, wish: Wish): Panel {
  const { dataset } = subject;
  const names = stateNames(dataset);
  const [x, y] = planeOf(subject, formula, wish);
  const columnOf = (name: string) => strided(states, names.indexOf(name), stateLength(dataset));
  const [xs, ys] = [columnOf(x), columnOf(y)];
  const count = runs.length;
  const every = Math.ceil(count / mostSeparate);
  const radius = count > 20_000 ? 0.5 : count > 5000 ? 0.7 : count > 1000 ? 1 : 1.6;
  const drawn = dataset.runs.map(() => ({ xs: [] as number[], ys: [] as number[] }));
  for (let at = 0; at < count; at += every) {
    const own = drawn[runs[at]!]!;
    own.xs.push(xs[at]!);
    own.ys.push(ys[at]!);
  }
  const marks = drawn.map((own, k): PointMark => {
    const color = colorOf(k, drawn.length);
    return { kind: "points", xs: Float64Array.from(own.xs), ys: Float64Array.from(own.ys), color, radius };
  });
  return {
    x: axisOf(subject, x, requireRange(extent(xs), [x])),
    y: axisOf(subject, y, requireRange(extent(ys), [y])),
    marks: marks.filter((mark) => mark.xs.length > 0),
    legend: runLegend(subject).map((entry) => (entry.shape === "line" ? { ...entry, shape: "dot" } : entry)),
    notes: [
      `${count} points where ${formula} ${equation(formula)}${passing(wish)}; ${how}`,
      ...(every > 1 ? [`one of ${every} points is drawn`] : []),
    ],
  };
}

function equation(formula: string): string {
  return formula.includes("=") ? "" : "= 0";
}

function passing({ direction = "up" }: Wish): string {
  return direction === "both" ? "" : direction === "up" ? ", upwards" : ", downwards";
}

/** The first coordinate that the section does not fix, and its momentum. */
function planeOf(subject: Subject, formula: string, { x, y }: Wish): [string, string] {
  const { coordinates, momenta } = subject.dataset;
  const free = coordinates.find((name) => name !== formula.replace(/=.*$/, "").trim()) ?? coordinates[0]!;
  const across = x ?? free;
  const at = coordinates.indexOf(across);
  const up = y?.[0] ?? (at >= 0 ? momenta[at]! : coordinates[momenta.indexOf(across)]!);
  for (const name of [across, up]) {
    requireColumn(subject, name);
    if (!coordinates.includes(name) && !momenta.includes(name)) {
      throw new HnncError({
        kind: "usage",
        code: "not-a-state",
        message: `\`${name}\` is neither a coordinate nor a momentum: a section is a plane of these`,
        notes: [`coordinates: ${coordinates.join(" ")}`, `momenta: ${momenta.join(" ")}`],
      });
    }
  }
  return [across, up];
}

function missingSection({ dataset }: Subject): HnncError {
  return new HnncError({
    kind: "usage",
    code: "missing-section",
    message: "with one degree of freedom it is not clear which section is meant",
    hint: `say where it is: --section "${dataset.coordinates[0]}", or of the time such as --section "sin(omega t)"`,
  });
}

function neverPassed(formula: string, direction: string, subject: Subject): HnncError {
  const which = direction === "both" ? "" : direction === "up" ? " upwards" : " downwards";
  return new HnncError({
    kind: "data",
    code: "empty-section",
    message:
      `${subject.dataset.runs.length === 1 ? "the trajectory never passes" : "no trajectory ever passes"} through ${formula} ${equation(formula)}${which}`.trimEnd(),
    hint: "choose another section, take --direction both, or a longer run",
  });
}
