/** A place on the line: the step from its beginning, the function there and its derivative along the line. */
export interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

/** What a line search came to. */
export interface LineSearchResult {
  /** The last place that was evaluated where `found`, else the lowest that was. */
  readonly point: LinePoint;
  /** Whether the strong Wolfe conditions hold at `point`. */
  readonly found: boolean;
}

/** Options of `lineSearch`. */
export interface LineSearchOptions {
  /** The first step to try. */
  readonly first: number;
  /** Decrease wanted, as a share of what the slope at the beginning promises: 1e-4. */
  readonly decrease: number;
  /** What may be left of the slope: 0.9. */
  readonly curvature: number;
  /** No more evaluations than this. */
  readonly evaluations: number;
}

/** The interval in which the search goes on. */
interface Bracket {
  /** The lowest place so far. */
  best: LinePoint;
  /** The other end. */
  other: LinePoint;
  closed: boolean;
}

const longestStep = 1e20;

/**
 * A step that satisfies the strong Wolfe conditions, by Moré and Thuente's safeguarded cubic interpolation. A place whose
 * value or slope is not finite counts as too far. Where the value is within rounding of the first one, the approximate Wolfe
 * conditions of Hager and Zhang decide, which need slopes only.
 * Source: Moré, Thuente, ACM TOMS 20 (1994) 286, doi:10.1145/192115.192132; Hager, Zhang, SIAM J. Optim. 16 (2005) 170,
 * doi:10.1137/030601880.
 *
 * @param evaluate value and slope at a step
 * @param start the place with step 0, its slope negative
 */
export async function lineSearch(
  evaluate: (step: number) => Promise<LinePoint>,
  start: LinePoint,
  options: LineSearchOptions,
): Promise<LineSearchResult> {
  const wanted = options.decrease * start.slope;
  const bracket: Bracket = { best: start, other: start, closed: false };
  let longest = longestStep;
  let [least, most] = [0, 5 * options.first];
  let [width, widthBefore] = [longestStep, 2 * longestStep];
  let step = options.first;
  let lifted = true;
  for (let count = 0; count < options.evaluations; count++) {
    const point = await evaluate(step);
    if (!Number.isFinite(point.value) || !Number.isFinite(point.slope)) {
      longest = step;
      most = Math.min(most, step);
      step = bracket.best.step + 0.2 * (step - bracket.best.step);
      continue;
    }
    if (accepted(point, start, options)) return { point, found: true };
    if (bracket.closed && (step <= least || step >= most || most - least <= 1e-15 * most)) break;

    const ceiling = start.value + step * wanted;
    if (lifted && point.value <= ceiling && point.slope >= 0) lifted = false;
    // While no place is below the line of sufficient decrease, the function above that line is what is searched.
    const tilted = lifted && point.value <= bracket.best.value && point.value > ceiling;
    step = narrow(bracket, point, tilted ? wanted : 0, least, Math.min(most, longest));
    if (bracket.closed) {
      const span = Math.abs(bracket.other.step - bracket.best.step);
      if (span >= 0.66 * widthBefore) step = (bracket.best.step + bracket.other.step) / 2;
      [widthBefore, width] = [width, span];
      least = Math.min(bracket.best.step, bracket.other.step);
      most = Math.max(bracket.best.step, bracket.other.step);
    } else {
      [least, most] = [step + 1.1 * (step - bracket.best.step), step + 4 * (step - bracket.best.step)];
    }
    if (longest < longestStep) step = Math.min(step, bracket.best.step + 0.9 * (longest - bracket.best.step));
  }
  return { point: bracket.best, found: false };
}

/** Strong Wolfe, or approximate Wolfe where the value has changed by rounding only. */
function accepted(point: LinePoint, start: LinePoint, { decrease, curvature }: LineSearchOptions): boolean {
  const flat = Math.abs(point.slope) <= -curvature * start.slope;
  if (flat && point.value <= start.value + point.step * decrease * start.slope) return true;
  const rounding = 8 * Number.EPSILON * Math.abs(start.value);
  return (
    point.value <= start.value + rounding &&
    point.value >= start.value - rounding &&
    point.slope >= curvature * start.slope &&
    point.slope <= (2 * decrease - 1) * start.slope
  );
}

/** Takes a place into the bracket and says where to look next. `tilt` is subtracted from every slope, `tilt · step` from every value. */
function narrow(bracket: Bracket, point: LinePoint, tilt: number, least: number, most: number): number {
  const lowered = ({ step, value, slope }: LinePoint) => ({ step, value: value - step * tilt, slope: slope - tilt });
  const [best, other, trial] = [lowered(bracket.best), lowered(bracket.other), lowered(point)];
  const higher = trial.value > best.value;
  const crossed = trial.slope * Math.sign(best.slope) < 0;
  const next = nextStep(best, other, trial, bracket.closed, least, most);
  if (higher || crossed) bracket.closed = true;
  if (higher) bracket.other = point;
  else {
    if (crossed) bracket.other = bracket.best;
    bracket.best = point;
  }
  return next;
}

/** The four cases of Moré and Thuente. */
function nextStep(
  best: LinePoint,
  other: LinePoint,
  trial: LinePoint,
  closed: boolean,
  least: number,
  most: number,
): number {
  const span = trial.step - best.step;
  const secant = trial.step + (trial.slope / (trial.slope - best.slope)) * (best.step - trial.step);
  if (trial.value > best.value) {
    const cubic = cubicStep(best, trial);
    const quadratic = best.step + (best.slope / ((best.value - trial.value) / span + best.slope) / 2) * span;
    const nearer = Math.abs(cubic - best.step) < Math.abs(quadratic - best.step);
    return nearer ? cubic : cubic + (quadratic - cubic) / 2;
  }
  if (trial.slope * Math.sign(best.slope) < 0) {
    const cubic = cubicStep(trial, best);
    return Math.abs(cubic - trial.step) > Math.abs(secant - trial.step) ? cubic : secant;
  }
  const end = trial.step > best.step ? most : least;
  if (Math.abs(trial.slope) < Math.abs(best.slope)) {
    const cubic = outwardCubic(best, trial) ?? end;
    const cubicNearer = Math.abs(cubic - trial.step) < Math.abs(secant - trial.step);
    if (!closed) return Math.min(most, Math.max(least, cubicNearer ? secant : cubic));
    const chosen = cubicNearer ? cubic : secant;
    const bound = trial.step + 0.66 * (other.step - trial.step);
    return trial.step > best.step ? Math.min(bound, chosen) : Math.max(bound, chosen);
  }
  return closed ? cubicStep(trial, other) : end;
}

/** The minimiser of the cubic with the values and slopes of two places, counted from `a`. */
function cubicStep(a: LinePoint, b: LinePoint): number {
  const theta = (3 * (a.value - b.value)) / (b.step - a.step) + a.slope + b.slope;
  const scale = Math.max(Math.abs(theta), Math.abs(a.slope), Math.abs(b.slope));
  const under = Math.max(0, (theta / scale) ** 2 - (a.slope / scale) * (b.slope / scale));
  const gamma = (b.step < a.step ? -1 : 1) * scale * Math.sqrt(under);
  const ratio = (gamma - a.slope + theta) / (gamma - a.slope + gamma + b.slope);
  return a.step + ratio * (b.step - a.step);
}

/** The minimiser of the cubic beyond `trial` as seen from `best`; undefined where it lies on the other side or nowhere. */
function outwardCubic(best: LinePoint, trial: LinePoint): number | undefined {
  const theta = (3 * (best.value - trial.value)) / (trial.step - best.step) + best.slope + trial.slope;
  const scale = Math.max(Math.abs(theta), Math.abs(best.slope), Math.abs(trial.slope));
  const under = (theta / scale) ** 2 - (best.slope / scale) * (trial.slope / scale);
  const gamma = (trial.step > best.step ? -1 : 1) * scale * Math.sqrt(Math.max(0, under));
  const ratio = (gamma - trial.slope + theta) / (gamma + (best.slope - trial.slope) + gamma);
  return ratio < 0 && gamma !== 0 ? trial.step + ratio * (best.step - trial.step) : undefined;
}
