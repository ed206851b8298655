import { bennett5, eckerle4, hahn1, mgh09, rat43, thurber } from "./nist-observations.ts";

/** A nonlinear problem with its certified solution. Source: NIST StRD, https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml */
export interface NonlinearProblem {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly starts: readonly (readonly number[])[];
  readonly certified: readonly number[];
  readonly deviations: readonly number[];
  readonly squares: number;
  model(b: readonly number[], x: number): number;
  /** ∂ model / ∂ b. */
  slopes(b: readonly number[], x: number): readonly number[];
}

/** (b0 + b1 x + b2 x² + b3 x³) / (1 + b4 x + b5 x² + b6 x³) */
const cubicRatio = {
  model([b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0]: readonly number[], x: number) {
    return (b0 + x * (b1 + x * (b2 + x * b3))) / (1 + x * (b4 + x * (b5 + x * b6)));
  },
  slopes(b: readonly number[], x: number) {
    const below = 1 + x * (b[4]! + x * (b[5]! + x * b[6]!));
    const value = this.model(b, x);
    const powers = [1, x, x * x, x ** 3];
    return [...powers.map((power) => power / below), ...powers.slice(1).map((power) => (-value * power) / below)];
  },
};

export const nonlinearProblems: readonly NonlinearProblem[] = [
  {
    name: "Hahn1",
    ...hahn1,
    ...cubicRatio,
    starts: [
      [10, -1, 0.05, -0.00001, -0.05, 0.001, -0.000001],
      [1, -0.1, 0.005, -0.000001, -0.005, 0.0001, -0.0000001],
    ],
    certified: [
      1.0776351733, -1.2269296921e-1, 4.086375061e-3, -1.4262662514e-6, -5.7609940901e-3, 2.4053735503e-4,
      -1.2314450199e-7,
    ],
    deviations: [
      1.7070154742e-1, 1.2000289189e-2, 2.2508314937e-4, 2.7578037666e-7, 2.4712888219e-4, 1.0449373768e-5,
      1.3027335327e-8,
    ],
    squares: 1.5324382854,
  },
  {
    name: "MGH09",
    ...mgh09,
    starts: [
      [25, 39, 41.5, 39],
      [0.25, 0.39, 0.415, 0.39],
    ],
    certified: [1.9280693458e-1, 1.9128232873e-1, 1.2305650693e-1, 1.3606233068e-1],
    deviations: [1.1435312227e-2, 1.9633220911e-1, 8.0842031232e-2, 9.0025542308e-2],
    squares: 3.0750560385e-4,
    model: ([b0 = 0, b1 = 0, b2 = 0, b3 = 0], x) => (b0 * (x * x + x * b1)) / (x * x + x * b2 + b3),
    slopes([b0 = 0, b1 = 0, b2 = 0, b3 = 0], x) {
      const [above, below] = [x * x + x * b1, x * x + x * b2 + b3];
      return [above / below, (b0 * x) / below, (-b0 * above * x) / below ** 2, (-b0 * above) / below ** 2];
    },
  },
  {
    name: "Thurber",
    ...thurber,
    ...cubicRatio,
    starts: [
      [1000, 1000, 400, 40, 0.7, 0.3, 0.03],
      [1300, 1500, 500, 75, 1, 0.4, 0.05],
    ],
    certified: [
      1.28813968e3, 1.4910792535e3, 5.8323836877e2, 7.5416644291e1, 9.6629502864e-1, 3.9797285797e-1, 4.9727297349e-2,
    ],
    deviations: [
      4.6647963344, 3.9571156086e1, 2.8698696102e1, 5.567537027, 3.1333340687e-2, 1.4984928198e-2, 6.5842344623e-3,
    ],
    squares: 5.6427082397e3,
  },
  {
    name: "Eckerle4",
    ...eckerle4,
    starts: [
      [1, 10, 500],
      [1.5, 5, 450],
    ],
    certified: [1.5543827178, 4.0888321754, 4.5154121844e2],
    deviations: [1.5408051163e-2, 4.6803020753e-2, 4.6800518816e-2],
    squares: 1.4635887487e-3,
    model: ([b0 = 0, b1 = 0, b2 = 0], x) => (b0 / b1) * Math.exp(-0.5 * ((x - b2) / b1) ** 2),
    slopes([b0 = 0, b1 = 0, b2 = 0], x) {
      const z = (x - b2) / b1;
      const bell = Math.exp(-0.5 * z * z) / b1;
      return [bell, (b0 * bell * (z * z - 1)) / b1, (b0 * bell * z) / b1];
    },
  },
  {
    name: "Rat43",
    ...rat43,
    starts: [
      [100, 10, 1, 1],
      [700, 5, 0.75, 1.3],
    ],
    certified: [6.996415127e2, 5.2771253025, 7.5962938329e-1, 1.2792483859],
    deviations: [1.6302297817e1, 2.0828735829, 1.9566123451e-1, 6.8761936385e-1],
    squares: 8.786404908e3,
    model: ([b0 = 0, b1 = 0, b2 = 0, b3 = 0], x) => b0 * (1 + Math.exp(b1 - b2 * x)) ** (-1 / b3),
    slopes([b0 = 0, b1 = 0, b2 = 0, b3 = 0], x) {
      const e = Math.exp(b1 - b2 * x);
      const power = (1 + e) ** (-1 / b3);
      const inner = (-b0 * power * e) / (b3 * (1 + e));
      return [power, inner, -inner * x, (b0 * power * Math.log1p(e)) / b3 ** 2];
    },
  },
  {
    name: "Bennett5",
    ...bennett5,
    starts: [
      [-2000, 50, 0.8],
      [-1500, 45, 0.85],
    ],
    certified: [-2.5235058043e3, 4.6736564644e1, 9.3218483193e-1],
    deviations: [2.9715175411e2, 1.2448871856, 2.0272299378e-2],
    squares: 5.2404744073e-4,
    model: ([b0 = 0, b1 = 0, b2 = 0], x) => b0 * (b1 + x) ** (-1 / b2),
    slopes([b0 = 0, b1 = 0, b2 = 0], x) {
      const power = (b1 + x) ** (-1 / b2);
      return [power, (-b0 * power) / (b2 * (b1 + x)), (b0 * power * Math.log(b1 + x)) / b2 ** 2];
    },
  },
];

/** Observed minus model. */
export function residualsOf(problem: NonlinearProblem): (b: Float64Array) => Float64Array {
  return (b) => Float64Array.from(problem.x, (x, i) => problem.y[i]! - problem.model([...b], x));
}

/** [m × n], row-major. */
export function jacobianOf(problem: NonlinearProblem): (b: Float64Array) => Float64Array {
  return (b) => Float64Array.from(problem.x.flatMap((x) => problem.slopes([...b], x).map((slope) => -slope)));
}
