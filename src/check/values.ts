import type { Kernels } from "../codegen/load.ts";
import type { WasmKernels } from "../codegen/wasm/loader.ts";
import { bluntBound, type Check, type CheckLine, skipped, Tally } from "./check.ts";
import type { Point } from "./points.ts";
import { portableKernels, wasmKernels } from "./roads.ts";
import { evaluateRounded, type Rounded } from "./rounding.ts";
import type { Subject } from "./subject.ts";

/** Each of two roads rounds, and they may take sums in different orders: four times the running error holds both. */
export const roads = 4;
const rounding = "rounding of every operation, carried through";
const sameBits = "the same operations in the same order";

/** H and the field of every emitted program against the interpreter and against each other. */
export const values: Check = {
  name: "values",
  title: "H, by the interpreter and by every program",
  run: async (subject) => {
    const { compiled } = subject;
    const portable = portableKernels(compiled);
    const strict = await wasmKernels(compiled, false);
    const fused = await wasmKernels(compiled, true);
    const energies = subject.points.map((point) => subject.energy(point));
    const against = (claim: string, kernels: Pick<Kernels, "hamiltonian"> | string): CheckLine =>
      typeof kernels === "string" ? skipped(claim, kernels) : energyLine(subject, energies, claim, kernels);
    return [
      against("H: JavaScript = interpreter", compiled),
      against("H: portable JavaScript = interpreter", portable),
      against("H: WebAssembly = interpreter", strict),
      against("H: WebAssembly, fused = interpreter", fused),
      ...bitLines(subject, portable, strict),
    ];
  },
};

function energyLine(
  { points, compiled }: Subject,
  energies: readonly Rounded[],
  claim: string,
  kernels: Pick<Kernels, "hamiltonian">,
): CheckLine {
  const tally = new Tally(bluntBound * energies.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0));
  points.forEach((point, k) => {
    const { value, error } = energies[k]!;
    tally.add(kernels.hamiltonian(point.x, undefined, point.t) - value, roads * error, point, "H");
  });
  const exact = compiled.model.hamiltonian.kind === "const";
  return tally.line(claim, exact ? "H is a constant" : rounding);
}

/** Bit for bit: a sign of zero and a NaN count. */
function bitLines({ points, compiled, names }: Subject, portable: Kernels, strict: WasmKernels | string): CheckLine[] {
  const claims = [
    "H, ∂H/∂x, ẋ: portable JavaScript = WebAssembly",
    "ẋ: WebAssembly, many at once = one at a time",
  ] as const;
  if (typeof strict === "string") return claims.map((claim) => skipped(claim, strict));
  const { dimension } = compiled.meta;
  const [across, within] = [new Tally(), new Tally()];
  const compare = (tally: Tally, a: ArrayLike<number>, b: ArrayLike<number>, at: Point, of: (k: number) => string) => {
    for (let k = 0; k < a.length; k++) tally.add(Object.is(a[k], b[k]) ? 0 : 1, 0, at, of(k));
  };
  const times = new Set(points.map(({ t }) => t));
  const together =
    times.size === 1
      ? strict.batch.field(
          points.flatMap(({ x }) => [...x]),
          undefined,
          undefined,
          points[0]!.t,
        )
      : undefined;
  points.forEach((point, row) => {
    const { x, t } = point;
    const field = strict.field(x, undefined, undefined, t);
    compare(across, [portable.hamiltonian(x, undefined, t)], [strict.hamiltonian(x, undefined, t)], point, () => "H");
    compare(
      across,
      portable.gradient(x, undefined, undefined, t),
      strict.gradient(x, undefined, undefined, t),
      point,
      (k) => `∂H/∂${names[k]}`,
    );
    compare(across, portable.field(x, undefined, undefined, t), field, point, (k) => `d${names[k]}/dt`);
    const own = together
      ? together.subarray(row * dimension, (row + 1) * dimension)
      : strict.batch.field(x, undefined, undefined, t);
    compare(within, own, field, point, (k) => `d${names[k]}/dt`);
  });
  return [across.line(claims[0], sameBits, "different bits"), within.line(claims[1], sameBits, "different bits")];
}

/** H of an expression at a point; for checks that evaluate it elsewhere. */
export function energyAt(subject: Subject, x: Float64Array, t: number): Rounded {
  return evaluateRounded(subject.compiled.model.hamiltonian, subject.values({ x, t }));
}
