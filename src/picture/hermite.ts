/**
 * A coordinate between two samples, by the cubic that has their values and rates.
 *
 * @param s 0 at the first sample, 1 at the second
 * @param h the time between them
 */
export function hermite(s: number, h: number, from: number, fromRate: number, to: number, toRate: number): number {
  const r = 1 - s;
  return r * r * (1 + 2 * s) * from + s * s * (1 + 2 * r) * to + h * s * r * (r * fromRate - s * toRate);
}

/** Whether the rates tell where the next sample lies, to a part of the way: only then does the cubic mean something. */
export function ratesFit(h: number, from: number, fromRate: number, to: number, toRate: number): boolean {
  const way = (Math.abs(h) * (Math.abs(fromRate) + Math.abs(toRate))) / 2;
  return Math.abs(to - from - (h * (fromRate + toRate)) / 2) <= 0.2 * way + 1e-9 * Math.abs(to);
}
