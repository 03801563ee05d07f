import type { Clock, Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { HttpAnswer } from '../base/http.ts';

/** So many exchanges are looked back on. */
const WINDOW = 256;

/** What the last exchanges with one endpoint were like. */
export interface Health {
  readonly succeeded?: Instant;
  /** The last one in vain, however long ago. */
  readonly failed?: { readonly at: Instant; readonly reason: string; readonly detail: string };
  /** Of those below. */
  readonly exchanges: number;
  /** From 0 to 1. */
  readonly errorRate: number;
  /** Of those that were answered, from when the request left to its whole answer. */
  readonly latency?: { readonly p50: Milliseconds; readonly p95: Milliseconds };
  readonly quota?: Quota;
}

/** What the product says of how often it may be asked, in the last answer that said so. */
export interface Quota {
  readonly limit?: number;
  readonly remaining: number;
}

interface Exchange {
  readonly took?: Milliseconds;
  readonly isFailed: boolean;
}

/** Keeps count of one endpoint, since the daemon was started. */
export class HealthKeeper {
  readonly #clock: Clock;
  readonly #last: Exchange[] = [];
  #succeeded: Instant | undefined;
  #failed: Health['failed'];
  #quota: Quota | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  answered(began: Instant, answer?: HttpAnswer): void {
    this.#succeeded = this.#clock.now();
    this.#keep({ took: this.#clock.now() - began, isFailed: false });
    this.#hear(answer);
  }

  failed(trouble: { readonly reason: string; readonly detail: string }, answer?: HttpAnswer): void {
    this.#failed = { at: this.#clock.now(), ...trouble };
    this.#keep({ isFailed: true });
    this.#hear(answer);
  }

  get health(): Health {
    const exchanges = this.#last.length;
    const took = this.#last.flatMap(exchange => exchange.took ?? []).toSorted((a, b) => a - b);
    return {
      ...(this.#succeeded === undefined ? {} : { succeeded: this.#succeeded }),
      ...(this.#failed === undefined ? {} : { failed: this.#failed }),
      exchanges,
      errorRate: exchanges === 0 ? 0 : this.#last.filter(({ isFailed }) => isFailed).length / exchanges,
      ...(took.length === 0 ? {} : { latency: { p50: quantile(took, 0.5), p95: quantile(took, 0.95) } }),
      ...(this.#quota === undefined ? {} : { quota: this.#quota }),
    };
  }

  #keep(exchange: Exchange): void {
    this.#last.push(exchange);
    if (this.#last.length > WINDOW) this.#last.shift();
  }

  #hear(answer: HttpAnswer | undefined): void {
    this.#quota = (answer && quotaOf(answer.headers)) ?? this.#quota;
  }
}

/** The nearest rank. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

/**
 * From the headers that products use, of which none is a standard: `X-RateLimit-*`, `X-Rate-Limit-*`, and `RateLimit-*` of
 * draft-ietf-httpapi-ratelimit-headers-05.
 */
export function quotaOf(headers: HttpAnswer['headers']): Quota | undefined {
  for (const prefix of ['x-ratelimit-', 'x-rate-limit-', 'ratelimit-']) {
    const remaining = count(headers[`${prefix}remaining`]);
    const limit = count(headers[`${prefix}limit`]);
    if (remaining !== undefined) return { remaining, ...(limit === undefined ? {} : { limit }) };
  }
  return undefined;
}

/** A limit may be followed by its window: `100;w=60`. */
function count(text: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,12})\s*(?:[;,]|$)/.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
