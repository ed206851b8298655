import { undoAll } from "../data/undo.ts";

const codes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ends the process with 130 on SIGINT and 143 on SIGTERM, after undoing what is half done. */
export function obeySignals(): void {
  for (const signal of Object.keys(codes) as (keyof typeof codes)[]) process.on(signal, end);
}

function end(signal: NodeJS.Signals): void {
  undoAll();
  process.exit(codes[signal as keyof typeof codes]);
}

/**
 * Runs a long computation so that a signal ends it at once: a JavaScript handler would have to wait for it, the system's own
 * does not (shells see 130 and 143 all the same).
 */
export function interruptible<T>(compute: () => T): T {
  for (const signal of Object.keys(codes)) process.removeListener(signal, end);
  try {
    return compute();
  } finally {
    obeySignals();
  }
}
