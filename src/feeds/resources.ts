import type { Instant } from '../base/clock.ts';
import type { FeedBook } from './book.ts';
import { cbFeed } from './formats/cb-feed.ts';
import { plainText } from './formats/plain.ts';
import { dataFile, manifestXml, schemaXml } from './formats/secintel.ts';
import { srxBundle } from './formats/srx-bundle.ts';
import type { Listing, Listings } from './listings.ts';

/** What stands under a path. */
export interface Resource {
  readonly type: string;
  readonly stamp: string;
  /** The feeds that a firewall that has it has, with their versions. */
  readonly feeds: readonly { readonly name: string; readonly version: number }[];
  make(how: { readonly modified: Instant; readonly avoid: number | undefined }): Buffer | string;
}

interface World {
  readonly books: ReadonlyMap<string, FeedBook>;
  readonly listings: Listings;
  readonly now: Instant;
  /** Of Backline, for people. */
  readonly url: string;
}

const TEXT = 'text/plain; charset=utf-8';
const XML = 'application/xml; charset=utf-8';
/** What a hit on an entry is worth in Carbon Black. */
const SCORE = 90;

export function resourceAt(path: string, { books, listings, now, url }: World): Resource | undefined {
  const of = (book: FeedBook): Listing & { readonly book: FeedBook } => ({ ...listings.of(book, now), book });
  const whole = (name: string | undefined): (Listing & { readonly book: FeedBook }) | undefined => {
    const book = name === undefined ? undefined : books.get(name);
    return book === undefined ? undefined : of(book);
  };
  const addresses = (): (Listing & { readonly book: FeedBook })[] =>
    [...books.values()].filter(({ feed }) => feed.kind === 'ip').map(of);

  if (path === '/srx.tgz') {
    const listed = addresses();
    const texts = listed.map(({ book, values }) => ({ name: book.feed.name, text: plainText('ip', values) }));
    return resource('application/gzip', listed, how => srxBundle(texts, how));
  }
  if (path === '/secintel/schema.xml') return { type: XML, stamp: '', feeds: [], make: schemaXml };
  if (path === '/secintel/manifest.xml') {
    const listed = addresses();
    const manifest = resource(XML, listed, ({ modified }) =>
      manifestXml(
        listed.map(({ book, values }) => ({ name: book.feed.name, values, modified })),
        '/secintel',
      ),
    );
    return forNoFirewall(manifest);
  }
  const [, secintel] = /^\/secintel\/([a-z0-9-]+)$/.exec(path) ?? [];
  const data = whole(secintel);
  if (data?.book.feed.kind === 'ip')
    return resource(TEXT, [data], ({ modified }) =>
      dataFile({ name: data.book.feed.name, values: data.values, modified }),
    );
  const [, name, format] = /^\/([a-z0-9-]+)\.(txt|cb\.json)$/.exec(path) ?? [];
  const listed = whole(name);
  if (listed === undefined) return undefined;
  const { feed } = listed.book;
  if (format === 'txt') return resource(TEXT, [listed], () => plainText(feed.kind, listed.values));
  const feedOfCb = resource('application/json', [listed], ({ modified }) =>
    cbFeed({ name: feed.name, kind: feed.kind, values: listed.values, modified, url, score: SCORE }),
  );
  return forNoFirewall(feedOfCb);
}

/** A manifest holds no entries, and Carbon Black drops nothing: whoever has fetched them blocks nothing yet. */
function forNoFirewall(given: Resource): Resource {
  return { ...given, feeds: [] };
}

function resource(
  type: string,
  listed: readonly (Listing & { readonly book: FeedBook })[],
  make: Resource['make'],
): Resource {
  return {
    type,
    stamp: listed.map(({ stamp }) => stamp).join(' '),
    feeds: listed.map(({ book }) => ({ name: book.feed.name, version: book.version })),
    make,
  };
}
