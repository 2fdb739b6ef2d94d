/** A map that forgets its oldest half when it is full. */
export class BoundedCache<K, V> {
  readonly #capacity: number;
  readonly #entries = new Map<K, V>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    if (this.#entries.size >= this.#capacity) {
      let surplus = this.#capacity >> 1;
      for (const oldest of this.#entries.keys()) {
        if (surplus-- <= 0) break;
        this.#entries.delete(oldest);
      }
    }
    this.#entries.set(key, value);
  }
}
