/**
 * A table that keeps each interned value alive only as long as somebody else does, at the price of a plain `Map` for
 * small use: entries are held strongly until `capacity` of them have gathered, then all of them become weak.
 */
export class InternTable<K, V extends object> {
  readonly #capacity: number;
  #young = new Map<K, V>();
  readonly #old = new Map<K, WeakRef<V>>();
  readonly #cleanup = new FinalizationRegistry<K>((key) => {
    if (this.#old.get(key)?.deref() === undefined) this.#old.delete(key);
  });

  constructor(capacity = 1 << 18) {
    this.#capacity = capacity;
  }

  get(key: K): V | undefined {
    return this.#young.get(key) ?? (this.#old.size > 0 ? this.#old.get(key)?.deref() : undefined);
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#capacity) this.#age();
    this.#young.set(key, value);
  }

  #age(): void {
    for (const [key, value] of this.#young) {
      this.#old.set(key, new WeakRef(value));
      this.#cleanup.register(value, key);
    }
    this.#young = new Map();
  }
}
