import type { LineMark, PointMark } from "./panel.ts";

const turn = 2 * Math.PI;

/** A curve whose x is an angle, taken into [−π, π); at the seam it leaves on one side and comes in on the other. */
export function wrapped(curve: LineMark | PointMark): LineMark | PointMark {
  const { xs, ys } = curve;
  const outX: number[] = [];
  const outY: number[] = [];
  for (let k = 0; k < xs.length; k++) {
    const sheet = Math.floor((xs[k]! + Math.PI) / turn);
    if (k > 0 && curve.kind === "line") {
      const before = Math.floor((xs[k - 1]! + Math.PI) / turn);
      if (Math.abs(sheet - before) === 1) {
        const seam = Math.max(sheet, before) * turn - Math.PI;
        const part = (seam - xs[k - 1]!) / (xs[k]! - xs[k - 1]!);
        const height = ys[k - 1]! + part * (ys[k]! - ys[k - 1]!);
        const leaving = sheet > before ? Math.PI : -Math.PI;
        outX.push(leaving, Number.NaN, -leaving);
        outY.push(height, Number.NaN, height);
      } else if (sheet !== before) {
        // More than a turn between two samples: which way it went is not known.
        outX.push(Number.NaN);
        outY.push(Number.NaN);
      }
    }
    outX.push(xs[k]! - sheet * turn);
    outY.push(ys[k]!);
  }
  return { ...curve, xs: Float64Array.from(outX), ys: Float64Array.from(outY) };
}
