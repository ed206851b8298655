/** A bound index variable of a sum or product. Canonical ones (`level > 0`) come from the reduce that binds them. */
export interface Index {
  /** 1, 2, … counted from the innermost binder for canonical indices; negative and unique for fresh ones. */
  readonly level: number;
  /** How the index is called when it is printed on its own. */
  readonly name: string;
}

/** One `factor · index` of an affine expression. */
export interface AffineTerm {
  readonly index: Index;
  readonly factor: number;
}

/** An integer-valued index expression `offset + Σ factor·index`. Interned: equality is `===`. */
export interface Affine {
  readonly offset: number;
  /** Ordered by level; factors are non-zero integers. */
  readonly terms: readonly AffineTerm[];
  /** Text that identifies the expression, used by intern tables. */
  readonly key: string;
}

/** The range of one bound index: `index` runs over `lo … hi` (inclusive), leaving out the values in `except`. */
export interface Binder {
  readonly index: Index;
  readonly lo: Affine;
  readonly hi: Affine;
  readonly except: readonly Affine[];
}

const canonical: Index[] = [];
const interned = new Map<string, Affine>();
const names = ["i", "j", "k", "l", "m", "n"] as const;
let freshCount = 0;

const recent = new Map<string, WeakRef<Affine>>();
const forget = new FinalizationRegistry<string>((key) => {
  if (!recent.get(key)?.deref()) recent.delete(key);
});

/** The canonical index of a binder at `level` ≥ 1. */
export function indexAt(level: number): Index {
  for (let next = canonical.length + 1; next <= level; next++) {
    canonical.push({ level: next, name: names[next - 1] ?? `i_${next}` });
  }
  return canonical[level - 1]!;
}

/** A new index, distinct from every other, to be bound by `reduce`. */
export function freshIndex(name: string): Index {
  freshCount += 1;
  return { level: -freshCount, name };
}

/** The affine expression `offset + Σ factor·index`; repeated indices are combined. */
export function affine(offset: number, terms: readonly AffineTerm[] = []): Affine {
  const factors = new Map<Index, number>();
  for (const { index, factor } of terms) factors.set(index, (factors.get(index) ?? 0) + factor);
  const kept: AffineTerm[] = [];
  for (const [index, factor] of factors) if (factor !== 0) kept.push({ index, factor });
  kept.sort((a, b) => a.index.level - b.index.level);
  const key = kept.reduce((text, { index, factor }) => `${text},${factor}*${index.level}`, String(offset));
  const known = interned.get(key) ?? recent.get(key)?.deref();
  if (known) return known;
  const made: Affine = { offset, terms: kept, key };
  // Fresh indices live for one parse or one pass: only canonical expressions are worth keeping for ever.
  if (kept.every(({ index }) => index.level > 0)) interned.set(key, made);
  else remember(key, made);
  return made;
}

function remember(key: string, made: Affine): void {
  recent.set(key, new WeakRef(made));
  forget.register(made, key);
}

/** The affine expression that is just `index`. */
export function affineIndex(index: Index): Affine {
  return affine(0, [{ index, factor: 1 }]);
}

export function addAffine(a: Affine, b: Affine): Affine {
  return affine(a.offset + b.offset, [...a.terms, ...b.terms]);
}

export function scaleAffine(a: Affine, by: number): Affine {
  if (by === 0) return affine(0);
  return affine(
    a.offset * by,
    a.terms.map(({ index, factor }) => ({ index, factor: factor * by })),
  );
}

/** `a` with every `index` replaced by `by`. */
export function substituteAffine(a: Affine, index: Index, by: Affine): Affine {
  const found = a.terms.find((term) => term.index === index);
  if (!found) return a;
  const rest = affine(
    a.offset,
    a.terms.filter((term) => term !== found),
  );
  return addAffine(rest, scaleAffine(by, found.factor));
}

/** The value of an affine expression without indices, otherwise undefined. */
export function affineConstant(a: Affine): number | undefined {
  return a.terms.length === 0 ? a.offset : undefined;
}

/** The value where every index is given. */
export function affineValue(a: Affine, values: ReadonlyMap<Index, number>): number {
  let total = a.offset;
  for (const { index, factor } of a.terms) total += factor * values.get(index)!;
  return total;
}
