import type { TrainingProgress } from "../train/options.ts";
import { duration, progressLine } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** Tells how training goes: one line written over on a terminal, a line now and then where nobody watches. */
export interface TrainingTale {
  at(progress: TrainingProgress): void;
  /** What is known anew of the model. */
  learned(figures: TrainingFigures): void;
  end(): void;
}

/** Figures that cost too much to have at every step. */
export interface TrainingFigures {
  readonly testLoss?: number | undefined;
  /** As a share of what the true energy varies by. */
  readonly energyError?: number | undefined;
}

/** Between lines that are piped, in milliseconds. */
const pipedEvery = 5000;

/** @param now milliseconds, for tests */
export function startTrainingTale(terminal: Terminal, now: () => number = () => performance.now()): TrainingTale {
  const begun = now();
  let figures: TrainingFigures = {};
  let told = begun;
  return {
    at(progress) {
      const elapsed = now() - begun;
      if (terminal.messagesAreShown) terminal.line(fitting(lineOf(progress, figures, elapsed), terminal.size.columns));
      else if (now() - told >= pipedEvery) {
        told = now();
        terminal.message(plainLine(progress, figures));
      }
    },
    learned(found) {
      figures = { ...figures, ...found };
    },
    end() {
      if (terminal.messagesAreShown) terminal.line("");
    },
  };
}

/** `training ━━━━━━────── 48 %, 3.1 s left · loss 3.6e-2, energy 1.2 % · 640 steps/s` */
export function lineOf(progress: TrainingProgress, figures: TrainingFigures, elapsed: number): string {
  const { step, steps, stepTime } = progress;
  return `${progressLine("training", step / steps, elapsed)} · ${figuresTold(progress, figures)} · ${rate(stepTime)}`;
}

/** As many of its parts, from the first, as stand on one line: a line that wraps cannot be written over. */
function fitting(line: string, columns: number): string {
  const parts = line.split(/(?= · |, )/);
  let text = parts[0]!;
  for (const part of parts.slice(1)) {
    if (text.length + part.length >= columns) break;
    text += part;
  }
  return text;
}

function plainLine(progress: TrainingProgress, figures: TrainingFigures): string {
  const { step, steps, stepTime } = progress;
  const left = duration((steps - step) * stepTime);
  return `step ${step} of ${steps}: ${figuresTold(progress, figures)}, ${rate(stepTime)}, ${left} left`;
}

function figuresTold({ loss }: TrainingProgress, { testLoss, energyError }: TrainingFigures): string {
  const parts = [`loss ${loss.toExponential(2)}`];
  if (testLoss !== undefined && Number.isFinite(testLoss)) parts.push(`test ${testLoss.toExponential(2)}`);
  if (energyError !== undefined) parts.push(`energy off by ${percent(energyError)}`);
  return parts.join(", ");
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

function rate(stepTime: number): string {
  return `${Number((1000 / stepTime).toPrecision(3))} steps/s`;
}
