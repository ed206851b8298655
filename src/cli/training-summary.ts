import type { OpenCombination } from "../train/constant-errors.ts";
import type { Evaluated } from "../train/evaluate/evaluate-model.ts";
import { rounded, withError } from "../train/report/with-error.ts";
import { columns } from "./help-layout.ts";
import { duration } from "./progress.ts";
import { type FinishedRun, titleOf } from "./run-report.ts";
import type { Terminal } from "./terminal.ts";

/** What `hnnc train --json` prints. */
export function runDocument(run: FinishedRun, { evaluation }: Evaluated, files: readonly string[]): object {
  const { folder, config, trained } = run;
  const { checkpoint, loss, trainLoss, testLoss, samples, batch, seconds, constants, optimiser, precision } = trained;
  return {
    run: folder,
    model: config.description.family,
    formula: titleOf(run.trained, run.config.description),
    parameters: trained.model.parameters.count,
    engine: checkpoint.choice,
    precision,
    optimiser,
    loss,
    trainLoss,
    testLoss: Number.isNaN(testLoss) ? null : testLoss,
    steps: checkpoint.step,
    samples,
    batch,
    seconds,
    constants: Object.fromEntries(
      Object.entries(constants).map(([name, values]) => [name, { value: plain(values), ...errorOf(run, name) }]),
    ),
    evaluation,
    files,
  };
}

/** What was trained, on what, with what, for a person. */
export function tellRun(run: FinishedRun, remarks: readonly string[], terminal: Terminal): void {
  const { config, dataset, trained } = run;
  const { checkpoint, samples, batch, seconds, loss, optimiser, precision } = trained;
  const { engine, runtime, threads } = checkpoint.choice;
  const { count } = trained.model.parameters;
  const testing = dataset.test?.reduce((sum, mark) => sum + mark, 0) ?? 0;
  const from =
    config.data.kind === "file" ? config.data.path : `generated from ${config.data.from.system ?? "the formula"}`;
  terminal.message(
    columns([
      ["model", `${config.description.family}, ${formulaTold(run)}, ${count} parameter${count === 1 ? "" : "s"}`],
      ["data", `${from}: ${dataset.rows - testing} rows train, ${testing} test`],
      ["engine", `${engine} (${runtime}, ${threads} thread${threads === 1 ? "" : "s"}), ${precision}`],
      [
        "training",
        `${optimiser}, ${checkpoint.step} ${checkpoint.step === 1 ? "step" : "steps"} on ${batch === samples ? `all ${samples}` : `${batch} of ${samples}`} samples, loss ${loss}, ${duration(1000 * seconds.total)}`,
      ],
    ]),
  );
  for (const remark of remarks) terminal.message(`${terminal.styleMessage("yellow", "warning:")} ${remark}`);
}

/** Characters of a formula on one line. */
const mostShown = 160;

/** A baseline has no H. */
function formulaTold({ trained, config }: FinishedRun): string {
  const title = titleOf(trained, config.description);
  const short = title.length > mostShown ? `${title.slice(0, mostShown - 1)}…` : title;
  return trained.model.formula ? `H = ${short}` : short;
}

/** The learned physical constants with their error bars, a line each. */
export function tellConstants(run: FinishedRun): string {
  const lines = Object.entries(run.trained.constants).flatMap(([name, values]) =>
    Array.from(values, (value, k): [string, string] => {
      const error = errorsOf(run, name)?.[k];
      return [values.length === 1 ? name : `${name}[${k + 1}]`, withError(value, error)];
    }),
  );
  const open = run.trained.uncertainty?.indistinguishable ?? [];
  return lines.length === 0 ? "" : [columns(lines), ...open.map((each) => `  ${openTold(each)}`)].join("\n");
}

/** What the data leave open: constants that can be changed together without any change in what is fitted. */
function openTold(open: OpenCombination): string {
  const { names, direction, networks } = open;
  const all = [...names, ...networks.map((name) => `the network of ${name}`)];
  if (all.length === 1) return `the data do not depend on ${all[0]}`;
  const ratio = names.length > 1 ? `, in the ratio ${direction.map((each) => rounded(each, 3)).join(" : ")}` : "";
  return `the data determine ${all.join(", ")} only together${ratio}`;
}

function errorOf(run: FinishedRun, name: string): { readonly standardError?: number | readonly number[] } {
  const errors = errorsOf(run, name);
  return errors ? { standardError: plain(errors) } : {};
}

function errorsOf({ trained: { standardErrors = {} } }: FinishedRun, name: string): ArrayLike<number> | undefined {
  return Object.hasOwn(standardErrors, name) ? standardErrors[name] : undefined;
}

function plain(values: ArrayLike<number>): number | readonly number[] {
  return values.length === 1 ? values[0]! : Array.from(values);
}
