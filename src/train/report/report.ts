import { formulaLabel, type Label } from "../../picture/label.ts";
import { escaped } from "../../picture/svg.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { metricRows } from "./metric-rows.ts";
import { reportStyle } from "./report-style.ts";
import type { RunPicture } from "./run-pictures.ts";
import { rounded, withError } from "./with-error.ts";

/** A physical constant that was learned. */
export interface ReportConstant {
  readonly name: string;
  readonly value: number;
  /** One standard deviation, where it is known. */
  readonly error?: number | undefined;
  readonly unit?: string | undefined;
  /** What training began with. */
  readonly start?: number | undefined;
}

/** What a report tells; what is left out is not told. */
export interface ReportInput {
  /** The formula. */
  readonly formula: string;
  /** What it is, in a sentence: the data, the family. */
  readonly summary?: string | undefined;
  /** What was trained and how, line by line: names and values. */
  readonly configuration?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly constants?: readonly ReportConstant[] | undefined;
  readonly evaluation?: Evaluation | undefined;
  /** Other models, or what is published, in columns beside. */
  readonly others?: readonly { readonly name: string; readonly evaluation: Evaluation }[] | undefined;
  readonly pictures?: readonly RunPicture[] | undefined;
  /** Where it comes from: versions, seeds, files. */
  readonly provenance?: Readonly<Record<string, string | number>> | undefined;
  /** What the reader is to beware of. */
  readonly warnings?: readonly string[] | undefined;
  /** The run directory as it is typed after a command. */
  readonly run: string;
  /** Whether the model has a formula, and so compiles. Default true. */
  readonly compiles?: boolean | undefined;
}

/**
 * A training run on one page of HTML, which needs no other file: title, warnings, figures, constants, pictures,
 * configuration, provenance, and what to do with the model next. All text is escaped.
 *
 * @example
 * await writeFile("runs/pend/report.html", reportHtml({ formula: "p^2/2 + V(q)", run: "runs/pend", pictures }));
 */
export function reportHtml(input: ReportInput): string {
  const { formula, summary, warnings = [], run } = input;
  const sections = [
    `<header><h1>${labelHtml(formulaLabel(formula))}</h1>${summary === undefined ? "" : `<p>${escaped(summary)}</p>`}</header>`,
    ...(warnings.length === 0
      ? []
      : [`<ul class="warnings">${warnings.map((each) => `<li>${escaped(each)}</li>`).join("")}</ul>`]),
    constantsSection(input.constants ?? []),
    metricsSection(input),
    picturesSection(input.pictures ?? []),
    pairsSection("How it was trained", input.configuration ?? {}),
    nextSection(run, input.compiles ?? true),
    pairsSection("Where it comes from", input.provenance ?? {}),
  ];
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(formula)}</title>`,
    `<style>${reportStyle}</style>`,
    "</head>",
    "<body>",
    ...sections.filter((section) => section !== ""),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** A label in HTML. */
function labelHtml(label: Label): string {
  return label
    .map(({ text, italic, at }) => {
      const inner = italic ? `<i>${escaped(text)}</i>` : escaped(text);
      return at === undefined ? inner : at === "sub" ? `<sub>${inner}</sub>` : `<sup>${inner}</sup>`;
    })
    .join("");
}

function section(title: string, content: string): string {
  return `<section><h2>${escaped(title)}</h2>\n${content}\n</section>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], kind: string): string {
  const cells = (row: readonly string[]) =>
    row.map((cell, k) => (k === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`));
  const heading =
    head.length === 0 ? "" : `<thead><tr>${head.map((each) => `<th scope="col">${each}</th>`).join("")}</tr></thead>`;
  const body = rows.map((row) => `<tr>${cells(row).join("")}</tr>`).join("\n");
  return `<div class="scroll"><table class="${kind}">${heading}<tbody>\n${body}\n</tbody></table></div>`;
}

function constantsSection(constants: readonly ReportConstant[]): string {
  if (constants.length === 0) return "";
  const rows = constants.map(({ name, value, error, unit, start }) => [
    labelHtml(formulaLabel(name)),
    escaped(withError(value, error)),
    unit === undefined ? "" : escaped(unit),
    start === undefined ? "" : escaped(rounded(start, 4)),
  ]);
  return section("What was learned", table(["constant", "value ± error", "unit", "at first"], rows, "figures"));
}

function metricsSection({ evaluation, others = [] }: ReportInput): string {
  if (!evaluation) return "";
  const columns = [evaluation, ...others.map((other) => other.evaluation)].map(metricRows);
  const names = [...new Set(columns.flatMap((rows) => rows.map(({ name }) => name)))];
  if (names.length === 0) return "";
  const rows = names.map((name) => {
    const cells = columns.map((rows) => rows.find((row) => row.name === name));
    const meaning = cells.find((cell) => cell)!.meaning;
    return [`${escaped(name)}<small>${escaped(meaning)}</small>`, ...cells.map((cell) => escaped(cell?.value ?? "–"))];
  });
  const head = ["", others.length === 0 ? "value" : "this model", ...others.map((other) => escaped(other.name))];
  return section("How good it is", table(head, rows, "figures"));
}

/** Identifiers in an SVG are those of the page: each picture gets its own. */
function picturesSection(pictures: readonly RunPicture[]): string {
  if (pictures.length === 0) return "";
  const figures = pictures.map(({ name, caption, svg }, k) => {
    const own = svg.replaceAll(/(id="|url\(#)hnnc-/g, `$1picture-${k + 1}-`);
    return `<figure id="${escaped(name)}">\n${own}<figcaption>${escaped(caption)}</figcaption></figure>`;
  });
  return section("What one sees", figures.join("\n"));
}

function pairsSection(title: string, pairs: Readonly<Record<string, string | number | boolean>>): string {
  const rows = Object.entries(pairs).map(([name, value]) => [escaped(name), escaped(String(value))]);
  return rows.length === 0 ? "" : section(title, table([], rows, "pairs"));
}

function nextSection(run: string, compiles: boolean): string {
  const path = /^[\w./@%+=:,-]+$/.test(run) ? run : `'${run.replaceAll("'", "'\\''")}'`;
  const commands = [
    ["its trajectory from a start", `hnnc simulate ${path} --t 100`],
    ...(compiles ? [["one module without dependencies", `hnnc compile ${path} --target wasm`]] : []),
    ["pictures of it", `hnnc plot ${path}`],
    ["figures again, against the truth", `hnnc eval ${path}`],
  ];
  const lines = commands.map(
    ([what, command]) => `<dt>${escaped(what!)}</dt><dd><code>${escaped(command!)}</code></dd>`,
  );
  return section("What to do next", `<dl>${lines.join("\n")}</dl>`);
}
