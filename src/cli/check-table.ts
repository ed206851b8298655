import type { CheckLine, Worst } from "../check/check.ts";
import type { CheckReport, ReportLine } from "../check/check-model.ts";
import type { Terminal } from "./terminal.ts";

export interface TableOptions {
  readonly style: Terminal["styleData"];
  /** Characters a line; reasons that go beyond stand on a line of their own. */
  readonly width: number;
  /** Whether the screen has ✓, ≤ and ∂. */
  readonly unicode: boolean;
  /** Names the state where each figure was found, and not only those of failures. */
  readonly worst: boolean;
}

/** The report for a person: what was compared, a table, a verdict. */
export function checkTable(report: CheckReport, options: TableOptions): string {
  const shown = (text: string) => (options.unicode ? text : ascii(text));
  const width = Math.max(...report.lines.map(({ claim }) => [...shown(claim)].length));
  const figures = Math.max(...report.lines.map((line) => [...shown(figureText(line))].length));
  const lines: string[] = [...headLines(report).map(shown)];
  let title: string | undefined;
  for (const line of report.lines) {
    if (line.title !== title) lines.push("", options.style("bold", shown(line.title)));
    title = line.title;
    lines.push(...tableLines(line, report.names, { width, figures }, options).map(shown));
  }
  return [...lines, "", shown(verdictLine(report, options.style)), ""].join("\n");
}

const longestFormula = 200;

function headLines({ model, points, drawn, passedOver, seed, trajectory, names }: CheckReport): string[] {
  const formula = model.length > longestFormula ? `${model.slice(0, longestFormula)} …` : model;
  const over = passedOver > 0 ? `, ${passedOver} more passed over where H is not finite` : "";
  const some =
    points < drawn
      ? `${points} of ${drawn} random states (the interpreter is slow on this H)`
      : `${points} random states`;
  const lines = [`H = ${formula}`, `${some}, seed ${seed}${over}`];
  if (!trajectory) return lines;
  const { t, why, start, steps, growth } = trajectory;
  const spread = `in ${steps} steps of a Taylor series; errors of the start grow ${digits(growth)}-fold`;
  return [...lines, `a trajectory from ${stateText(start, names)} to t = ${digits(t)} (${why}), ${spread}`];
}

const marks = { pass: "✓", fail: "✗", skipped: "–" } as const;
const colours = { pass: "green", fail: "red", skipped: "dim" } as const;

function tableLines(
  line: ReportLine,
  names: readonly string[],
  { width, figures }: { readonly width: number; readonly figures: number },
  { style, width: room, worst, unicode }: TableOptions,
): string[] {
  const { verdict, claim, because } = line;
  const plain = (text: string) => (unicode ? text : ascii(text));
  const left = `${padded(plain(claim), width)}  ${padded(plain(figureText(line)), figures)}`;
  const mark = style(colours[verdict], plain(marks[verdict]).padEnd(unicode ? 1 : 4));
  const fits = [...left].length + [...because].length + 6 <= room;
  const head = `  ${mark} ${fits ? `${left}  ${style("dim", because)}` : left.trimEnd()}`;
  const lines = fits ? [head] : [head, `      ${style("dim", because)}`];
  if (line.worst && (worst || verdict === "fail")) lines.push(`      ${style("dim", worstText(line.worst, names))}`);
  return lines;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - [...text].length));
}

/** `3.6e-15 ≤ 8.7e-14` */
function figureText({ verdict, figure, bound, sense, unit }: CheckLine): string {
  if (verdict === "skipped") return "skipped";
  if (figure === undefined || bound === undefined) return verdict === "pass" ? "yes" : "no";
  const isAtLeast = sense === "at least";
  const sign = isAtLeast ? (figure >= bound ? "≥" : "<") : figure <= bound ? "≤" : ">";
  if (unit === "order") return `${figure.toFixed(2)} ${sign} ${bound} ${unit}`;
  const compared = bound === 0 && figure === 0 ? "0" : `${digits(figure)} ${sign} ${digits(bound)}`;
  return unit === undefined ? compared : `${compared} ${unit}`;
}

function worstText({ of, state, t }: Worst, names: readonly string[]): string {
  const time = t === 0 ? "" : `, t = ${digits(t, 6)}`;
  return `worst${of === undefined ? "" : `, of ${of},`} at ${stateText(state, names)}${time}`;
}

const mostEntries = 12;

function stateText(state: readonly number[], names: readonly string[]): string {
  const shown = state.slice(0, mostEntries).map((x, k) => `${names[k] ?? `x[${k + 1}]`} = ${digits(x, 6)}`);
  return [...shown, ...(state.length > mostEntries ? ["…"] : [])].join(", ");
}

function verdictLine({ passed, counts, lines }: CheckReport, style: Terminal["styleData"]): string {
  const left = counts.skipped > 0 ? `; ${counts.skipped} skipped` : "";
  if (passed) {
    const all = `${counts.pass} of ${counts.pass} comparisons agree within their bounds${left}`;
    return `${style(["bold", "green"], "✓")} ${all}.`;
  }
  const failed = lines.filter(({ verdict }) => verdict === "fail").map(({ claim }) => claim);
  const total = counts.pass + counts.fail;
  return `${style(["bold", "red"], "✗")} ${counts.fail} of ${total} comparisons FAIL: ${failed.join("; ")}${left}.`;
}

/** Short decimals as they are, others with an exponent. */
function digits(value: number, count = 2): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e6)) return String(Number(value.toPrecision(Math.max(count, 3))));
  return value.toExponential(count - 1);
}

const plainSpellings: Readonly<Record<string, string>> = {
  "✓": "ok",
  "✗": "FAIL",
  "≤": "<=",
  "≥": ">=",
  "∂": "d",
  ẋ: "x'",
  "′": "'",
  "−": "-",
  "–": "-",
  "∫": "integral ",
  ᵀ: "^T",
  "∝": "~",
  Δ: "d",
  "∇": "grad ",
  "…": "...",
  "·": "*",
};

/** The same in ASCII, for screens that have nothing else. */
function ascii(text: string): string {
  return text.replace(/\P{ASCII}/gu, (letter) => plainSpellings[letter] ?? "?");
}

/** Whether the environment's locale or terminal leaves only ASCII. */
export function hasUnicode({ LC_ALL, LC_CTYPE, LANG, TERM }: NodeJS.ProcessEnv): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return TERM !== "dumb" && locale !== "C" && locale !== "POSIX";
}
