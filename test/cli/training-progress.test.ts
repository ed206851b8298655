import { describe, expect, test } from "vitest";
import type { Terminal } from "../../src/cli/terminal.ts";
import { lineOf, startTrainingTale } from "../../src/cli/training-progress.ts";
import type { TrainingProgress } from "../../src/train/options.ts";

/** A terminal that keeps what it is told, and a clock that is set by hand. */
function scene(isWatched: boolean, columns = 120) {
  const lines: string[] = [];
  const messages: string[] = [];
  const clock = { now: 0 };
  const terminal: Terminal = {
    dataIsShown: false,
    messagesAreShown: isWatched,
    data: async () => {},
    json: async () => {},
    message: (text) => void messages.push(text),
    line: (text) => void lines.push(text),
    size: { columns, rows: 24 },
    styleData: (_, text) => text,
    styleMessage: (_, text) => text,
  };
  return { lines, messages, clock, tale: startTrainingTale(terminal, () => clock.now) };
}

const at = (step: number): TrainingProgress => ({ step, steps: 2000, loss: 0.0361, stepTime: 1.5625 });

describe("on a terminal", () => {
  test("one line is written over: how far, the loss, the pace; and wiped at the end", () => {
    const { lines, messages, clock, tale } = scene(true);
    clock.now = 1500;
    tale.at(at(960));
    tale.learned({ energyError: 0.01234 });
    tale.at(at(960));
    tale.learned({ testLoss: 0.05 });
    tale.at(at(960));
    tale.end();
    expect(lines).toEqual([
      expect.stringMatching(/^training ━+─+ 48 %, .* left · loss 3\.61e-2 · 640 steps\/s$/),
      expect.stringMatching(/ · loss 3\.61e-2, energy off by 1\.2 % · 640 steps\/s$/),
      expect.stringMatching(/ · loss 3\.61e-2, test 5\.00e-2, energy off by 1\.2 % · 640 steps\/s$/),
      "",
    ]);
    expect(messages).toEqual([]);
  });

  test("what does not fit is left out at the end", () => {
    const { lines, tale } = scene(true, 70);
    tale.learned({ energyError: 0.01234, testLoss: 0.05 });
    tale.at(at(960));
    expect(lines).toEqual([expect.stringMatching(/ · loss 3\.61e-2$/)]);
    expect(lines[0]!.length).toBeLessThan(70);
  });

  test("a test loss that is not finite is left out", () => {
    expect(lineOf(at(2000), { testLoss: Number.NaN }, 3000)).not.toContain("test");
  });
});

describe("where nobody watches", () => {
  test("a line each five seconds, none for runs that are shorter", () => {
    const { lines, messages, clock, tale } = scene(false);
    for (const [now, step] of [
      [100, 64],
      [4999, 500],
      [5000, 960],
      [9999, 1000],
      [10_100, 1360],
    ] as const) {
      clock.now = now;
      tale.at(at(step));
    }
    tale.end();
    expect(lines).toEqual([]);
    expect(messages).toEqual([
      "step 960 of 2000: loss 3.61e-2, 640 steps/s, 1.6 s left",
      "step 1360 of 2000: loss 3.61e-2, 640 steps/s, 1.0 s left",
    ]);
  });
});
