import type { FunctionDoc } from '../cel/functions.ts';

export const HELPER_NAMES = [
  'default',
  'optional',
  'count',
  'join',
  'json',
  'date',
  'bytes',
  'lower',
  'upper',
  'truncate',
  'defang',
  'is',
] as const;
export type HelperName = (typeof HELPER_NAMES)[number];

/** How many arguments each takes. */
export const ARITY: Readonly<Record<HelperName, { readonly least: number; readonly most: number }>> = {
  default: { least: 2, most: 2 },
  optional: { least: 1, most: 1 },
  count: { least: 1, most: 1 },
  join: { least: 1, most: 2 },
  json: { least: 1, most: 1 },
  date: { least: 1, most: 1 },
  bytes: { least: 1, most: 1 },
  lower: { least: 1, most: 1 },
  upper: { least: 1, most: 1 },
  truncate: { least: 2, most: 2 },
  defang: { least: 1, most: 1 },
  is: { least: 2, most: 2 },
};

const DOCS: Readonly<Record<HelperName, readonly [signature: string, doc: string]>> = {
  default: ['{{default x y}}', 'x, or y where x is absent or not known'],
  optional: ['{{optional x}}', 'alone in a value: x, or the input is left out'],
  count: ['{{count xs}}', 'how many items'],
  join: ['{{join xs "field"}}', 'the items, or that field of each, with ", " between them'],
  json: ['{{json x}}', 'as JSON text'],
  date: ['{{date t}}', 'a time in UTC, to the minute: 2026-11-24T09:00Z'],
  bytes: ['{{bytes n}}', 'a size for people: 51 KB'],
  lower: ['{{lower s}}', 'in lower case'],
  upper: ['{{upper s}}', 'in upper case'],
  truncate: ['{{truncate s 80}}', 'at most so many characters, the last of them "…" where it was cut'],
  defang: ['{{defang s}}', 'a URL, domain or address that nobody clicks by mistake: hxxp://evil[.]example'],
  is: ['{{#if (is a b)}}', 'whether both are equal'],
};

/** The closed list of helpers (LANGUAGE 4.3), for documentation and hints. */
export const HELPERS: readonly FunctionDoc[] = HELPER_NAMES.map(name => ({
  name,
  signature: DOCS[name][0],
  doc: DOCS[name][1],
}));

export function isHelper(name: string): name is HelperName {
  return Object.hasOwn(ARITY, name);
}
