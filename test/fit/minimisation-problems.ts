/**
 * Functions with known minima, as sums of squares of residuals with their derivatives.
 * Source: Moré, Garbow, Hillstrom, ACM TOMS 7 (1981) 17, doi:10.1145/355934.355936; the number in that paper stands with each.
 */
export interface MinimisationProblem {
  readonly name: string;
  readonly start: readonly number[];
  /** The sum of squares at the minimum. */
  readonly least: number;
  /** Where it is, when there is one place only. */
  readonly at?: readonly number[];
  /** Residuals and rows of derivatives. */
  residuals(x: readonly number[]): readonly { readonly value: number; readonly slopes: readonly number[] }[];
}

export const rosenbrock: MinimisationProblem = {
  name: "Rosenbrock (1)",
  start: [-1.2, 1],
  least: 0,
  at: [1, 1],
  residuals: ([x = 0, y = 0]) => [
    { value: 10 * (y - x * x), slopes: [-20 * x, 10] },
    { value: 1 - x, slopes: [-1, 0] },
  ],
};

export const beale: MinimisationProblem = {
  name: "Beale (5)",
  start: [1, 1],
  least: 0,
  at: [3, 0.5],
  residuals: ([x = 0, y = 0]) =>
    [1.5, 2.25, 2.625].map((target, k) => ({
      value: target - x * (1 - y ** (k + 1)),
      slopes: [-(1 - y ** (k + 1)), x * (k + 1) * y ** k],
    })),
};

export const powellBadlyScaled: MinimisationProblem = {
  name: "Powell badly scaled (3)",
  start: [0, 1],
  least: 0,
  at: [1.0981593296997e-5, 9.106146739867],
  residuals: ([x = 0, y = 0]) => [
    { value: 1e4 * x * y - 1, slopes: [1e4 * y, 1e4 * x] },
    { value: Math.exp(-x) + Math.exp(-y) - 1.0001, slopes: [-Math.exp(-x), -Math.exp(-y)] },
  ],
};

export const brownBadlyScaled: MinimisationProblem = {
  name: "Brown badly scaled (4)",
  start: [1, 1],
  least: 0,
  at: [1e6, 2e-6],
  residuals: ([x = 0, y = 0]) => [
    { value: x - 1e6, slopes: [1, 0] },
    { value: y - 2e-6, slopes: [0, 1] },
    { value: x * y - 2, slopes: [y, x] },
  ],
};

export const powellSingular: MinimisationProblem = {
  name: "Powell singular (13)",
  start: [3, -1, 0, 1],
  least: 0,
  residuals: ([a = 0, b = 0, c = 0, d = 0]) => [
    { value: a + 10 * b, slopes: [1, 10, 0, 0] },
    { value: Math.sqrt(5) * (c - d), slopes: [0, 0, Math.sqrt(5), -Math.sqrt(5)] },
    { value: (b - 2 * c) ** 2, slopes: [0, 2 * (b - 2 * c), -4 * (b - 2 * c), 0] },
    {
      value: Math.sqrt(10) * (a - d) ** 2,
      slopes: [2 * Math.sqrt(10) * (a - d), 0, 0, -2 * Math.sqrt(10) * (a - d)],
    },
  ],
};

export const wood: MinimisationProblem = {
  name: "Wood (14)",
  start: [-3, -1, -3, -1],
  least: 0,
  at: [1, 1, 1, 1],
  residuals: ([a = 0, b = 0, c = 0, d = 0]) => [
    { value: 10 * (b - a * a), slopes: [-20 * a, 10, 0, 0] },
    { value: 1 - a, slopes: [-1, 0, 0, 0] },
    { value: Math.sqrt(90) * (d - c * c), slopes: [0, 0, -2 * Math.sqrt(90) * c, Math.sqrt(90)] },
    { value: 1 - c, slopes: [0, 0, -1, 0] },
    { value: Math.sqrt(10) * (b + d - 2), slopes: [0, Math.sqrt(10), 0, Math.sqrt(10)] },
    { value: (b - d) / Math.sqrt(10), slopes: [0, 1 / Math.sqrt(10), 0, -1 / Math.sqrt(10)] },
  ],
};

export const freudensteinRoth: MinimisationProblem = {
  name: "Freudenstein and Roth (2)",
  start: [0.5, -2],
  // The start leads to the local minimum, not to (5, 4).
  least: 48.98425367924,
  residuals: ([x = 0, y = 0]) => [
    { value: -13 + x + ((5 - y) * y - 2) * y, slopes: [1, 10 * y - 3 * y * y - 2] },
    { value: -29 + x + ((y + 1) * y - 14) * y, slopes: [1, 3 * y * y + 2 * y - 14] },
  ],
};

export const brownDennis: MinimisationProblem = {
  name: "Brown and Dennis (16)",
  start: [25, 5, -5, -1],
  least: 85822.20162635634,
  residuals: ([a = 0, b = 0, c = 0, d = 0]) =>
    Array.from({ length: 20 }, (_, k) => {
      const t = (k + 1) / 5;
      const first = a + t * b - Math.exp(t);
      const second = c + Math.sin(t) * d - Math.cos(t);
      return {
        value: first ** 2 + second ** 2,
        slopes: [2 * first, 2 * first * t, 2 * second, 2 * second * Math.sin(t)],
      };
    }),
};

/** Rosenbrock's valley in 100 dimensions, which a history of 20 cannot hold. */
export const extendedRosenbrock: MinimisationProblem = {
  name: "Extended Rosenbrock (21), n = 100",
  start: Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? -1.2 : 1)),
  least: 0,
  at: Array.from({ length: 100 }, () => 1),
  residuals: (x) =>
    Array.from({ length: 100 }, (_, k) => {
      const slopes = x.map(() => 0);
      const [a, b] = [x[2 * (k >> 1)]!, x[2 * (k >> 1) + 1]!];
      if (k % 2 === 1) {
        slopes[k - 1] = -1;
        return { value: 1 - a, slopes };
      }
      slopes[k] = -20 * a;
      slopes[k + 1] = 10;
      return { value: 10 * (b - a * a), slopes };
    }),
};

export const minimisationProblems: readonly MinimisationProblem[] = [
  rosenbrock,
  beale,
  powellBadlyScaled,
  brownBadlyScaled,
  powellSingular,
  wood,
  freudensteinRoth,
  brownDennis,
  extendedRosenbrock,
];

/** The sum of squares and its gradient. */
export function sumOfSquares(problem: MinimisationProblem, x: Float64Array): { value: number; gradient: Float64Array } {
  const gradient = new Float64Array(x.length);
  let value = 0;
  for (const residual of problem.residuals([...x])) {
    value += residual.value ** 2;
    for (let j = 0; j < x.length; j++) gradient[j]! += 2 * residual.value * residual.slopes[j]!;
  }
  return { value, gradient };
}
