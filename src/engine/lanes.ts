import type { Activity } from './activity.ts';

/** One at a time per key, first come first served: writes on one target never overlap (DESIGN 6). */
export class Lanes {
  readonly #activity: Activity;
  readonly #queues = new Map<string, (() => void)[]>();

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  async enter(key: string): Promise<() => void> {
    const queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, []);
    else await this.#activity.away<undefined>(back => queue.push(() => back(undefined)));
    return () => this.#next(key);
  }

  /** All of the keys, in one order for everybody, so that no two can wait for each other. */
  async enterAll(keys: readonly string[]): Promise<() => void> {
    const leaves: (() => void)[] = [];
    for (const key of [...new Set(keys)].toSorted()) leaves.push(await this.enter(key));
    return () => leaves.toReversed().forEach(leave => leave());
  }

  #next(key: string): void {
    const next = this.#queues.get(key)?.shift();
    if (next === undefined) this.#queues.delete(key);
    else next();
  }
}

/** At most so many at once. */
export class Slots {
  readonly #activity: Activity;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(activity: Activity, size: number) {
    this.#activity = activity;
    this.#free = size;
  }

  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await this.#activity.away<undefined>(back => this.#waiting.push(() => back(undefined)));
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    };
  }
}
