/** A cache that forgets what was not used for longest. Parsed texts are kept in it, since texts travel and syntax trees do not. */
export class Lru<V> {
  readonly #limit: number;
  readonly #entries = new Map<string, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What `make` gave for this key before, or gives now. */
  get(key: string, make: (key: string) => V): V {
    const kept = this.#entries.get(key);
    const value = kept ?? make(key);
    if (kept !== undefined) this.#entries.delete(key);
    else if (this.#entries.size >= this.#limit) this.#forgetOldest();
    this.#entries.set(key, value);
    return value;
  }

  #forgetOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}
