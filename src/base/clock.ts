/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** Time as an argument. The real one is in daemon/clock.ts; plans, cases and tests move a simulated one. */
export interface Clock {
  now(): Instant;
  /** Calls `wake` once at or after `at`, unless the returned function was called before. */
  alarm(at: Instant, wake: () => void): () => void;
}

interface Alarm {
  readonly at: Instant;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is moved. Alarms fire in order of time, then of setting. */
export class SimulatedClock implements Clock {
  #now: Instant;
  #order = 0;
  readonly #alarms = new Set<Alarm>();

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  alarm(at: Instant, wake: () => void): () => void {
    const alarm = { at, order: this.#order++, wake };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** When the next alarm is due, if any is set. */
  next(): Instant | undefined {
    return this.#first()?.at;
  }

  /** Moves to the next alarm (never back) and fires it; false when none is set or it is due after `limit`. */
  fireNext(limit: Instant = Infinity): boolean {
    const alarm = this.#first();
    if (alarm === undefined || alarm.at > limit) return false;
    this.#alarms.delete(alarm);
    this.#now = Math.max(this.#now, alarm.at);
    alarm.wake();
    return true;
  }

  /** Moves without firing what is not due; time never goes back. */
  moveTo(at: Instant): void {
    this.#now = Math.max(this.#now, at);
  }

  #first(): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (first === undefined || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order))
        first = alarm;
    }
    return first;
  }
}

/** The last instant of JavaScript's calendar, in the year 275760. */
const LAST: Instant = 8.64e15;

/** RFC 3339 in UTC. A hold may end later than any calendar; it is printed as the last instant that can be. */
export function formatInstant(instant: Instant): string {
  return new Date(Math.min(instant, LAST)).toISOString();
}
