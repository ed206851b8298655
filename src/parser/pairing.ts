import { greekNames } from "./characters.ts";
import { nameKey } from "./names.ts";

/** A name that may be a coordinate or a momentum. */
export interface Candidate {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether a statement declares it (`q [rad]`, `q: [N]`). */
  readonly declared: boolean;
}

export interface Pair {
  readonly coordinate: string;
  readonly momentum: string;
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  /** Candidates that found no partner. */
  readonly left: readonly Candidate[];
}

/** Never momenta, though they begin with p. */
const notMomenta: ReadonlySet<string> = new Set(["pi", "phi", "psi"]);

/** Names that coordinates go by; only error messages make use of them. */
export const customary: ReadonlySet<string> = new Set([
  "q",
  "x",
  "y",
  "z",
  "r",
  "s",
  "u",
  "theta",
  "phi",
  "psi",
  "varphi",
]);

/**
 * Pairs coordinates with momenta by their names: `q`/`p`, `q1`/`p1`, `x`/`px` = `p_x`, `theta`/`p_theta` = `ptheta`,
 * capitals likewise; a lone `p` (or `p1 … pn`, or an array p) goes with the only other name that fits.
 */
export function inferPairs(candidates: readonly Candidate[]): Pairing {
  const byKey = new Map(candidates.map((candidate) => [nameKey(candidate.name), candidate]));
  const left = new Set(candidates);
  const pairs: Pair[] = [];
  const pair = (coordinate: Candidate, momentum: Candidate): void => {
    pairs.push({ coordinate: coordinate.name, momentum: momentum.name });
    left.delete(coordinate);
    left.delete(momentum);
  };
  for (const momentum of candidates) {
    if (!left.has(momentum)) continue;
    const coordinate = coordinateKeys(momentum.name)
      .map((key) => byKey.get(key))
      .find((found) => found !== undefined && left.has(found) && found !== momentum && sameShape(found, momentum));
    if (coordinate) pair(coordinate, momentum);
  }
  pairLoneMomentum(left, pair);
  pairFamilies(left, pair);
  return { pairs: pairs.sort((a, b) => compareNames(a.coordinate, b.coordinate)), left: [...left] };
}

function sameShape(a: Candidate, b: Candidate): boolean {
  return a.shape.join() === b.shape.join();
}

/** The keys that the coordinate of a momentum may have. */
export function coordinateKeys(momentum: string): string[] {
  if (notMomenta.has(momentum) || !/^[pP]/.test(momentum)) return [];
  const capital = momentum.startsWith("P");
  const rest = momentum.slice(1);
  const keys = [`${capital ? "Q" : "q"}${rest}`];
  const stripped = rest.replace(/^_/, "");
  if (/^\D/.test(stripped)) keys.push(stripped);
  // p1x and p_1x are the momentum of x1, as px1 is.
  const swapped = /^(\d+)_?(\D.*)$/.exec(stripped);
  if (swapped) keys.push(`${swapped[2]}${swapped[1]}`);
  return keys.map(nameKey);
}

/** Whether a name looks like a momentum: `p`, `p2`, `p_x`, `px`, `ptheta`. */
export function looksLikeMomentum(name: string): boolean {
  if (notMomenta.has(name)) return false;
  const rest = /^p_?(.*)$/.exec(name)?.[1];
  if (rest === undefined) return false;
  return rest.length <= 1 || /^\d+$/.test(rest) || /^p_/.test(name) || greekNames.has(rest.replace(/\d+$/, ""));
}

export function looksLikeCoordinate(name: string): boolean {
  return /^q_?\d*$/.test(name);
}

function isShortName(name: string): boolean {
  return name.length === 1 || greekNames.has(name);
}

/** A lone `p` goes with the only undeclared single letter or Greek name. */
function pairLoneMomentum(left: Set<Candidate>, pair: (coordinate: Candidate, momentum: Candidate) => void): void {
  for (const momentum of [...left]) {
    if (momentum.name !== "p" && momentum.name !== "P") continue;
    const fitting = [...left].filter(
      (other) =>
        other !== momentum && isShortName(other.name) && !looksLikeMomentum(other.name) && sameShape(other, momentum),
    );
    const declared = fitting.filter((other) => other.declared);
    const [only, ...more] = declared.length > 0 ? declared : fitting;
    if (only && more.length === 0) pair(only, momentum);
  }
}

/** `p1 … pn` go with the only other family of names that has the same numbers. */
function pairFamilies(left: Set<Candidate>, pair: (coordinate: Candidate, momentum: Candidate) => void): void {
  const families = new Map<string, Map<string, Candidate>>();
  for (const candidate of left) {
    const [, stem, number] = /^(\D*?)_?(\d+)$/.exec(candidate.name) ?? [];
    if (stem === undefined || number === undefined) continue;
    const family = families.get(stem) ?? new Map<string, Candidate>();
    families.set(stem, family.set(number, candidate));
  }
  const momenta = families.get("p");
  if (!momenta) return;
  const numbers = [...momenta.keys()].sort().join();
  const fitting = [...families].filter(
    ([stem, family]) => stem !== "p" && [...family.keys()].sort().join() === numbers,
  );
  const [only, ...more] = fitting;
  if (!only || more.length > 0) return;
  for (const [number, momentum] of momenta) pair(only[1].get(number)!, momentum);
}

/** The coordinate that a lone `p` most likely belongs to among several candidates, to name the others as missing. */
export function likelyPair(left: readonly Candidate[]): Pair | undefined {
  const momentum = left.find(({ name }) => name === "p");
  const fitting = left.filter((other) => customary.has(other.name) && momentum && sameShape(other, momentum));
  return momentum && fitting.length === 1 ? { coordinate: fitting[0]!.name, momentum: "p" } : undefined;
}

/** Orders names as text, with numbers as numbers: q2 before q10. */
export function compareNames(a: string, b: string): number {
  const parts = (name: string): readonly string[] => name.match(/\d+|\D+/g) ?? [];
  const [x, y] = [parts(a), parts(b)];
  for (let k = 0; k < Math.min(x.length, y.length); k++) {
    const [m, n] = [x[k]!, y[k]!];
    const numeric = /^\d/.test(m) && /^\d/.test(n) ? Number(m) - Number(n) : 0;
    if (numeric !== 0) return numeric;
    if (m !== n) return m < n ? -1 : 1;
  }
  return x.length - y.length;
}
