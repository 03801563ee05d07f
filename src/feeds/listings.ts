import type { Instant } from '../base/clock.ts';
import type { FeedBook } from './book.ts';
import type { Protection } from './protection.ts';

/** What a feed lists at a moment. */
export interface Listing {
  readonly values: readonly string[];
  readonly withheld: number;
  /** The same as long as the listing is. */
  readonly stamp: string;
}

interface Made extends Listing {
  readonly version: number;
  readonly protection: Protection;
  readonly from: Instant;
  readonly until: Instant;
}

/** Remembers listings until a change, an expiry, or another protection: a firewall asks every half minute. */
export class Listings {
  readonly #protection: () => Protection;
  readonly #made = new Map<string, Made>();
  #count = 0;

  constructor(protection: () => Protection) {
    this.#protection = protection;
  }

  of(book: FeedBook, now: Instant): Listing {
    const { name } = book.feed;
    const protection = this.#protection();
    const known = this.#made.get(name);
    const isGood = known?.version === book.version && known.protection === protection;
    if (known !== undefined && isGood && now >= known.from && now < known.until) return known;
    const { values, withheld, nextExpiry } = book.listed(now);
    // An expiry of what was withheld changes nothing that is served.
    const isSame = known !== undefined && equal(known.values, values) && known.version === book.version;
    const stamp = isSame ? known.stamp : `${name}#${++this.#count}`;
    const made = { values, withheld, stamp, version: book.version, protection, from: now, until: nextExpiry };
    this.#made.set(name, made);
    return made;
  }
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
