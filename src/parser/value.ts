import { type Affine, affine, affineConstant, affineIndex, freshIndex } from "../expr/affine.ts";
import { add, constant, div, equal, indexValue, mul, neg, select, sqrt, sub, zero } from "../expr/build.ts";
import type { Expr } from "../expr/expr.ts";
import { sum } from "../expr/reduce.ts";

/** An array of values, made element by element as they are asked for. Elements are numbered from 1. */
export interface Vector {
  readonly kind: "vector";
  readonly length: number;
  readonly at: (index: Affine) => Value;
  /** Whether `at` itself sees to indices that may leave the array; otherwise the caller does. */
  readonly checks?: true;
}

/** An index that may leave its array, thrown where the place in the text is not known. */
export class OutOfRange extends Error {
  readonly array: string;
  readonly reached: number;
  readonly length: number;

  constructor(array: string, reached: number, length: number) {
    super(`${array}[${reached}]`);
    this.array = array;
    this.reached = reached;
    this.length = length;
  }
}

/** What an expression of the language is: a number, a truth value (both are `Expr`) or a vector. */
export type Value = Expr | Vector;

export function isVector(value: Value): value is Vector {
  return value.kind === "vector";
}

export function vector(length: number, at: (index: Affine) => Value): Vector {
  return { kind: "vector", length, at };
}

/** A vector that is written out. A bound index picks its element by comparisons. */
export function listVector(values: readonly Value[]): Vector {
  return vector(values.length, (index) => {
    const place = affineConstant(index);
    if (place !== undefined) return values[place - 1]!;
    const last = values[values.length - 1]!;
    return values.reduceRight((otherwise, value, k) =>
      k === values.length - 1 ? last : choose(equal(indexValue(index), constant(k + 1)), value, otherwise),
    );
  });
}

function choose(condition: Expr, a: Value, b: Value): Value {
  if (isVector(a) && isVector(b)) return vector(a.length, (k) => choose(condition, a.at(k), b.at(k)));
  return select(condition, a as Expr, b as Expr);
}

/** Sums over up to this many elements are written out. */
const longestUnrolled = 4;

/** Σ over the elements of a vector of numbers. */
export function sumOver(length: number, term: (index: Affine) => Expr): Expr {
  if (length > longestUnrolled) {
    const index = freshIndex("k");
    return sum(index, { lo: affine(1), hi: affine(length) }, term(affineIndex(index)));
  }
  let total = zero;
  for (let k = 1; k <= length; k++) total = add(total, term(affine(k)));
  return total;
}

/** Both are vectors of the same length, which the caller has checked. */
export function dot(a: Vector, b: Vector): Expr {
  return sumOver(a.length, (k) => {
    const [x, y] = [a.at(k), b.at(k)];
    return isVector(x) && isVector(y) ? dot(x, y) : mul(x as Expr, y as Expr);
  });
}

export function norm(a: Vector): Expr {
  return sqrt(dot(a, a));
}

/** The cross product in three dimensions. */
export function cross(a: Vector, b: Vector): Vector {
  const part = (i: number, j: number): Expr => {
    const [ai, aj, bi, bj] = [a.at(affine(i)), a.at(affine(j)), b.at(affine(i)), b.at(affine(j))] as Expr[];
    return sub(mul(ai!, bj!), mul(aj!, bi!));
  };
  return listVector([part(2, 3), part(3, 1), part(1, 2)]);
}

/** Applies a function of numbers to every element. */
export function mapVector(a: Value, of: (x: Expr) => Expr): Value {
  return isVector(a) ? vector(a.length, (k) => mapVector(a.at(k), of)) : of(a);
}

/** Joins two vectors of the same shape element by element. */
export function zipVectors(a: Value, b: Value, of: (x: Expr, y: Expr) => Expr): Value {
  if (isVector(a) && isVector(b)) return vector(a.length, (k) => zipVectors(a.at(k), b.at(k), of));
  return of(a as Expr, b as Expr);
}

export function scaleVector(a: Value, by: Expr): Value {
  return mapVector(a, (x) => mul(by, x));
}

export function divideVector(a: Value, by: Expr): Value {
  return mapVector(a, (x) => div(x, by));
}

export function negateValue(a: Value): Value {
  return mapVector(a, neg);
}

/** Lengths along the dimensions; `[]` for a number. */
export function shapeOf(a: Value): readonly number[] {
  const shape: number[] = [];
  for (let value = a; isVector(value); value = value.at(affine(1))) shape.push(value.length);
  return shape;
}
