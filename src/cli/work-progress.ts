import { progressLine } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** Says on a terminal what is being done and how far the whole is; silent when piped. */
export interface WorkProgress {
  /** @param share 0 … 1 */
  at(what: string, share: number): void;
  /** Wipes the line. */
  wipe(): void;
}

export function workProgress(terminal: Terminal): WorkProgress {
  if (!terminal.messagesAreShown) return { at: () => {}, wipe: () => {} };
  const begun = performance.now();
  return {
    at: (what, share) => terminal.line(progressLine(what, share, performance.now() - begun)),
    wipe: () => terminal.line(""),
  };
}
