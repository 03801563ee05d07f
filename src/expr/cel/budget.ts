const STEPS = 100_000;

/** How much work one expression may be: 100,000 steps, each a part evaluated, an item looked at or 64 characters read. */
export class Budget {
  #left = STEPS;

  /** Takes `steps`; false when they were not there. */
  spend(steps = 1): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }

  spendText(length: number): boolean {
    return this.spend(1 + Math.floor(length / 64));
  }

  /** Ends the work at once, for a reason other than its amount. */
  exhaust(): void {
    this.#left = -1;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }
}
