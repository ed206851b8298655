/**
 * x[i] += increment[i] for first ≤ i < end, where `carry` keeps what rounding took away, so that the
 * round-off of many small steps does not add up (Kahan; in the form of Hairer, Lubich, Wanner, Geometric Numerical
 * Integration, VIII.5).
 */
export function addCompensated(
  x: Float64Array,
  carry: Float64Array,
  increment: Float64Array,
  first: number,
  end: number,
): void {
  for (let i = first; i < end; i++) {
    const old = x[i]!;
    const whole = increment[i]! + carry[i]!;
    const sum = old + whole;
    carry[i] = old - sum + whole;
    x[i] = sum;
  }
}
