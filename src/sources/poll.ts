import { readOnly } from '../action/read-only.ts';
import type { Clock, Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Http } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Log, Service } from '../base/service.ts';
import type { Engine } from '../engine/engine.ts';
import { StoreTrouble } from '../engine/ports.ts';
import type { PollSource } from '../event/source.ts';
import { PollTrouble } from '../event/source.ts';
import type { Counts } from './tally.ts';
import { Tally } from './tally.ts';
import { Looped } from './looped.ts';

/** Between two polls while there is trouble; the interval itself may be longer. */
const LONGEST_BACKOFF: Milliseconds = 600_000;

export interface PollOptions {
  /** The connection; its events have it as their origin. */
  readonly origin: string;
  readonly source: PollSource;
  readonly settings: () => unknown;
  readonly every: Milliseconds;
  /** The connection's wire, for one poll. */
  use<T>(signal: AbortSignal, call: (http: Http) => Promise<T>): Promise<T>;
  readonly engine: Pick<Engine, 'accept' | 'store' | 'activity'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PollHealth {
  readonly origin: string;
  readonly source: string;
  readonly every: Milliseconds;
  /** When it last brought an answer. */
  readonly succeeded?: Instant;
  /** Since its last success. */
  readonly failures: number;
  /** What was wrong the last time, while it is. */
  readonly trouble?: string;
  readonly counts: Counts;
}

/**
 * Asks one source of one connection for news, at its start and then at intervals, never twice at once. Events and cursor
 * are committed together (E1): after a crash a poll is repeated, and what it brings again is a duplicate. Trouble makes it
 * slower, never silent: its health says since when and why.
 */
export class Poll implements Service {
  readonly #options: PollOptions;
  readonly #loop = new Looped();
  readonly #tally = new Tally();
  #health: Omit<PollHealth, 'counts'>;

  constructor(options: PollOptions) {
    this.#options = options;
    this.#health = { origin: options.origin, source: options.source.name, every: options.every, failures: 0 };
  }

  get health(): PollHealth {
    return { ...this.#health, counts: this.#tally.counts };
  }

  /** Does not wait for the first answer: a product that is down must not keep the daemon from starting. */
  async start(): Promise<void> {
    const { engine, log } = this.#options;
    const world = { activity: engine.activity, log };
    this.#loop.start(() => this.#run(), world, { facts: this.#name(), bug: 'a bug ended this poll' });
  }

  /** Breaks off what is under way; it is repeated at the next start. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #run(): Promise<void> {
    const { clock, engine, every } = this.#options;
    const { signal } = this.#loop;
    while (!signal.aborted) {
      await this.#once(signal);
      const delay = Math.max(every, Math.min(every * 2 ** this.#health.failures, LONGEST_BACKOFF));
      if ((await engine.activity.sleep(clock.now() + delay, signal)) === 'aborted') return;
    }
  }

  async #once(signal: AbortSignal): Promise<void> {
    const { log, clock, origin, source, every } = this.#options;
    try {
      await this.#poll(signal);
      if (this.#health.failures > 0) log.info(this.#name(), 'a source answers again');
      this.#health = { origin, source: source.name, every, failures: 0, succeeded: clock.now() };
    } catch (error) {
      if (signal.aborted) return;
      const isTrouble = error instanceof HttpTrouble || error instanceof PollTrouble || error instanceof StoreTrouble;
      const trouble = error instanceof Error ? error.message : String(error);
      const failures = this.#health.failures + 1;
      this.#health = { ...this.#health, failures, trouble };
      if (isTrouble) log.warn({ ...this.#name(), failures, trouble }, 'a source could not be asked; trying again');
      else log.error({ ...this.#name(), failures, err: error }, 'a bug broke off this poll; trying again');
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { origin, source, settings, engine, clock, log } = this.#options;
    const key = `${origin}/${source.name}`;
    const cursor = await engine.store.query.cursor(key);
    const answer = await this.#options.use(signal, http =>
      source.poll({ http: readOnly(http, source.asks), settings: settings(), now: clock.now(), signal, log }, cursor),
    );
    const received = await engine.accept(origin, answer.drafts, {
      rejected: answer.rejected ?? [],
      cursor: { source: key, value: answer.cursor },
    });
    this.#tally.add(received, clock.now());
    this.#tally.add(
      (answer.rejected ?? []).map(({ reason }) => ({ kind: 'rejected', reason })),
      clock.now(),
    );
    const rejected = [...(answer.rejected ?? []), ...received.filter(({ kind }) => kind === 'rejected')].length;
    if (rejected > 0) log.warn({ ...this.#name(), rejected }, 'events were rejected; the dead-letter list says why');
    const accepted = received.filter(({ kind }) => kind === 'accepted').length;
    if (accepted > 0) log.info({ ...this.#name(), accepted }, 'events were accepted');
  }

  #name(): { readonly origin: string; readonly source: string } {
    return { origin: this.#options.origin, source: this.#options.source.name };
  }
}
