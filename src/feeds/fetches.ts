import type { Instant } from '../base/clock.ts';

/** A client that reads a feed. */
export interface Reader {
  readonly client: string;
  /** When it asked last, be it only whether there is news. */
  readonly seen: Instant;
  /** When it got a content, and which version of the feed that was. */
  readonly fetched?: Instant;
  readonly version?: number;
}

const MOST_CLIENTS = 200;

/**
 * Who fetched which version of which feed: how Backline knows that a firewall has what it was told to block. Kept in
 * memory; after a restart a client is known again when it fetches.
 */
export class Fetches {
  readonly #readers = new Map<string, Map<string, Reader>>();

  note(
    feed: string,
    client: string,
    { at, version }: { readonly at: Instant; readonly version: number | undefined },
  ): void {
    const readers = this.#readers.get(feed) ?? new Map<string, Reader>();
    this.#readers.set(feed, readers);
    const before = readers.get(client);
    readers.delete(client);
    readers.set(client, { ...before, client, seen: at, ...(version === undefined ? {} : { fetched: at, version }) });
    const [oldest] = readers.keys();
    if (readers.size > MOST_CLIENTS && oldest !== undefined) readers.delete(oldest);
  }

  of(feed: string): readonly Reader[] {
    return [...(this.#readers.get(feed)?.values() ?? [])];
  }
}
