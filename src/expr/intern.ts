/** All tables age together when this many entries (about 350 MB of nodes) have gathered in them. */
const capacity = 2_200_000;

interface Ageing {
  age(): void;
}

const tables: Ageing[] = [];
let gathered = 0;

/** What all intern tables share: the count of their young entries. */
export const ageing = {
  add(table: Ageing): void {
    tables.push(table);
  },
  /** To be called before an entry is added. */
  count(): void {
    gathered += 1;
    if (gathered <= capacity) return;
    gathered = 1;
    for (const table of tables) table.age();
  },
} as const;

/**
 * A table that keeps each interned value alive only as long as somebody else does, at the price of a plain `Map` for
 * ordinary use: entries are held strongly until `capacity` of them have gathered, then all of them become weak.
 */
export class InternTable<K, V extends object> {
  #young = new Map<K, V>();
  readonly #old = new Map<K, WeakRef<V>>();

  constructor() {
    ageing.add(this);
  }

  get(key: K): V | undefined {
    const known = this.#young.get(key);
    if (known || this.#old.size === 0) return known;
    const survivor = this.#old.get(key)?.deref();
    if (survivor) this.set(key, survivor);
    return survivor;
  }

  set(key: K, value: V): void {
    ageing.count();
    this.#young.set(key, value);
  }

  /** Sweeps what has died since the last time: a FinalizationRegistry would do it sooner, and costs far more. */
  age(): void {
    for (const [key, reference] of this.#old) if (reference.deref() === undefined) this.#old.delete(key);
    for (const [key, value] of this.#young) this.#old.set(key, new WeakRef(value));
    this.#young = new Map();
  }
}
