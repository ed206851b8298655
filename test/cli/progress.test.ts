import { describe, expect, test } from "vitest";
import { duration, progressLine, startProgress } from "../../src/cli/progress.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

/** A terminal that remembers the line. */
function terminalWith(messagesAreShown: boolean): { terminal: Terminal; lines: string[] } {
  const lines: string[] = [];
  const terminal: Terminal = {
    dataIsShown: false,
    messagesAreShown,
    data: async () => {},
    json: async () => {},
    message: (text) => lines.push(`message: ${text}`),
    line: (text) => lines.push(text),
    size: { columns: 80, rows: 24 },
    styleData: (_, text) => text,
    styleMessage: (_, text) => text,
  };
  return { terminal, lines };
}

test.each([
  [0, "0 ms"],
  [39.6, "40 ms"],
  [999, "999 ms"],
  [999.7, "1.0 s"],
  [1234, "1.2 s"],
  [9960, "10 s"],
  [59_400, "59 s"],
  [59_800, "1 min 0 s"],
  [200_000, "3 min 20 s"],
  [3_599_700, "1 h 0 min"],
  [18_600_000, "5 h 10 min"],
])("%f ms are %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

describe("the line", () => {
  test.each([
    [0, 1000, "simulating ──────────────────────── 0 %"],
    [0.25, 1000, "simulating ━━━━━━────────────────── 25 %, 3.0 s left"],
    [0.999, 1000, "simulating ━━━━━━━━━━━━━━━━━━━━━━━━ 99 %, 1 ms left"],
    [1.5, 1000, "simulating ━━━━━━━━━━━━━━━━━━━━━━━━ 100 %, 0 ms left"],
    [-1, 1000, "simulating ──────────────────────── 0 %"],
  ])("at %f after %f ms", (fraction, elapsed, line) => {
    expect(progressLine("simulating", fraction, elapsed)).toBe(line);
  });
});

describe("progress on a terminal", () => {
  test("says nothing in the first half second, then the line, and wipes it", () => {
    const { terminal, lines } = terminalWith(true);
    let now = 100;
    const progress = startProgress("simulating", terminal, () => now);
    now = 500;
    progress.at(0.1);
    expect(lines).toEqual([]);
    now = 1100;
    progress.at(0.5);
    progress.end();
    expect(lines).toEqual([progressLine("simulating", 0.5, 1000), ""]);
  });

  test("has nothing to wipe where nothing was said", () => {
    const { terminal, lines } = terminalWith(true);
    startProgress("simulating", terminal, () => 0).end();
    expect(lines).toEqual([]);
  });

  test("is silent where nobody watches", () => {
    const { terminal, lines } = terminalWith(false);
    let now = 0;
    const progress = startProgress("simulating", terminal, () => now);
    now = 5000;
    progress.at(0.5);
    progress.end();
    expect(lines).toEqual([]);
  });
});
