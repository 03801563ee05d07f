import type { Instant } from '../base/clock.ts';
import type { Http, Question } from '../base/http.ts';
import type { Json } from '../base/json.ts';
import type { Log } from '../base/service.ts';
import type { Draft } from './event.ts';

/** What a source may use of the world. */
export interface PollContext<Settings = unknown> {
  /** Only GET, HEAD and the source's `asks` pass: a source never changes anything. */
  readonly http: Http;
  readonly settings: Settings;
  readonly now: Instant;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface PollAnswer {
  readonly drafts: readonly Draft[];
  /** What the product said that could not be made into an event; kept in the dead-letter list with the reason. */
  readonly rejected?: readonly { readonly raw: Json; readonly reason: string }[];
  /** Where to go on. Committed together with the events (E1), so an event is never skipped, only seen twice. */
  readonly cursor: Json;
}

/**
 * Asks a product for news. Called with the cursor of the last committed poll, or undefined at the very first, which
 * starts at `now` unless the connection's settings say otherwise. An `HttpTrouble` or a thrown `PollTrouble` is retried.
 */
export interface PollSource<Settings = unknown> {
  readonly name: string;
  readonly description: string;
  /** The POSTs that it reads by, where the product has no other way (decision 0006). */
  readonly asks?: readonly Question[];
  poll(context: PollContext<Settings>, cursor: Json | undefined): Promise<PollAnswer>;
}

/** The product answered, but not with what was asked for: wrong credentials, an error status, a body that makes no sense. */
export class PollTrouble extends Error {
  override readonly name = 'PollTrouble';
}
