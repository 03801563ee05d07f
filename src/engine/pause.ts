import type { Instant } from '../base/clock.ts';

/** The pause switch as this daemon knows it; the store's word counts where a claim is judged. */
export class Pause {
  #state: { readonly by: string; readonly because: string; readonly at: Instant } | undefined;
  readonly #onResume: (() => void)[] = [];

  get state(): { readonly by: string; readonly because: string; readonly at: Instant } | undefined {
    return this.#state;
  }

  set(state: { readonly by: string; readonly because: string; readonly at: Instant } | undefined): void {
    const wasPaused = this.#state !== undefined;
    this.#state = state;
    if (wasPaused && state === undefined) for (const resume of this.#onResume) resume();
  }

  onResume(resume: () => void): void {
    this.#onResume.push(resume);
  }
}
