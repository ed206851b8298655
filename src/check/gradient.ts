import { type Check, type CheckLine, Tally } from "./check.ts";
import { bluntSlope, type Slope, slopes } from "./derivatives.ts";
import { type Estimate, extrapolate } from "./extrapolate.ts";
import type { Point } from "./points.ts";
import { wasmKernels } from "./roads.ts";
import type { Subject } from "./subject.ts";
import { roads } from "./values.ts";

/** The gradient kernel against symbolic derivatives, one variable at a time, and against differences of H. */
export const gradient: Check = {
  name: "gradient",
  title: "∂H/∂x, by three roads",
  run: async (subject) => {
    const { compiled } = subject;
    const fused = await wasmKernels(compiled, true);
    const against = (claim: string, kernels: Pick<typeof compiled, "gradient">) =>
      symbolicLine(subject, claim, kernels);
    return [
      against("∂H/∂x: reverse sweep = derivative by derivative", compiled),
      ...(typeof fused === "string" ? [] : [against("∂H/∂x: WebAssembly, fused = the same", fused)]),
      differenceLine(subject),
    ];
  },
};

function symbolicLine(subject: Subject, claim: string, kernels: Pick<Subject["compiled"], "gradient">): CheckLine {
  const tally = new Tally(bluntSlope(subject));
  forEachSlope(subject, kernels, (slope, value) => {
    tally.add(value - slope.value, roads * slope.error, slope.point, `∂H/∂${subject.names[slope.entry]}`);
  });
  return tally.line(claim, "rounding of every operation, carried through");
}

function forEachSlope(
  subject: Subject,
  kernels: Pick<Subject["compiled"], "gradient">,
  visit: (slope: Slope, value: number) => void,
): void {
  let at: Point | undefined;
  let gradientThere = new Float64Array();
  for (const slope of slopes(subject)) {
    if (slope.point !== at) {
      at = slope.point;
      gradientThere = Float64Array.from(kernels.gradient(at.x, undefined, undefined, at.t));
    }
    visit(slope, gradientThere[slope.entry]!);
  }
}

/** The first step, relative to the size of the variable, how often it is halved, and how often beside a kink. */
const [firstStep, levels, manyLevels] = [0.05, 8, 20];
/** Ridders' error is an estimate and no bound; with this factor it is one in practice. */
const caution = 4;

function differenceLine(subject: Subject): CheckLine {
  const tally = new Tally(bluntSlope(subject));
  let at: Point | undefined;
  let noise = 0;
  forEachSlope(subject, subject.compiled, ({ point, entry, error }, value) => {
    if (point !== at) noise = subject.energy(point).error;
    at = point;
    const found = difference(subject, point, entry, { noise, levels });
    const agrees = Math.abs(value - found.value) <= caution * found.error + error;
    // Long steps that all reach over a kink agree on a slope that is not there.
    const best = agrees ? found : difference(subject, point, entry, { noise, levels: manyLevels });
    tally.add(value - best.value, caution * best.error + error, point, `∂H/∂${subject.names[entry]}`);
  });
  return tally.line("∂H/∂x: reverse sweep = differences of H", "halving the step to 0: what is left, and rounding");
}

/** The derivative of the compiled H by central differences. */
function difference(
  { compiled, sizes }: Subject,
  { x, t }: Point,
  entry: number,
  { noise, levels: halvings }: { readonly noise: number; readonly levels: number },
): Estimate {
  const moved = Float64Array.from(x);
  const energy = (to: number): number => {
    moved[entry] = to;
    return compiled.hamiltonian(moved, undefined, t);
  };
  const own = x[entry]!;
  const rounding = (h: number): number => (2 * noise) / h;
  const slope = (h: number): number => {
    const [high, low] = [own + h, own - h];
    return (energy(high) - energy(low)) / (high - low);
  };
  return extrapolate(slope, rounding, { first: firstStep * sizes[entry]!, levels: halvings });
}
