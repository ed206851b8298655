import { expect, test } from "vitest";
import { loadKernels } from "../../src/codegen/load.ts";
import { sourceOf } from "../../src/codegen/source.ts";
import { add, apply, constant, cos, less, mul, select, sin, symbol } from "../../src/expr/build.ts";
import { differentiate } from "../../src/expr/differentiate.ts";
import { evaluate } from "../../src/expr/evaluate.ts";
import type { Expr } from "../../src/expr/expr.ts";
import { type Op, opNames, ops } from "../../src/expr/ops.ts";
import { parseModel } from "../../src/parser/parse.ts";
import { systems } from "../../src/systems/systems.ts";
import { expansions } from "./taylor-expansion.ts";

const t = symbol("t");
const [t0, order, checked] = [0.4, 20, 7];

/** Two quantities that move, both between 0.2 and 0.8 near t₀, and what each operation is tried on. */
const first: Expr = add(constant(0.5), mul(constant(0.25), sin(mul(constant(1.3), t))));
const second: Expr = add(constant(0.45), mul(constant(0.2), cos(t)));
const third: Expr = mul(t, t);

/** acosh needs arguments beyond 1. */
const shifted: Partial<Record<Op, Expr>> = { acosh: add(constant(1), first) };

function cases(op: Op): Expr[] {
  const { args, result } = ops[op];
  if (op === "select")
    return [select(less(second, first), first, third), select(less(first, second), constant(2), third)];
  if (result === "bool") return truths(op).map((truth) => select(truth, first, third));
  if (args.length === 1) return [apply(op, [shifted[op] ?? first])];
  return [apply(op, [first, second]), apply(op, [first, constant(0.7)]), apply(op, [constant(0.7), second])];
}

function truths(op: Op): Expr[] {
  const [yes, no] = [less(second, first), less(first, second)];
  if (op === "and" || op === "or") return [apply(op, [yes, yes]), apply(op, [yes, no])];
  return op === "not" ? [apply(op, [yes])] : [apply(op, [first, second]), apply(op, [second, first])];
}

/** f⁽ᵏ⁾(t₀)/k! by repeated symbolic differentiation. */
function derivatives(f: Expr): number[] {
  const found: number[] = [];
  let [at, factorial] = [f, 1];
  for (let k = 0; k <= checked; k++) {
    found.push(evaluate(at, { t: t0 }) / factorial);
    at = differentiate(at, "t");
    factorial *= k + 1;
  }
  return found;
}

// In both roads' own units: rounding errors of coefficient k grow as the inverse radius of convergence, below 4 here.
const close = (k: number, size: number): number => 1e-13 * Math.max(size, 4 ** k);

for (const op of opNames) {
  test(`${op}: coefficients up to ${checked} are the derivatives, in WebAssembly and JavaScript, to 1e-13 of 4^k`, () => {
    const events = cases(op);
    const { wasm, plain } = expansions("(p^2 + q^2)/2", { x0: [1, 0], t: t0, order, events });
    events.forEach((event, e) => {
      derivatives(event).forEach((expected, k) => {
        for (const road of [wasm, plain]) {
          expect(Math.abs(road.events[k]![e]! - expected), `case ${e}, k = ${k}`).toBeLessThan(
            close(k, Math.abs(expected)),
          );
        }
      });
      for (let k = checked + 1; k <= order; k++) {
        const [a, b] = [wasm.events[k]![e]!, plain.events[k]![e]!];
        expect(Math.abs(a - b), `case ${e}, k = ${k}`).toBeLessThanOrEqual(close(k, Math.abs(b)));
      }
    });
  });
}

test("a whole power has no singularity where its base is 0", () => {
  const { wasm } = expansions("(p^2 + q^2)/2", {
    x0: [0, 1],
    t: 0,
    order: 8,
    events: [apply("pow", [t, constant(5)])],
  });
  expect(wasm.events.map(([value]) => value)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0]);
});

for (const [name, { model, initialStates }] of Object.entries(systems)) {
  // A step of the width that the method takes: what a coefficient contributes to the state.
  test(`${name}: both roads' coefficients differ by less than 1e-15 of the state over a step`, () => {
    const [{ x0 }] = Object.values(initialStates) as [{ x0: readonly number[] }];
    const { wasm, plain } = expansions(model, { x0, t: 0.3, order });
    const size = Math.max(1, ...x0.map(Math.abs));
    for (let k = 0; k <= order; k++) {
      wasm.state[k]!.forEach((value, i) => {
        const weight = Math.min(wasm.step, 1e3) ** k / size;
        expect(Math.abs(value - plain.state[k]![i]!) * weight, `k = ${k}, entry ${i}`).toBeLessThan(1e-15);
      });
    }
  });
}

const odd = {
  "a ring of 5": "q: [5], p: [5]\nring q, p\nH = sum(p[i]^2/2 + cos(q[i+1] - q[i])^2, i = 1..5)",
  "a sum of 7 squared":
    "q: [7], p: [7]\nH = sum(p[i]^2/2, i = 1..7) + exp(-sum(q[i]^2, i = 1..7))*sum(i*q[i], i = 1..7)^2",
  "5 bodies of different mass":
    "m = [1, 2, 3, 4, 5]\nq: [5, 2], p: [5, 2]\nH = sum(p[i]^2/(2 m[i]), i = 1..5) - sum(m[i] m[j]/|q[i] - q[j]|, i < j)",
  "sums within sums":
    "q: [5], p: [5]\nH = sum(p[i]^2/2, i = 1..5) + sum(log(1 + sum(q[i]^2 q[j]^2, j = 1..5))^2, i = 1..5)",
};
for (const [name, text] of Object.entries(odd)) {
  test(`${name}: the first two coefficients are the field and its rate of change, to 5e-7 (central difference)`, () => {
    const { kernel, x0 } = fieldOf(text);
    const { wasm, plain } = expansions(text, { x0, t: 0, order: 12 });
    const h = 1e-5;
    const moved = (s: number): Float64Array => kernel(x0.map((x, i) => x + s * wasm.state[1]![i]!));
    const [ahead, behind] = [moved(h), moved(-h)];
    kernel(x0).forEach((rate, i) => {
      expect(wasm.state[1]![i]).toBeCloseTo(rate, 12);
      expect(2 * wasm.state[2]![i]!).toBeCloseTo((ahead[i]! - behind[i]!) / (2 * h), 6);
    });
    wasm.state.forEach((row, k) => {
      row.forEach((value, i) => {
        expect(Math.abs(value - plain.state[k]![i]!) * wasm.step ** k).toBeLessThan(1e-14);
      });
    });
  });
}

function fieldOf(text: string): { kernel: (x: readonly number[]) => Float64Array; x0: number[] } {
  const { field } = loadKernels(sourceOf(parseModel(text)));
  const length = hamiltonianLength(text);
  return { kernel: (x) => field(x), x0: Array.from({ length }, (_, i) => Math.sin(3 * i + 1) + 0.1 * i) };
}

function hamiltonianLength(text: string): number {
  return sourceOf(parseModel(text)).equations.layout.dimension;
}
