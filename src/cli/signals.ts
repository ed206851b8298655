import { undoAll } from "../data/undo.ts";

const codes = { SIGINT: 130, SIGTERM: 143 } as const;
const signals = Object.keys(codes) as readonly (keyof typeof codes)[];

/** Ends the process with 130 on SIGINT and 143 on SIGTERM, after undoing what is half done. */
export function obeySignals(): void {
  for (const signal of signals) process.on(signal, end);
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
  for (const signal of signals) process.removeListener(signal, end);
  try {
    return compute();
  } finally {
    obeySignals();
  }
}

/**
 * Runs an action that a first signal asks to come to an end, so that it can keep what it has; a second one ends the process
 * at once.
 *
 * @returns what came of it, and the exit code: 0, or that of the signal
 */
export async function stoppable<T>(
  action: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly result: T; readonly code: number }> {
  const asked = new AbortController();
  let code = 0;
  const ask = (signal: NodeJS.Signals) => {
    code = codes[signal as keyof typeof codes];
    asked.abort();
    for (const each of signals) process.removeListener(each, ask);
    obeySignals();
  };
  for (const signal of signals) {
    process.removeListener(signal, end);
    process.on(signal, ask);
  }
  try {
    return { result: await action(asked.signal), code };
  } finally {
    for (const signal of signals) process.removeListener(signal, ask);
    for (const signal of signals) process.removeListener(signal, end);
    obeySignals();
  }
}
