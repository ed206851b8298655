/**
 * A measured number with its standard deviation, as many digits as the error leaves: `63.98165 ± 0.0015`.
 *
 * @param error infinite where the data do not determine the number, NaN where a bound holds it
 */
export function withError(value: number, error: number | undefined): string {
  if (error === undefined) return rounded(value, 6);
  if (Number.isNaN(error)) return `${rounded(value, 6)} (held by a bound)`;
  if (error === Number.POSITIVE_INFINITY) return `${rounded(value, 6)} (not determined by the data)`;
  if (!(error > 0) || value === 0) return `${rounded(value, 6)} ± ${rounded(error, 2)}`;
  const digits = Math.min(Math.max(Math.ceil(Math.log10(Math.abs(value) / error)) + 2, 2), 15);
  return `${rounded(value, digits)} ± ${rounded(error, 2)}`;
}

/** At most so many digits. */
export function rounded(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits))).replace(/^-/, "−");
}
