import type { Instant } from '../base/clock.ts';
import { parseNetwork } from '../base/network.ts';
import type { Entry, Feed } from './entry.ts';
import { canonicalValue } from './entry.ts';
import type { FeedKeeper } from './keeper.ts';
import type { Protection } from './protection.ts';
import { whyProtected } from './protection.ts';

/** A change that is refused, and why. */
export interface Refused {
  readonly refused: 'invalid' | 'protected' | 'full';
  readonly detail: string;
}

/** What was changed: `changed` false where it was so before. */
export interface Changed {
  readonly changed: boolean;
  readonly version: number;
}

/**
 * The entries of one feed. A change counts when it is on disk, and only then is it served; changes come one after another.
 * What is protected is refused when it is added, and left out when it is listed: protection may come later than the entry.
 */
export class FeedBook {
  readonly feed: Feed;
  readonly #keeper: FeedKeeper;
  readonly #protection: () => Protection;
  #version: number;
  #entries: ReadonlyMap<string, Entry>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(world: BookWorld, version: number, entries: readonly Entry[]) {
    this.feed = world.feed;
    this.#keeper = world.keeper;
    this.#protection = world.protection;
    this.#version = version;
    this.#entries = new Map(entries.map(entry => [entry.value, entry]));
  }

  static async open(world: BookWorld): Promise<FeedBook> {
    const kept = await world.keeper.load(world.feed.name);
    return new FeedBook(world, kept?.version ?? 0, kept?.entries ?? []);
  }

  get version(): number {
    return this.#version;
  }

  entry(value: string): Entry | undefined {
    return this.#entries.get(value);
  }

  /** Those that are listed now, and how many are left out because they are protected. */
  listed(now: Instant): {
    readonly values: readonly string[];
    readonly withheld: number;
    readonly nextExpiry: Instant;
  } {
    const values: string[] = [];
    let withheld = 0;
    let nextExpiry = Infinity;
    for (const { value, expires = Infinity } of this.#entries.values()) {
      if (expires <= now) continue;
      nextExpiry = Math.min(nextExpiry, expires);
      if (this.whyProtected(value) === undefined) values.push(value);
      else withheld += 1;
    }
    return { values, withheld, nextExpiry };
  }

  whyProtected(value: string): string | undefined {
    if (this.feed.kind !== 'ip') return undefined;
    const network = parseNetwork(value);
    return network === undefined ? 'it is no address' : whyProtected(network, this.#protection());
  }

  put(entry: Pick<Entry, 'value' | 'expires' | 'note'>, now: Instant): Promise<Changed | Refused> {
    return this.#inTurn(async () => {
      const value = canonicalValue(this.feed.kind, entry.value);
      if (value === undefined)
        return { refused: 'invalid', detail: `${JSON.stringify(entry.value)} is no ${this.feed.kind}` };
      const reason = this.whyProtected(value);
      if (reason !== undefined) return { refused: 'protected', detail: `${value} is not listed: ${reason}` };
      const live = [...this.#entries].filter(([, { expires = Infinity }]) => expires > now);
      const entries = new Map(live);
      const before = entries.get(value);
      if (before === undefined && entries.size >= this.feed.most)
        return { refused: 'full', detail: `the feed has its ${this.feed.most} entries` };
      const { expires, note } = entry;
      if (before !== undefined && before.expires === expires) return { changed: false, version: this.#version };
      const added = before?.added ?? now;
      const version = this.#version + 1;
      entries.set(value, {
        value,
        added,
        version,
        ...(expires === undefined ? {} : { expires }),
        ...(note === undefined ? {} : { note }),
      });
      return this.#become(entries);
    });
  }

  remove(value: string, now: Instant): Promise<Changed> {
    return this.#inTurn(async () => {
      const live = [...this.#entries].filter(([, { expires = Infinity }]) => expires > now);
      const entries = new Map(live);
      return entries.delete(value) ? this.#become(entries) : { changed: false, version: this.#version };
    });
  }

  async #become(entries: ReadonlyMap<string, Entry>): Promise<Changed> {
    const version = this.#version + 1;
    await this.#keeper.save(this.feed.name, { version, entries: [...entries.values()] });
    this.#entries = entries;
    this.#version = version;
    return { changed: true, version };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

export interface BookWorld {
  readonly feed: Feed;
  readonly keeper: FeedKeeper;
  readonly protection: () => Protection;
}
