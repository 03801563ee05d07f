import { isBlank, isWord } from './chars.ts';

/**
 * The names of JATP's extension that are no common words: recorded lines have them directly behind a value
 * (`…+00fileHash=`). Common ones (`src`, `url`, `port`) would be found in the middle of other words.
 */
const NAMES = [
  'externalId',
  'eventId',
  'lastActivityTime',
  'startTime',
  'submissionTime',
  'src_hostname',
  'dst_hostname',
  'src_username',
  'dst_username',
  'src_email_id',
  'dst_email_id',
  'reqReferer',
  'fileHash',
  'fileName',
  'fileType',
  'malwareSeverity',
  'malwareCategory',
  'cncServers',
];
/** By their last letter, so that most places are passed by at a glance. */
const BY_END = Map.groupBy(NAMES, name => name.charCodeAt(name.length - 1));

/** Where a known key begins that ends before `equals` and has no blank before it; not in the query of a URL. */
export function gluedKeyStart(text: string, floor: number, equals: number, queries: QueryWords): number | undefined {
  for (const name of BY_END.get(text.charCodeAt(equals - 1)) ?? []) {
    const start = equals - name.length;
    if (start >= floor && text.startsWith(name, start)) return queries.has(start) ? undefined : start;
  }
  return undefined;
}

/** Tells whether a place is in a word that holds a query (`?a=1&fileName=2`). Asked from left to right, it reads a text once. */
export class QueryWords {
  readonly #text: string;
  #read: number;
  #isQuery = false;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#read = at;
  }

  has(place: number): boolean {
    for (; this.#read < place; this.#read++) {
      const code = this.#text.charCodeAt(this.#read);
      if (isBlank(code)) this.#isQuery = false;
      else if (!isWord(code) && '?&#;'.includes(this.#text.charAt(this.#read))) this.#isQuery = true;
    }
    return this.#isQuery;
  }
}
