import type { Example } from "./command.ts";
import type { Terminal } from "./terminal.ts";

/** Each example on two lines: what to type, what it gives. */
export function exampleLines(shown: readonly Example[], style: Terminal["styleData"]): string {
  return shown.map(({ run, gives }) => `  ${style("cyan", run)}\n      ${gives}`).join("\n");
}

/** Lines of two columns. */
export function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
