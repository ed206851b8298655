import { type Command, Option } from "commander";
import { type ColumnMapping, parseColumns } from "../../data/columns.ts";
import { columnNames, type Dataset } from "../../data/dataset.ts";
import {
  type DerivativeEstimate,
  type DerivativeMethod,
  derivativeAssumptions,
  estimateDerivatives,
} from "../../data/derivatives.ts";
import { formatNames, formats } from "../../data/formats.ts";
import type { Gap } from "../../data/gaps.ts";
import { readDataset } from "../../data/read.ts";
import { splitDataset } from "../../data/split.ts";
import { headerOf } from "../../data/write.ts";
import { HnncError } from "../../errors.ts";
import type { CliCommand } from "../command.ts";
import { outputFile, requireOutput, writeRows } from "../dataset-output.ts";
import { timeStepsOf } from "../dataset-summary.ts";
import { cutAtGaps, gapHelp, readGap } from "../gap-option.ts";
import { columns } from "../help-layout.ts";
import { numberReader } from "../number-option.ts";
import { declareSplit, type SplitFlags } from "../split-options.ts";
import type { Terminal } from "../terminal.ts";

interface Flags extends SplitFlags {
  readonly output?: string;
  readonly columns?: ColumnMapping;
  readonly gap?: number | "none";
  readonly derivatives?: DerivativeMethod;
  readonly window?: number;
  readonly degree?: number;
  readonly smoothing?: number;
  readonly seed?: number;
  readonly json?: boolean;
}

export const convertCommand: CliCommand = {
  examples: [
    {
      run: "hnnc convert arm.csv --columns q=theta,p=omega -o arm.npz",
      gives: "measurements as npz, cut into runs where time jumps",
    },
    {
      run: "hnnc convert arm.csv --columns q=theta,p=omega --derivatives savitzky-golay --split 0.2 -o arm.parquet",
      gives: "with estimated derivatives, and a fifth of the runs for testing",
    },
    { run: "hnnc convert orbit.npz -o orbit.csv", gives: "another format, the same bits" },
  ],
  declare: (command) => {
    const known = formatNames.flatMap((name) => formats[name].extensions.slice(0, 1)).join(" ");
    command
      .argument("<file>", `rows to read: ${known}, or text with other separators`)
      .option("-o, --output <file>", "write there instead of CSV to standard output; whole or not at all")
      .option(
        "--columns <map>",
        "which column is which, by name or number: q=theta,p=omega,t=time,run=trial",
        parseColumns,
      )
      .option("--gap <factor>", gapHelp, readGap);
    declareEstimators(command);
    declareSplit(command, "as it is in the file");
    command.option(
      "--seed <number>",
      "of a random split (default: 0)",
      numberReader("--seed", { wanted: "a whole number", least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }),
    );
  },
  run: async (command, terminal) => {
    const flags = command.opts<Flags>();
    const output = outputFile(flags.output);
    requireOutput(output, flags.json ?? false);
    const path = command.args[0]!;
    const found = await readDataset(path, { columns: flags.columns });
    const { dataset, gaps } = cutAtGaps(found, flags.gap);
    const estimate = estimated(dataset, flags);
    const divided = divide(estimate?.dataset ?? dataset, flags);
    await writeRows(output, headerOf(divided), terminal, (write) => write(divided));
    const report: Report = { path, mapping: flags.columns, found, gaps, estimate, written: divided };
    if (flags.json) await terminal.json(documentOf(report, output));
    else if (output !== undefined || terminal.messagesAreShown) tell(report, output, terminal);
    return 0;
  },
};

function declareEstimators(command: Command): void {
  const methods = Object.keys(derivativeAssumptions);
  command
    .addOption(new Option("--derivatives <estimator>", "estimate ẋ from neighbouring rows").choices(methods))
    .option(
      "--window <rows>",
      "savitzky-golay: rows a fit, odd (default: 7)",
      numberReader("--window", { wanted: "a number of rows", least: 1, whole: true }),
    )
    .option(
      "--degree <degree>",
      "savitzky-golay: of the polynomial (default: 4)",
      numberReader("--degree", { wanted: "a degree", least: 1, whole: true }),
    )
    .option(
      "--smoothing <lambda>",
      "smoothing-spline: in units of time³ (default: by cross-validation)",
      numberReader("--smoothing", { wanted: "a strength", least: 0 }),
    );
}

function estimated(
  dataset: Dataset,
  { derivatives, window, degree, smoothing }: Flags,
): DerivativeEstimate | undefined {
  return derivatives && estimateDerivatives(dataset, { method: derivatives, window, degree, smoothing });
}

function divide(dataset: Dataset, { split, splitBy, splitWhich, seed }: Flags): Dataset {
  if (split === undefined) {
    if (splitBy === undefined && splitWhich === undefined) return dataset;
    throw new HnncError({
      kind: "usage",
      code: "missing-split",
      message: "`--split-by` and `--split-which` divide rows, and no part is given",
      hint: "add --split 0.2",
    });
  }
  if (split === 0) return { ...dataset, test: undefined };
  return splitDataset(dataset, { test: split, by: splitBy, which: splitWhich, seed });
}

interface Report {
  readonly path: string;
  readonly mapping: ColumnMapping | undefined;
  readonly found: Dataset;
  readonly gaps: readonly Gap[];
  readonly estimate: DerivativeEstimate | undefined;
  readonly written: Dataset;
}

function documentOf({ found, gaps, estimate, written }: Report, output: string | undefined): object {
  const testing = written.test?.reduce((sum, mark) => sum + mark, 0);
  return {
    files: [output],
    columns: columnNames(written),
    read: { rows: found.rows, runs: found.runs.length },
    rows: written.rows,
    runs: written.runs.length,
    gaps,
    steps: timeStepsOf(written),
    ...(estimate && {
      derivatives: {
        assumes: estimate.assumes,
        bias: estimate.bias,
        noise: estimate.noise,
        ...(estimate.sigma && { sigma: estimate.sigma }),
      },
    }),
    ...(testing !== undefined && { testing }),
  };
}

function tell(
  { path, mapping, found, gaps, estimate, written }: Report,
  output: string | undefined,
  terminal: Terminal,
): void {
  const testing = written.test?.reduce((sum, mark) => sum + mark, 0);
  const rows: [string, string][] = [
    ["read", `${found.rows} rows in ${counted(found.runs.length, "run")} from ${path}`],
    ["columns", columnsTold(written, mapping)],
    ["time", timeTold(written)],
  ];
  if (gaps.length > 0) rows.push(["gaps", `${gaps.length}, ${gapsTold(gaps)}: ${counted(written.runs.length, "run")}`]);
  if (estimate) {
    rows.push(
      ["assumed", estimate.assumes],
      ["bias", estimate.bias],
      ["noise", estimate.noise],
      ...(estimate.sigma ? [["noise seen", sigmaTold(estimate.sigma)] as [string, string]] : []),
    );
  }
  if (testing !== undefined) rows.push(["split", `${written.rows - testing} rows train, ${testing} test`]);
  terminal.message(columns(rows));
  if (output !== undefined) {
    terminal.message(`wrote ${output}: ${written.rows} rows in ${counted(written.runs.length, "run")}`);
  }
}

/** `t = time, q = theta, p, run = trial` */
function columnsTold(dataset: Dataset, mapping: ColumnMapping | undefined): string {
  const { runs, test } = headerOf(dataset);
  const names = [...columnNames(dataset), ...(runs ? ["run"] : []), ...(test ? ["split"] : [])];
  const from = (name: string) => (mapping?.has(name) ? `${name} = ${mapping.get(name)}` : name);
  return names.map(from).join(", ");
}

function timeTold(dataset: Dataset): string {
  const steps = timeStepsOf(dataset);
  if (!steps) return "no column t; --columns t=NAME names one";
  const { from, to, least, usual, most } = steps;
  const range = `from ${short(from)} to ${short(to)}`;
  if (usual === undefined) return range;
  const even = most! - least! <= 1e-6 * usual;
  return `${range}, steps of ${short(usual)}${even ? "" : `, ${short(least!)} to ${short(most!)}`}`;
}

function gapsTold(gaps: readonly Gap[]): string {
  const shown = gaps.slice(0, 4).map(({ row, from, to }) => `t = ${short(from)} to ${short(to)} at row ${row + 1}`);
  return `${shown.join("; ")}${gaps.length > 4 ? "; …" : ""}`;
}

function sigmaTold(sigma: Readonly<Record<string, number>>): string {
  return Object.entries(sigma)
    .map(([name, value]) => `${name} ${short(value)}`)
    .join(", ");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
