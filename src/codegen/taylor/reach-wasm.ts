import { FunctionBuilder } from "../wasm/function.ts";
import type { Ref } from "../wasm/instructions.ts";
import { memoryPlace } from "../wasm/lanes.ts";
import type { WasmUnit } from "../wasm/unit.ts";
import { type TaylorLayout, vector } from "./layout.ts";
import { reachRules, safetyExponent } from "./reach.ts";
import { norm, Scalars } from "./scalars.ts";

/**
 * The rules of `reach.ts`. Roots and powers are read off the exponents' bits: h is a few thousandths smaller or larger
 * for it.
 */
export function addReach(unit: WasmUnit, layout: TaylorLayout): number {
  const { order } = layout;
  const doubted = addDoubted(unit, layout);
  const f = new FunctionBuilder(["f64"], ["f64"]);
  const s = new Scalars(f);
  const [own, before, last] = [norm(s, layout, 0), norm(s, layout, order - 1), norm(s, layout, order)];
  const one = s.number(1);
  const scale = s.op("f64.max", own, one);
  const shorter = s.op("f64.min", rootDistance(s, scale, before, order - 1), rootDistance(s, scale, last, order));
  const radius = f.variable(shorter);
  const middle = order >> 1;
  const sizes = [middle - 1, middle].map((k) => sizeAt(s, norm(s, layout, k), shorter, s.number(k)));
  const least = s.op("f64.sub", logarithm(s, scale), s.number(reachRules.doubt));
  f.when(s.test("f64.lt", s.op("f64.max", sizes[0]!, sizes[1]!), least), () => {
    const [trusted] = f.call(doubted, [scale, before, last, shorter], ["f64"]) as [Ref];
    f.assign(radius, trusted);
  });
  const power = exponential(s, s.op("f64.add", radius, s.number(safetyExponent(order))));
  const h = s.op("f64.min", power, s.op("f64.abs", 0));
  // a coefficient that is not finite leaves no step
  const sum = s.op("f64.add", s.op("f64.add", own, before), last);
  const finite = s.test("f64.lt", sum, s.number(Number.MAX_VALUE));
  const step = s.op("f64.copysign", h, 0);
  return unit.add(f.finish([f.pure("select", "f64", [step, s.number(0), finite])], unit.constants, "reach"));
}

/** log₂ of the radius that may be trusted, from |x|, |x_{P−1}|, |x_P| and log₂ ρ. */
function addDoubted(unit: WasmUnit, layout: TaylorLayout): number {
  const { order } = layout;
  const f = new FunctionBuilder(["f64", "f64", "f64", "f64"], ["f64"]);
  const s = new Scalars(f);
  const [scale, before, last, radius] = [0, 1, 2, 3];
  const infinite = s.number(Number.POSITIVE_INFINITY);
  const most = f.variable(s.number(Number.NEGATIVE_INFINITY));
  const farthest = f.variable(s.number(Number.NEGATIVE_INFINITY));
  const k = f.variable(s.number(2));
  const row = f.variable(f.i32(2 * layout.rowBytes));
  const zero = s.number(0);
  f.loop(() => {
    const size = rowNorm(s, layout, row);
    const some = s.test("f64.gt", size, zero);
    const at = sizeAt(s, size, radius, k);
    const lower = s.test("f64.lt", k, s.number((order >> 1) + 0.5));
    const counts = f.pure("i32.and", "i32", [some, lower]);
    f.assign(most, f.pure("select", "f64", [s.op("f64.max", most, at), most, counts]));
    const bound = (end: Ref, place: number): Ref => {
      const ratio = s.op("f64.sub", logarithm(s, size), logarithm(s, end));
      const root = s.op("f64.div", ratio, s.op("f64.sub", s.number(place), k));
      return f.pure("select", "f64", [root, infinite, s.test("f64.gt", end, zero)]);
    };
    const nearer = s.op("f64.min", bound(before, order - 1), bound(last, order));
    f.assign(farthest, f.pure("select", "f64", [s.op("f64.max", farthest, nearer), farthest, some]));
    f.assign(k, s.op("f64.add", k, s.number(1)));
    f.assign(row, f.pure("i32.add", "i32", [row, f.i32(layout.rowBytes)]));
    return s.test("f64.lt", k, s.number(order - 1.5));
  });
  const result = f.variable(radius);
  const least = s.op("f64.sub", logarithm(s, scale), s.number(reachRules.doubt));
  f.when(s.test("f64.lt", most, least), () => {
    const trusted = s.op("f64.add", farthest, s.number(Math.log2(reachRules.trust)));
    const known = s.test("f64.gt", farthest, s.number(Number.NEGATIVE_INFINITY));
    f.assign(result, f.pure("select", "f64", [s.op("f64.min", radius, trusted), radius, known]));
  });
  f.when(s.test("f64.eq", s.op("f64.add", before, last), zero), () => {
    const moved = s.op("f64.sub", logarithm(s, scale), logarithm(s, norm(s, layout, 1)));
    f.assign(result, s.op("f64.add", moved, s.number(Math.log2(reachRules.part) - safetyExponent(order))));
  });
  return unit.add(f.finish([result], unit.constants));
}

/** The largest magnitude in the row of the state that stands so many bytes behind the first. */
function rowNorm(s: Scalars, { state, dimension }: TaylorLayout, row: Ref): Ref {
  const { f } = s;
  const largest = f.variable(f.splat(0));
  const at = f.variable(row);
  const end = f.pure("i32.add", "i32", [row, f.i32((vector * dimension) / 2)]);
  f.loop(() => {
    const values = f.read("v128.load", "v128", [at], memoryPlace(3, state));
    f.assign(largest, f.pure("f64x2.max", "v128", [largest, f.pure("f64x2.abs", "v128", [values])]));
    f.assign(at, f.pure("i32.add", "i32", [at, f.i32(vector)]));
    return f.pure("i32.lt_s", "i32", [at, end]);
  });
  return s.op("f64.max", s.lane(largest, 0), s.lane(largest, 1));
}

/** log₂ (|x_k| ρᵏ). */
function sizeAt(s: Scalars, size: Ref, radius: Ref, k: Ref): Ref {
  return s.op("f64.add", logarithm(s, size), s.op("f64.mul", k, radius));
}

/** log₂ ((b/a)^{1/k}). */
function rootDistance(s: Scalars, b: Ref, a: Ref, k: number): Ref {
  const difference = s.f.pure("i64.sub", "i64", [bits(s, b), bits(s, a)]);
  return s.op("f64.mul", s.op("f64.convert_i64_s", difference), s.number(2 ** -52 / k));
}

/** log₂ to a tenth; −1023 of 0. */
function logarithm(s: Scalars, a: Ref): Ref {
  const scaled = s.op("f64.mul", s.op("f64.convert_i64_s", bits(s, a)), s.number(2 ** -52));
  return s.op("f64.sub", scaled, s.number(1023));
}

function bits(s: Scalars, a: Ref): Ref {
  return s.f.pure("i64.reinterpret_f64", "i64", [a]);
}

/** 2^x to 0.3 %, x kept between −1000 and 1000. */
function exponential(s: Scalars, exponent: Ref): Ref {
  const { f } = s;
  const clamped = s.op("f64.max", s.op("f64.min", exponent, s.number(1000)), s.number(-1000));
  const whole = s.op("f64.floor", clamped);
  const rest = s.op("f64.sub", clamped, whole);
  const curve = s.op("f64.add", s.number(0.6565), s.op("f64.mul", s.number(0.3435), rest));
  const mantissa = s.op("f64.add", s.number(1), s.op("f64.mul", rest, curve));
  const biased = f.pure("i64.trunc_sat_f64_s", "i64", [s.op("f64.add", whole, s.number(1023))]);
  const places = f.pure("i64.extend_i32_s", "i64", [f.i32(52)]);
  const power = s.op("f64.reinterpret_i64", f.pure("i64.shl", "i64", [biased, places]));
  return s.op("f64.mul", mantissa, power);
}
