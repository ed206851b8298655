import { writeFiles } from "../data/write-files.ts";
import { HnncError } from "../errors.ts";
import { plainField } from "../hnn/plain-field.ts";
import { formulaLabel } from "../picture/label.ts";
import { drawPanels, pictureFormat } from "../picture/picture.ts";
import { drawnInText } from "../picture/terminal.ts";
import { evaluateModel } from "../train/evaluate/evaluate-model.ts";
import type { PictureDraft } from "../train/report/picture-draft.ts";
import { runDrafts } from "../train/report/run-pictures.ts";
import { readMetrics } from "../train/run/metrics-log.ts";
import { compiledTruth, evaluationPlan } from "./evaluation-plan.ts";
import { type RememberedRun, rememberedRun } from "./remembered-run.ts";
import { historyOf, titleOf } from "./run-report.ts";
import { interruptibleWork } from "./signals.ts";
import type { Terminal } from "./terminal.ts";

/** What `hnnc plot RUN` is told. */
export interface PlotRunFlags {
  readonly kind?: readonly string[] | undefined;
  readonly output?: string | undefined;
  readonly width?: number | undefined;
  readonly scale?: number | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Draws a run: in the terminal its loss, or into a file whichever pictures are named, one above the other.
 *
 * @throws HnncError `unknown-kind` (usage), naming the pictures there are
 */
export async function plotRun(folder: string, flags: PlotRunFlags, terminal: Terminal): Promise<void> {
  const { output } = flags;
  const format = output === undefined ? undefined : pictureFormat(output);
  const run = await rememberedRun(folder);
  const drafts = chosen(await draftsOf(run), flags.kind);
  const panels = drafts.flatMap((draft) => draft.panels);
  const kinds = drafts.map(({ name }) => name);
  if (output === undefined) {
    const color = !flags.json && terminal.styleData("red", "x") !== "x";
    const columns = terminal.dataIsShown ? Math.min(terminal.size.columns, 120) : 72;
    const text = drawnInText({ panels }, { columns, rows: Math.max(20, 14 * panels.length), color });
    return flags.json ? terminal.json({ kinds, text }) : terminal.data(text);
  }
  const title = {
    headline: [{ text: drafts.map(({ subject }) => subject).join(", ") }],
    details: formulaLabel(titleOf(run.trained, run.trained.description)),
  };
  const svg = drawPanels(panels, title, flags.width);
  const content = format === "svg" ? svg : await (await import("../picture/png.ts")).pngOf(svg, flags.scale ?? 2);
  await writeFiles([{ path: output, content }]);
  if (flags.json) return terminal.json({ files: [output], kinds });
  if (terminal.messagesAreShown)
    terminal.message(`wrote ${output} (${Buffer.byteLength(content)} bytes): ${kinds.join(", ")}`);
}

async function draftsOf({ folder, trained, config, dataset }: RememberedRun): Promise<PictureDraft[]> {
  const { model, parameters, description } = trained;
  const truth = compiledTruth(config?.truth, description);
  const plan = config && dataset ? await evaluationPlan(dataset, { data: config.data, truth }) : { truth };
  return runDrafts({
    title: titleOf(trained, description),
    coordinates: description.coordinates,
    momenta: description.momenta,
    losses: historyOf(await readMetrics(folder)),
    dataset,
    field: model.field && plainField(model, parameters),
    truth,
    // Losses are not drawn, and only models of sequences are followed in steps of their data.
    evaluated: await interruptibleWork(() =>
      evaluateModel(trained, { ...plan, dataset: model.sequence ? dataset : undefined }),
    ),
  });
}

function chosen(all: readonly PictureDraft[], kinds: readonly string[] | undefined): PictureDraft[] {
  const names = all.map(({ name }) => name);
  const wanted = kinds?.filter((kind) => kind !== "auto") ?? [];
  const unknown = wanted.find((kind) => !names.includes(kind));
  if (unknown !== undefined || all.length === 0) {
    throw new HnncError({
      kind: "usage",
      code: "unknown-kind",
      message:
        unknown === undefined ? "there is nothing to draw of this run" : `this run has no picture \`${unknown}\``,
      notes: [`pictures: ${names.join(" ") || "none"}`],
    });
  }
  return wanted.length === 0 ? [all[0]!] : wanted.map((kind) => all.find(({ name }) => name === kind)!);
}
