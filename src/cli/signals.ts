import { undoAll } from "../data/undo.ts";

const codes = { SIGINT: 130, SIGTERM: 143 } as const;
const signals = Object.keys(codes) as readonly (keyof typeof codes)[];

/** Ends the process with 130 on SIGINT and 143 on SIGTERM, after undoing what is half done. */
export function obeySignals(): void {
  for (const signal of signals) {
    process.removeListener(signal, end);
    process.on(signal, end);
  }
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

/** The same for a computation with pauses in it. */
export async function interruptibleWork<T>(work: () => Promise<T>): Promise<T> {
  for (const signal of signals) process.removeListener(signal, end);
  try {
    return await work();
  } finally {
    obeySignals();
  }
}

/** What an action that is asked to come to an end may take for it, in milliseconds. */
const patience = 1500;

/**
 * Runs an action that a first signal asks to come to an end, so that it can keep what it has; a second one ends the process
 * at once, and so does `patience`: nobody waits for an engine that is still being made ready.
 *
 * @param tooLate told when patience ends
 * @returns what came of it, and the exit code: 0, or that of the signal
 */
export async function stoppable<T>(
  action: (signal: AbortSignal) => Promise<T>,
  tooLate: () => void = () => {},
): Promise<{ readonly result: T; readonly code: number }> {
  const asked = new AbortController();
  let code = 0;
  let waiting: NodeJS.Timeout | undefined;
  const ask = (signal: NodeJS.Signals) => {
    if (asked.signal.aborted) return die(signal);
    code = codes[signal as keyof typeof codes];
    asked.abort();
    waiting = setTimeout(() => {
      tooLate();
      die(signal);
    }, patience);
  };
  for (const signal of signals) {
    process.removeListener(signal, end);
    process.on(signal, ask);
  }
  try {
    return { result: await action(asked.signal), code };
  } finally {
    clearTimeout(waiting);
    for (const signal of signals) process.removeListener(signal, ask);
    obeySignals();
  }
}

/**
 * Ends the process by the system's own handler. `process.exit` would first end the threads of an engine, which abort the
 * process when they are in the middle of their work.
 */
function die(signal: NodeJS.Signals): void {
  undoAll();
  for (const each of signals) process.removeAllListeners(each);
  process.kill(process.pid, signal);
}
