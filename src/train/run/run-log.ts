import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type AppendedFile, appendTo } from "./appended-file.ts";
import { eventRecord } from "./event-record.ts";
import { type Metrics, metricsLine, openMetrics } from "./metrics-log.ts";

/** The two files that tell how a run goes. */
export interface RunLog {
  /** Remembers what was measured. */
  add(metrics: Metrics): void;
  /** Writes what was added. */
  flush(): Promise<void>;
  /** Closes the files; what was not flushed is lost. */
  close(): Promise<void>;
}

/**
 * Opens `metrics.jsonl` and a new file of TensorBoard events.
 *
 * @param from the step that the run goes on from; undefined at its beginning
 * @throws HnncError kind `io`
 */
export async function openRunLog(folder: string, from: number | undefined): Promise<RunLog> {
  const metrics = await openMetrics(folder, from ?? -1);
  const events = await openEvents(folder).catch(async (error: unknown) => {
    await metrics.close();
    throw error;
  });
  let lines = "";
  let records: Uint8Array[] = [eventRecord(now(), { kind: "version" })];
  if (from !== undefined) records.push(eventRecord(now(), { kind: "start", step: from + 1 }));
  return {
    add(measured) {
      lines += metricsLine(measured);
      records.push(eventRecord(now(), { kind: "scalars", step: measured.step, values: scalarsOf(measured) }));
    },
    async flush() {
      const [text, bytes] = [new TextEncoder().encode(lines), new Uint8Array(Buffer.concat(records))];
      [lines, records] = ["", []];
      await metrics.append(text);
      await events.append(bytes);
    },
    async close() {
      await metrics.close();
      await events.close();
    },
  };
}

/** TensorBoard reads the files of a folder in the order of their names, which begin with their times. */
async function openEvents(folder: string): Promise<AppendedFile> {
  const taken = new Set(await readdir(folder));
  let time = Math.floor(now());
  while (taken.has(eventsName(time))) time++;
  return appendTo(join(folder, eventsName(time)), () => 0);
}

function eventsName(time: number): string {
  return `events.out.tfevents.${time}.hnnc`;
}

function now(): number {
  return Date.now() / 1000;
}

function scalarsOf({ loss, testLoss, stepTime }: Metrics): Record<string, number> {
  const named = { "loss/train": loss, "loss/test": testLoss, "milliseconds/step": stepTime };
  return Object.fromEntries(Object.entries(named).filter((each): each is [string, number] => each[1] !== undefined));
}
