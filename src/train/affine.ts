import { randomStream } from "../data/random.ts";
import { HnncError } from "../errors.ts";
import { type Matrix, matrix, multiply } from "../fit/matrix.ts";
import { norm } from "../fit/vector.ts";
import type { FitProblem } from "./fit-problem.ts";
import type { NaturalCoordinates } from "./natural-coordinates.ts";
import { squaresOf } from "./squares.ts";

/** The errors of a problem near its first parameters: errors + A (z − first) in natural coordinates z. */
export interface LinearForm {
  readonly natural: NaturalCoordinates;
  /** [n] */
  readonly first: Float64Array;
  /** [rows] */
  readonly errors: Float64Array;
  /** A: [rows × n] */
  readonly matrix: Matrix;
}

/** Penalties on weights are left out. */
export async function linearForm(problem: FitProblem): Promise<LinearForm> {
  const { natural, first, residuals, jacobian } = squaresOf({ ...problem, weightDecay: 0 });
  const errors = await residuals(first);
  return { natural, first, errors, matrix: matrix(errors.length, first.length, await jacobian(first)) };
}

/** How far errors elsewhere may be from what the linear form foretells, relative to their change. */
const tolerances = { f64: 1e-8, f32: 1e-3 } as const;

/** Whether the linear form foretells the errors at two random places: what is affine there is affine everywhere. */
export async function isAffine(problem: FitProblem, form: LinearForm, seed: number): Promise<boolean> {
  for (const place of [0, 1]) if (!(await foretells(problem, form, randomMove(form, seed, place)))) return false;
  return true;
}

async function foretells(
  problem: FitProblem,
  { natural, first, errors, matrix: a }: LinearForm,
  move: Float64Array,
): Promise<boolean> {
  const found = await problem.residuals(natural.toRaw(first.map((value, k) => value + move[k]!)));
  const change = multiply(a, move);
  const off = norm(found.map((value, i) => value - errors[i]! - change[i]!));
  return off <= tolerances[problem.precision] * (norm(change) + norm(errors));
}

/** About as far as each parameter is large, and at most halfway to a bound. */
function randomMove({ first, natural }: LinearForm, seed: number, place: number): Float64Array {
  const { normal } = randomStream(seed, "places to look whether errors are linear").at(place);
  return first.map((value, k) => {
    const move = normal() * (Math.abs(value) || 1);
    return Math.min(Math.max(move, (natural.lower[k]! - value) / 2), (natural.upper[k]! - value) / 2);
  });
}

/** The error that names what errors are not linear in. */
export async function notLinear(problem: FitProblem, form: LinearForm, seed: number): Promise<HnncError> {
  const whole = randomMove(form, seed, 0);
  const bent: string[] = [];
  for (const { name, offset, size } of problem.set.slices) {
    const alone = whole.map((value, k) => (k >= offset && k < offset + size ? value : 0));
    if (!(await foretells(problem, form, alone))) bent.push(`\`${name.replace(/^constant\./, "")}\``);
  }
  return new HnncError({
    kind: "usage",
    code: "not-linear",
    message: `\`linear\` fits errors that are linear in the parameters; these are not in ${bent.join(", ") || "some of them together"}`,
    notes: ["linear are factors of terms of H, of forces and of damping, with the losses `derivatives` and `midpoint`"],
    hint: "use the optimiser `levenberg-marquardt`, or `lbfgs` where there are networks",
  });
}
