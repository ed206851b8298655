import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type AppendedFile, appendTo } from "./appended-file.ts";

/** One line of `metrics.jsonl`: what was measured after a number of steps. */
export interface Metrics {
  readonly step: number;
  /** The mean objective of the steps since the line before. */
  readonly loss?: number | undefined;
  /** The loss on rows for testing: on at most some thousands of them, until the run has ended. */
  readonly testLoss?: number | undefined;
  /** Milliseconds a step. */
  readonly stepTime?: number | undefined;
  /** Seconds since this process began with the run. */
  readonly seconds?: number | undefined;
}

/**
 * Opens `metrics.jsonl`, without the lines after a step and without a last line that was torn.
 *
 * @param upTo the last step whose line stays
 */
export function openMetrics(folder: string, upTo: number): Promise<AppendedFile> {
  return appendTo(join(folder, "metrics.jsonl"), (old) => keptLines(old, upTo));
}

/** A line; what is not finite is null. */
export function metricsLine(metrics: Metrics): string {
  return `${JSON.stringify(metrics)}\n`;
}

/** The lines of a run's `metrics.jsonl` up to the first that is damaged; none where there is no such file. */
export async function readMetrics(folder: string): Promise<Metrics[]> {
  const text = await readFile(join(folder, "metrics.jsonl"), "utf8").catch(() => "");
  const found: Metrics[] = [];
  for (const line of text.split("\n")) {
    if (stepIn(line) === undefined) break;
    found.push(JSON.parse(line) as Metrics);
  }
  return found;
}

function keptLines(old: Uint8Array, upTo: number): number {
  const lineEnd = 0x0a;
  let kept = 0;
  for (let end = old.indexOf(lineEnd); end >= 0; end = old.indexOf(lineEnd, kept)) {
    const step = stepIn(new TextDecoder().decode(old.subarray(kept, end)));
    if (step === undefined || step > upTo) break;
    kept = end + 1;
  }
  return kept;
}

function stepIn(line: string): number | undefined {
  try {
    const step: unknown = (JSON.parse(line) as Partial<Metrics> | null)?.step;
    return typeof step === "number" ? step : undefined;
  } catch {
    return undefined;
  }
}
