import {
  type Affine,
  addAffine,
  affine,
  affineConstant,
  type Binder,
  type Index,
  scaleAffine,
  substituteAffine,
} from "./affine.ts";
import { add, and, element, equal, indexValue, lessEqual, not, or, select, truth, zero } from "./build.ts";
import { isOp } from "./coefficient.ts";
import { type Edge, type Expr, postorder } from "./expr.ts";
import type { Scatter } from "./gradient.ts";
import { bindIndex, rebuild, sum } from "./reduce.ts";

/**
 * What a loop of additions leaves in one element: `Σ value` over the indices for which `at` is `target`. An equation
 * such as i + 1 = k is solved for a bound index, so that the derivative of a chain or a pair sum reads as one writes
 * it by hand.
 *
 * @param target 1-based place in the array; may hold free indices, which are taken to lie inside the array
 */
export function collapse(scatter: Scatter, target: readonly Affine[]): Expr {
  const { element: written, over, value } = scatter;
  const state: Collapse = { binders: [...over], value, conditions: [] };
  const shape = written.vector.shape;
  const inside = new Map<Index, readonly [number, number]>();
  target.forEach((at, k) => {
    const [term] = at.terms;
    if (term) inside.set(term.index, [1, shape[k]!]);
  });
  let places = written.at;
  for (let k = 0; k < target.length; k++) {
    const solved = solve(places[k]!, target[k]!, state.binders);
    const found = solved && written.edge === "ring" ? aroundRing(state, solved, shape[k]!) : solved;
    if (!found) {
      state.conditions.push(samePlace(places[k]!, target[k]!, shape[k]!, written.edge));
      continue;
    }
    places = places.map((at) => substituteAffine(at, found.binder.index, found.by));
    bind(state, found, written.edge === "ring");
  }
  return finish(state, inside);
}

interface Collapse {
  binders: Binder[];
  value: Expr;
  conditions: Expr[];
}

interface Solution {
  readonly binder: Binder;
  /** The value that the binder's index must have. */
  readonly by: Affine;
}

/** A binder whose index alone can satisfy `at = target`. The innermost is taken: it depends on the others freely. */
function solve(at: Affine, target: Affine, binders: readonly Binder[]): Solution | undefined {
  for (let k = binders.length - 1; k >= 0; k--) {
    const binder = binders[k]!;
    const term = at.terms.find(({ index }) => index === binder.index);
    if (!term || Math.abs(term.factor) !== 1) continue;
    const rest = addAffine(at, affine(0, [{ index: binder.index, factor: -term.factor }]));
    return { binder, by: scaleAffine(addAffine(target, scaleAffine(rest, -1)), term.factor) };
  }
  return undefined;
}

/** The solution brought into the ring, where everything that its index names can be. */
function aroundRing(state: Collapse, { binder, by }: Solution, length: number): Solution | undefined {
  if (!coversRing(binder, length)) return undefined;
  const place = affineConstant(by);
  if (place !== undefined) return { binder, by: affine(((((place - 1) % length) + length) % length) + 1) };
  const { index } = binder;
  const bounds = state.binders.flatMap(({ lo, hi, except }) => [lo, hi, ...except]);
  const elsewhere = bounds.some((at) => names(at, index)) || state.conditions.some((each) => each.free.includes(index));
  return elsewhere || !onlyOnRings(state.value, index, length) ? undefined : { binder, by };
}

const names = (at: Affine, index: Index): boolean => at.terms.some((term) => term.index === index);

/** Whether an index occurs only as the place in arrays of one length, which may wrap around together. */
function onlyOnRings(e: Expr, index: Index, length: number): boolean {
  return postorder([e]).every((node) => {
    if (node.kind === "index") return node.index !== index;
    if (node.kind === "reduce") return ![node.lo, node.hi, ...node.except].some((at) => names(at, index));
    if (node.kind !== "element") return true;
    const fits = node.at.every((at, axis) => !names(at, index) || node.vector.shape[axis] === length);
    return !node.free.includes(index) || (node.edge !== "clamp" && fits);
  });
}

function coversRing({ lo, hi, except }: Binder, length: number): boolean {
  return except.length === 0 && affineConstant(lo) === 1 && affineConstant(hi) === length;
}

/** Takes the binder out, replacing its index everywhere; its bounds become conditions. */
function bind(state: Collapse, { binder, by }: Solution, ring: boolean): void {
  const { index, lo, hi, except } = binder;
  const replace = (at: Affine) => substituteAffine(at, index, by);
  if (!ring) {
    state.conditions.push(atMost(lo, by), atMost(by, hi));
    for (const skipped of except) state.conditions.push(not(equal(indexValue(by), indexValue(skipped))));
  }
  const value = ring && affineConstant(by) === undefined ? wrapElements(state.value, index) : state.value;
  state.value = bindIndex(value, index, by);
  state.conditions = state.conditions.map((condition) => bindIndex(condition, index, by));
  state.binders = state.binders
    .filter((other) => other !== binder)
    .map((other) => ({ ...other, lo: replace(other.lo), hi: replace(other.hi), except: other.except.map(replace) }));
}

/** Elements that the ring's index names stay inside the ring when the index is shifted. */
function wrapElements(e: Expr, index: Index): Expr {
  return rebuild(e, (node) => {
    if (!node.free.includes(index)) return node;
    return node.kind === "element" ? element(node.vector, node.at, "ring") : undefined;
  });
}

/** `a <= b`, with the constant parts on one side. */
function atMost(a: Affine, b: Affine): Expr {
  const bare = b.terms.length > 0 ? b.offset : 0;
  return lessEqual(indexValue(addAffine(a, affine(-bare))), indexValue(addAffine(b, affine(-bare))));
}

function samePlace(at: Affine, target: Affine, length: number, edge: Edge): Expr {
  const isAt = (shift: number) => equal(indexValue(addAffine(at, affine(shift))), indexValue(target));
  return edge === "ring" ? or(or(isAt(0), isAt(length)), isAt(-length)) : isAt(0);
}

/** Sums what is left over the remaining indices, with the conditions turned into bounds where that is plain. */
function finish(state: Collapse, inside: ReadonlyMap<Index, readonly [number, number]>): Expr {
  let value = state.value;
  let conditions = state.conditions.filter((condition) => !holdsInside(condition, inside));
  for (const binder of [...state.binders].reverse()) {
    const own: Expr[] = [];
    let { lo, hi } = binder;
    for (const condition of conditions.filter((each) => each.free.includes(binder.index))) {
      const tight = asBound(condition, binder.index);
      if (tight?.side === "hi" && isSmaller(tight.at, hi, inside)) hi = tight.at;
      else if (tight?.side === "lo" && isSmaller(lo, tight.at, inside)) lo = tight.at;
      else own.push(condition);
    }
    conditions = conditions.filter((each) => !each.free.includes(binder.index));
    value = sum(binder.index, { lo, hi, except: binder.except }, guarded(own, value));
  }
  return guarded(conditions, value);
}

function guarded(conditions: readonly Expr[], value: Expr): Expr {
  return select(conditions.reduce(and, truth), value, zero);
}

/** Reads `a <= b` back as index expressions. */
function asInequality(condition: Expr): { readonly a: Affine; readonly b: Affine } | undefined {
  if (!isOp(condition, "lessEqual")) return undefined;
  const [a, b] = condition.args.map(asAffine);
  return a && b ? { a, b } : undefined;
}

function asAffine(e: Expr): Affine | undefined {
  if (e.kind === "const") return Number.isInteger(e.value) ? affine(e.value) : undefined;
  if (e.kind === "index") return affine(0, [{ index: e.index, factor: 1 }]);
  if (e.kind !== "apply") return undefined;
  const [a, b] = e.args.map(asAffine);
  if (e.op === "neg" && a) return scaleAffine(a, -1);
  if (!a || !b) return undefined;
  if (e.op === "add") return addAffine(a, b);
  if (e.op === "sub") return addAffine(a, scaleAffine(b, -1));
  const factor = affineConstant(a);
  return e.op === "mul" && factor !== undefined ? scaleAffine(b, factor) : undefined;
}

/** Whether `a <= b` follows from the free indices lying inside their arrays. */
function holdsInside(condition: Expr, inside: ReadonlyMap<Index, readonly [number, number]>): boolean {
  const inequality = asInequality(condition);
  return inequality !== undefined && isSmaller(inequality.a, inequality.b, inside);
}

function isSmaller(a: Affine, b: Affine, inside: ReadonlyMap<Index, readonly [number, number]>): boolean {
  const gap = addAffine(b, scaleAffine(a, -1));
  let least = gap.offset;
  for (const { index, factor } of gap.terms) {
    const range = inside.get(index);
    if (!range) return false;
    least += factor * (factor > 0 ? range[0] : range[1]);
  }
  return least >= 0;
}

/** The bound that an inequality puts on one index. */
function asBound(condition: Expr, index: Index): { readonly side: "lo" | "hi"; readonly at: Affine } | undefined {
  const inequality = asInequality(condition);
  if (!inequality) return undefined;
  const gap = addAffine(inequality.b, scaleAffine(inequality.a, -1));
  const factor = gap.terms.find((term) => term.index === index)?.factor;
  if (factor !== 1 && factor !== -1) return undefined;
  const rest = addAffine(gap, affine(0, [{ index, factor: -factor }]));
  return factor === 1 ? { side: "lo", at: scaleAffine(rest, -1) } : { side: "hi", at: rest };
}

/** The derivative with respect to one element: all loops that write into its array, collapsed and added. */
export function collapseAll(scatters: readonly Scatter[], target: readonly Affine[]): Expr {
  return scatters.map((scatter) => collapse(scatter, target)).reduce(add, zero);
}
