/** Signatures that are remembered, of one webhook. */
const MOST = 10_000;

/**
 * Signed requests that were taken. What a sender has signed, anybody who saw it can send again: it is not taken twice. The
 * oldest are forgotten first; those are too old for a scheme with a time, or their events are known by their ids.
 */
export class Replays {
  readonly #taken = new Set<string>();

  has(signature: string): boolean {
    return this.#taken.has(signature);
  }

  /** Only what is on disk: what was refused is to come again. */
  add(signature: string): void {
    this.#taken.add(signature);
    if (this.#taken.size <= MOST) return;
    const [oldest] = this.#taken;
    if (oldest !== undefined) this.#taken.delete(oldest);
  }
}
