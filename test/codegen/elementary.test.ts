import { describe, expect, test } from "vitest";
import { elementary, routines, sincosRoutine } from "../../src/codegen/elementary/elementary.ts";
import { numberLanes } from "../../src/codegen/elementary/lanes-number.ts";
import { jsRoutines } from "../../src/codegen/js/lanes.ts";
import { type Op, opNames, ops } from "../../src/expr/ops.ts";
import { randomNumbers } from "../support/random-numbers.ts";
import { binaryDraws, type Point, specialValues, unaryDraws } from "./elementary-points.ts";
import { errorInUlp, exactValue } from "./elementary-reference.ts";
import { type Evaluated, onNumbers, onVectors } from "./wasm-vectors.ts";

/** Points of each kind and function; 1e6 of each were compared with quadruple precision when this was written. */
const pointsOfAKind = 40;
/** The promise: what is left of rounding, reduction and polynomials; the largest seen is 1.81 (sin). */
const mostUlp = 2;

const fusedIsThere = WebAssembly.validate(
  new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 0, 253, 15, 65, 0, 253, 15,
    65, 0, 253, 15, 253, 135, 2, 11,
  ]),
);

function hardPoints(op: Op): Point[] {
  const unary = unaryDraws(7)[op]?.map((draw) => () => ({ x: draw(), y: 0 }));
  const draws = unary ?? binaryDraws(7)[op]!;
  return draws.flatMap((draw) => Array.from({ length: pointsOfAKind }, draw));
}

const accurate = [...routines.keys()];
const halves: readonly (readonly [Evaluated, Op])[] = [
  ["sine of sincos", "sin"],
  ["cosine of sincos", "cos"],
];

describe("elementary functions", () => {
  test.each([...accurate.map((op) => [op, op] as const), ...halves])(
    `%s is within ${mostUlp} ulp of the true value, with and without fused multiply-add`,
    (name, op) => {
      const points = hardPoints(op);
      if (points.length % 2 === 1) points.push(points[0]!);
      const strict = onNumbers(name);
      const xs = Float64Array.from(points, ({ x }) => x);
      const ys = Float64Array.from(points, ({ y }) => y);
      const fused = fusedIsThere ? onVectors(name, true)(xs, ys) : undefined;
      const worst = { strict: 0, fused: 0, at: points[0]! };
      points.forEach((point, k) => {
        const exact = exactValue(op, point);
        const error = errorInUlp(strict(point.x, point.y), exact);
        if (!(error <= worst.strict)) Object.assign(worst, { strict: error, at: point });
        if (fused) worst.fused = Math.max(worst.fused, errorInUlp(fused[k]!, exact));
      });
      expect(worst.strict, `at ${worst.at.x}, ${worst.at.y}`).toBeLessThanOrEqual(mostUlp);
      expect(worst.fused).toBeLessThanOrEqual(mostUlp);
    },
    30_000,
  );

  const known = opNames.filter((op) => Object.hasOwn(Math, op) && ops[op].result === "real");
  test.each(known)("%s has the special values of Math", (op) => {
    const ours = onNumbers(op);
    const theirs = Math[op as "sin"] as (...args: number[]) => number;
    const second = ops[op].args.length === 2 ? specialValues : [0];
    for (const x of specialValues) {
      for (const y of second) {
        const expected = theirs(...[x, y].slice(0, ops[op].args.length));
        const what = `${op}(${x}, ${y})`;
        // an ordinary value may differ in its last places; 0, −0, ±∞ and NaN may not
        if (isSpecial(expected)) expect(ours(x, y), what).toBe(expected);
        else expect(Math.abs(ours(x, y) / expected - 1), what).toBeLessThan(1e-15);
      }
    }
  });

  test.each([
    ["erf", [0, -0, 1, -1, Number.NaN]],
    ["sigmoid", [0.5, 0.5, 1, 0, Number.NaN]],
    ["softplus", [Math.LN2, Math.LN2, Number.POSITIVE_INFINITY, 0, Number.NaN]],
  ] as const)("%s has its limits", (op, expected) => {
    const values = [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    expect(values.map((x) => onNumbers(op)(x, 0))).toEqual(expected);
  });

  test("values that are exact come out exact", () => {
    expect(onNumbers("cos")(1e-9, 0)).toBe(1);
    expect([8, 1024, 2 ** -30].map((x) => onNumbers("log2")(x, 0))).toEqual([3, 10, -30]);
    expect([1000, 1e15].map((x) => onNumbers("log10")(x, 0))).toEqual([3, 15]);
    expect([27, -8, 1e-300].map((x) => onNumbers("cbrt")(x, 0))).toEqual([3, -2, 1e-100]);
    expect(onNumbers("pow")(3, 20)).toBe(3486784401);
    expect(onNumbers("hypot")(3, 4)).toBe(5);
    expect(onNumbers("sinh")(Number.MIN_VALUE, 0)).toBe(Number.MIN_VALUE);
  });

  const trigonometric = [["sin", "sin"], ["cos", "cos"], ["tan", "tan"], ...halves] as const;
  /** Of all doubles below 2^20 the nearest to multiples of π/2 for their size, found by trying each multiple. */
  const nearMultiples = [321307.9594422229, 642615.9188844458, 871790.3905748408, 413441.44719405076];
  /** Of all doubles the nearest (Muller, Elementary Functions, 3rd ed., table 11.1), and other large ones. */
  const large = [6381956970095103 * 2 ** 797, 5.31937264832654e255, 16367173 * 2 ** 72, 1e22, Number.MAX_VALUE];

  test.each(trigonometric)("%s keeps its accuracy next to the worst multiples of π/2", (name, op) => {
    for (const x of [...nearMultiples, ...large]) {
      const error = errorInUlp(onNumbers(name)(x, 0), exactValue(op, { x, y: 0 }));
      expect(error, `at ${x}`).toBeLessThanOrEqual(mostUlp);
    }
  });
});

/** Arguments of every kind, special pairs first. */
function anyPoints(count: number): { xs: Float64Array; ys: Float64Array } {
  const random = randomNumbers(11);
  const sign = () => (random() < 0.5 ? -1 : 1);
  const any = () => {
    const kind = random();
    if (kind < 0.3) return sign() * random() * 8;
    if (kind < 0.6) return sign() * 2 ** (random() * 40 - 20);
    return kind < 0.8 ? sign() * 2 ** (random() * 2098 - 1074) : sign() * random() * 800;
  };
  const n = specialValues.length;
  const pick = (k: number, special: number) => (k < n * n ? specialValues[special]! : any());
  return {
    xs: Float64Array.from({ length: count }, (_, k) => pick(k, k % n)),
    ys: Float64Array.from({ length: count }, (_, k) => pick(k, Math.floor(k / n) % n)),
  };
}

function isSpecial(value: number): boolean {
  return !Number.isFinite(value) || value === 0;
}

/** How many pairs differ in any bit; all NaN count as one value. */
function differences(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + (Object.is(value, b[k]) ? 0 : 1), 0);
}

describe("the three machines give the same bits", () => {
  const { xs, ys } = anyPoints(6000);
  const text = jsRoutines([...routines.values(), sincosRoutine]);
  const portable = new Function(`${text}\nreturn { ${[...routines.keys()].join(", ")}, sincos };`)() as Record<
    string,
    (x: number, y: number) => number
  >;

  test.each(opNames.filter((op) => ops[op].args[0] === "real" && ops[op].result === "real"))(
    "%s: numbers = WebAssembly",
    (op) => {
      const expected = xs.map((x, k) => onNumbers(op)(x, ys[k]!));
      expect(differences(onVectors(op)(xs, ys), expected)).toBe(0);
    },
  );

  test.each(accurate)("%s: numbers = portable JavaScript", (op) => {
    const expected = xs.map((x, k) => onNumbers(op)(x, ys[k]!));
    expect(
      differences(
        xs.map((x, k) => portable[op]!(x, ys[k]!)),
        expected,
      ),
    ).toBe(0);
  });

  test("sincos", () => {
    const pairs = [...xs].map((x) => portable.sincos!(x, 0) as unknown as [number, number]);
    for (const [k, [name]] of halves.entries()) {
      const expected = xs.map((x) => onNumbers(name)(x, 0));
      expect(differences(onVectors(name)(xs, ys), expected)).toBe(0);
      expect(
        differences(
          Float64Array.from(pairs, (pair) => pair[k]!),
          expected,
        ),
      ).toBe(0);
    }
  });

  test("portable text calls nothing of Math but exact operations", () => {
    const called = new Set(text.match(/Math\.\w+/g));
    expect([...called].sort()).toEqual(["Math.abs", "Math.floor", "Math.max", "Math.sqrt"]);
    expect(Object.keys(elementary).sort()).toEqual([...opNames].sort());
    expect(elementary.less(numberLanes, 1, 2)).toBe(true);
  });
});
