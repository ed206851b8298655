import type { Terminal } from "./terminal.ts";

/** Says on a terminal how far a long computation is, on one line that is written over; silent when piped. */
export interface Progress {
  /** @param fraction 0 … 1 */
  at(fraction: number): void;
  /** Wipes the line. */
  end(): void;
}

/** Shorter computations say nothing. */
const patience = 500;
const barWidth = 24;

/**
 * @param what a word for what is done, such as `simulating`
 * @param now milliseconds, for tests
 */
export function startProgress(what: string, terminal: Terminal, now: () => number = () => performance.now()): Progress {
  if (!terminal.messagesAreShown) return { at: () => {}, end: () => {} };
  const begun = now();
  let shown = false;
  return {
    at(fraction) {
      const elapsed = now() - begun;
      if (elapsed < patience) return;
      shown = true;
      terminal.line(progressLine(what, fraction, elapsed));
    },
    end() {
      if (shown) terminal.line("");
    },
  };
}

/** Says on a terminal what is done meanwhile, where nobody can tell how far it is. */
export async function saying<T>(text: string, terminal: Terminal, work: () => Promise<T>): Promise<T> {
  terminal.line(text);
  try {
    return await work();
  } finally {
    terminal.line("");
  }
}

/** `simulating ━━━━━━────── 48 %, 12 s left` */
export function progressLine(what: string, fraction: number, elapsed: number): string {
  const part = Math.min(1, Math.max(0, fraction));
  const full = Math.round(part * barWidth);
  const bar = "━".repeat(full) + "─".repeat(barWidth - full);
  const left = part > 0 ? `, ${duration((elapsed * (1 - part)) / part)} left` : "";
  return `${what} ${bar} ${Math.floor(100 * part)} %${left}`;
}

/** Milliseconds as a person says them: `40 ms`, `1.2 s`, `3 min 20 s`, `5 h 10 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 9950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
