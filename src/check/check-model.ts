import type { Compiled } from "../compile.ts";
import { HnncError } from "../errors.ts";
import type { Check, CheckLine } from "./check.ts";
import { checks } from "./checks.ts";
import type { CheckOptions } from "./options.ts";
import { type Subject, subjectOf } from "./subject.ts";

/** A line of the report and the check that it belongs to. */
export interface ReportLine extends CheckLine {
  readonly check: string;
  readonly title: string;
}

/** What was found of a model. */
export interface CheckReport {
  /** H in canonical form. */
  readonly model: string;
  /** The names of the state's entries, in the order of the states below. */
  readonly names: readonly string[];
  /** No line fails. */
  readonly passed: boolean;
  readonly counts: { readonly pass: number; readonly fail: number; readonly skipped: number };
  /**
   * Random states that were compared, those that were drawn (more where the interpreter takes long), and those passed over
   * because H is not finite there.
   */
  readonly points: number;
  readonly drawn: number;
  readonly passedOver: number;
  readonly seed: number;
  /** The trajectory, where the motion could be followed. */
  readonly trajectory: TrajectoryFacts | undefined;
  readonly lines: readonly ReportLine[];
}

export interface TrajectoryFacts {
  readonly start: readonly number[];
  /** It runs from 0 to here, and why no further. */
  readonly t: number;
  readonly why: string;
  readonly steps: number;
  /** How often the error of a start is multiplied on the way. */
  readonly growth: number;
}

/**
 * Computes every number of a model by two independent roads and compares them: each line says what was measured, what
 * it is held to and where that bound comes from.
 *
 * @throws HnncError kind `usage` where a parameter has no value; `no-finite-energy` (diverged) where H is finite nowhere
 * @example
 * const report = await check(compile("p^2/2 - cos(q)"));
 * report.passed; // true
 */
export async function check(compiled: Compiled, options: CheckOptions = {}): Promise<CheckReport> {
  const subject = subjectOf(compiled, options);
  const lines: ReportLine[] = [];
  for (const member of Object.values<Check>(checks)) {
    const { name, title } = member;
    for (const line of await linesOf(member, subject)) lines.push({ check: name, title, ...line });
  }
  const count = (verdict: CheckLine["verdict"]) => lines.filter((line) => line.verdict === verdict).length;
  const counts = { pass: count("pass"), fail: count("fail"), skipped: count("skipped") };
  return {
    model: compiled.meta.source,
    names: subject.names,
    passed: counts.fail === 0,
    counts,
    points: subject.points.length,
    drawn: subject.drawn,
    passedOver: subject.passedOver,
    seed: options.seed ?? 0,
    trajectory: trajectoryFacts(subject),
    lines,
  };
}

/** A check that breaks off has not passed. */
async function linesOf({ run, title }: Check, subject: Subject): Promise<readonly CheckLine[]> {
  try {
    return await run(subject);
  } catch (error) {
    if (!(error instanceof HnncError)) throw error;
    return [{ claim: title, verdict: "fail", because: error.message }];
  }
}

function trajectoryFacts({ flow, start }: Subject): TrajectoryFacts | undefined {
  try {
    const { end, why, steps, growth } = flow();
    return { start: [...start], t: end, why, steps, growth };
  } catch (error) {
    if (error instanceof HnncError) return undefined;
    throw error;
  }
}
