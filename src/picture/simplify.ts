/** Points of the plane in pixels, interrupted by NaN. */
export interface Path {
  readonly us: Float64Array;
  readonly vs: Float64Array;
}

/** In pixels: what is nearer to a line is seen on it, also in a PNG of twice the size. */
export const fineTolerance = 0.07;

/**
 * Leaves out what cannot be seen: of points in a quarter of a column of pixels the first, lowest, highest and last are kept, then
 * points that lie on the line of their neighbours go. Runs that turn back and forth keep their extremes.
 */
export function simplified(path: Path, tolerance: number = fineTolerance): Path {
  return straightened(thinned(path), tolerance);
}

/** Coarser, but hardly to be seen: less than the width of a line. */
const tolerances = [fineTolerance, 0.15, 0.3, 0.6];
/** Sizes of what counts as a pixel, from what a line covers to what only tells where lines are dense. */
const cells = [0.75, 1, 1.5, 2.5, 4, 6, 10, 16, 25, 40];

/**
 * Simplifies paths until together they have at most so many points: first by less exact curves, then by leaving out what
 * runs over pixels that the same path has covered.
 */
export function simplifiedTo(paths: readonly Path[], most: number, width: number, height: number): readonly Path[] {
  let shown: readonly Path[] = paths;
  for (const tolerance of tolerances) {
    shown = paths.map((path) => simplified(path, tolerance));
    if (countOf(shown) <= most) return shown;
  }
  for (const cell of cells) {
    shown = shown.map((path) => uncovered(path, width, height, cell));
    if (countOf(shown) <= most) return shown;
  }
  return shown;
}

function countOf(paths: readonly Path[]): number {
  return paths.reduce((count, { us }) => count + us.length, 0);
}

/** Drops points within a column of a quarter of a pixel that are neither first, least, greatest nor last of their stay in it. */
function thinned({ us, vs }: Path): Path {
  const keep: number[] = [];
  for (let start = 0; start < us.length; ) {
    const column = Math.round(4 * us[start]!);
    let [end, low, high] = [start + 1, start, start];
    while (end < us.length && Math.round(4 * us[end]!) === column && !Number.isNaN(vs[end])) {
      if (vs[end]! < vs[low]!) low = end;
      if (vs[end]! > vs[high]!) high = end;
      end++;
    }
    const chosen =
      end - start <= 4 ? range(start, end) : [...new Set([start, low, high, end - 1])].sort((a, b) => a - b);
    for (const at of chosen) keep.push(at);
    start = end;
  }
  return picked({ us, vs }, keep);
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, k) => start + k);
}

/**
 * Drops points while all that were dropped since the last kept one lie within the tolerance of the line from it (K.
 * Reumann and A. P. M. Witkam, 1974, with the cone of directions narrowed by every point), so that no turn is lost.
 */
function straightened(path: Path, tolerance: number): Path {
  const { us, vs } = path;
  const keep: number[] = [];
  let anchor = -1;
  let cone: Cone | undefined;
  for (let k = 0; k < us.length; k++) {
    if (Number.isNaN(us[k]!) || Number.isNaN(vs[k]!)) {
      if (anchor >= 0 && keep.at(-1) !== k - 1) keep.push(k - 1);
      keep.push(k);
      anchor = -1;
      continue;
    }
    if (anchor < 0) {
      keep.push(k);
      anchor = k;
      cone = undefined;
      continue;
    }
    const next: Cone | undefined = narrowed(cone, us[k]! - us[anchor]!, vs[k]! - vs[anchor]!, tolerance);
    if (next) cone = next;
    else {
      keep.push(k - 1);
      anchor = k - 1;
      cone = narrowed(undefined, us[k]! - us[anchor]!, vs[k]! - vs[anchor]!, tolerance);
    }
  }
  if (anchor >= 0 && keep.at(-1) !== us.length - 1) keep.push(us.length - 1);
  return picked(path, keep);
}

/** Directions in which all points so far are hit, and how far the farthest is. */
interface Cone {
  readonly from: number;
  readonly to: number;
  readonly reach: number;
}

function narrowed(cone: Cone | undefined, du: number, dv: number, tolerance: number): Cone | undefined {
  const distance = Math.hypot(du, dv);
  if (distance <= tolerance)
    return cone ? (cone.reach > 2 * tolerance ? undefined : cone) : { from: -Infinity, to: Infinity, reach: 0 };
  const direction = Math.atan2(dv, du);
  const half = Math.asin(tolerance / distance);
  if (!cone || cone.from === -Infinity) return { from: direction - half, to: direction + half, reach: distance };
  // Turning back is a turn, even along the line.
  if (distance < cone.reach - tolerance) return undefined;
  const turns = Math.round((cone.from + (cone.to - cone.from) / 2 - direction) / (2 * Math.PI));
  const here = direction + 2 * Math.PI * turns;
  if (here < cone.from || here > cone.to) return undefined;
  return {
    from: Math.max(cone.from, here - half),
    to: Math.min(cone.to, here + half),
    reach: Math.max(cone.reach, distance),
  };
}

function picked({ us, vs }: Path, keep: readonly number[]): Path {
  return { us: Float64Array.from(keep, (at) => us[at]!), vs: Float64Array.from(keep, (at) => vs[at]!) };
}

/**
 * Leaves out the stretches that run over pixels which the same path has covered already, so that a path of any length is
 * no longer than the picture has pixels.
 *
 * @param cell the size of what counts as a pixel
 */
export function uncovered({ us, vs }: Path, width: number, height: number, cell: number): Path {
  const columns = Math.ceil(width / cell) + 1;
  const rows = Math.ceil(height / cell) + 1;
  const covered = new Uint8Array(columns * rows);
  const outU: number[] = [];
  const outV: number[] = [];
  let pen = -1;
  for (let k = 1; k < us.length; k++) {
    const steps = Math.ceil(Math.max(Math.abs(us[k]! - us[k - 1]!), Math.abs(vs[k]! - vs[k - 1]!)) / cell) + 1;
    if (Number.isNaN(steps)) continue;
    let fresh = false;
    for (let step = 0; step <= steps; step++) {
      const column = Math.floor((us[k - 1]! + ((us[k]! - us[k - 1]!) * step) / steps) / cell);
      const row = Math.floor((vs[k - 1]! + ((vs[k]! - vs[k - 1]!) * step) / steps) / cell);
      if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
      const at = row * columns + column;
      fresh ||= covered[at] === 0;
      covered[at] = 1;
    }
    if (!fresh) continue;
    if (pen !== k - 1) {
      if (outU.length > 0) {
        outU.push(Number.NaN);
        outV.push(Number.NaN);
      }
      outU.push(us[k - 1]!);
      outV.push(vs[k - 1]!);
    }
    outU.push(us[k]!);
    outV.push(vs[k]!);
    pen = k;
  }
  return { us: Float64Array.from(outU), vs: Float64Array.from(outV) };
}

/** One point of those that round to the same place. */
export function distinctPoints({ us, vs }: Path, cell: number): Path {
  const seen = new Set<number>();
  const keep: number[] = [];
  for (let k = 0; k < us.length; k++) {
    if (!Number.isFinite(us[k]!) || !Number.isFinite(vs[k]!)) continue;
    const key = Math.round(us[k]! / cell) * 1e6 + Math.round(vs[k]! / cell);
    if (seen.has(key)) continue;
    seen.add(key);
    keep.push(k);
  }
  return picked({ us, vs }, keep);
}
