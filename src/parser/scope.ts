import { type Affine, affineConstant, type Index, substituteAffine } from "../expr/affine.ts";
import type { Value } from "./value.ts";

/** What a name means in a part of the text. */
export type Meaning =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "index"; readonly at: Affine };

/** Names that are bound in a part of the text: the indices of a sum, the arguments of a function. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #names: ReadonlyMap<number, Meaning>;

  constructor(parent: Scope | undefined, names: ReadonlyMap<number, Meaning>) {
    this.#parent = parent;
    this.#names = names;
  }

  find(name: number): Meaning | undefined {
    return this.#names.get(name) ?? this.#parent?.find(name);
  }
}

export const emptyScope = new Scope(undefined, new Map());

/** The values that bound indices take. */
export class IndexRanges {
  readonly #ranges = new Map<Index, { readonly lo: Affine; readonly hi: Affine }>();

  /** Takes notice of a range; one whose bounds are of unknown extent stays unknown. */
  set(index: Index, lo: Affine, hi: Affine): void {
    if (this.has(lo) && this.has(hi)) this.#ranges.set(index, { lo, hi });
  }

  has(at: Affine): boolean {
    return at.terms.every(({ index }) => this.#ranges.has(index));
  }

  /** The least (or greatest) value of an index expression: bounds are put in for the innermost index first. */
  extreme(at: Affine, greatest: boolean): number {
    let rest = at;
    for (;;) {
      const value = affineConstant(rest);
      if (value !== undefined) return value;
      const inner = rest.terms.reduce((a, b) => (b.index.level < a.index.level ? b : a));
      const range = this.#ranges.get(inner.index)!;
      rest = substituteAffine(rest, inner.index, inner.factor > 0 === greatest ? range.hi : range.lo);
    }
  }
}
