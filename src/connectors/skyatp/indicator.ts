import { Refusal } from '../../action/http-answer.ts';
import type { Standing } from '../../action/outcome.ts';
import { canonicalAddress } from '../../base/address.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Kind } from './client-lists.ts';
import { readEntries } from './client-lists.ts';
import type { List, Wire } from './client.ts';

/** An entry of the realm's block or allow list: exactly one of these, so that guardrails know what it is. */
export const indicatorInput = {
  type: 'object',
  properties: {
    ip: { type: 'string', format: 'ip', 'x-target': 'ip', description: 'one of ip, domain and url' },
    domain: { type: 'string', minLength: 1, maxLength: 253, 'x-target': 'domain', description: 'a name, no wildcard' },
    url: { type: 'string', minLength: 1, maxLength: 2_048, 'x-target': 'url', description: 'as it is to be matched' },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Asked = FromSchema<typeof indicatorInput>;

export interface Indicator {
  readonly kind: Kind;
  readonly value: string;
}

/**
 * Throws a refusal where it is not exactly one, or none that a list may hold. In custom feeds `*` is the whole feed
 * (public scripts), and what it is here nobody says: no entry is made of it.
 */
export function indicatorOf({ ip, domain, url }: Asked): Indicator {
  const given = [
    ...(ip === undefined ? [] : [{ kind: 'ip', value: ip } as const]),
    ...(domain === undefined ? [] : [{ kind: 'domain', value: domain } as const]),
    ...(url === undefined ? [] : [{ kind: 'url', value: url } as const]),
  ];
  const [indicator] = given;
  if (indicator === undefined || given.length > 1) throw invalid('give exactly one of ip, domain and url');
  const { kind } = indicator;
  const value = canonicalEntry(kind, indicator.value);
  if (kind === 'domain' && !/^[^\s*/:,.]+(\.[^\s*/:,.]+)*$/.test(value))
    throw invalid(`domain: ${JSON.stringify(value)} is no domain name`);
  if (kind === 'url' && !/^[^\s,]*[.:][^\s,]*$/.test(value)) throw invalid(`url: ${JSON.stringify(value)} is no URL`);
  return { kind, value };
}

/** The product's interface says block and allow, its API has the older words. */
export function listOf(name: 'block' | 'allow'): List {
  return name === 'block' ? 'blacklist' : 'whitelist';
}

/** One spelling for each entry, so that two can be compared. How the product itself compares is not documented; a URL stays. */
export function canonicalEntry(kind: Kind, value: string): string {
  const text = value.trim();
  if (kind === 'ip') return canonicalAddress(text);
  return kind === 'domain' ? text.toLowerCase().replace(/\.$/, '') : text;
}

/** How the list spells the entry; undefined where it does not hold it. Several spellings of one entry are one. */
export async function entryAs(wire: Wire, list: List, { kind, value }: Indicator): Promise<string | undefined> {
  return (await readEntries(wire, list, kind)).find(entry => canonicalEntry(kind, entry) === value);
}

export async function indicatorStanding(
  wire: Wire,
  { list, asked, wanted }: { readonly list: List; readonly asked: Asked; readonly wanted: 'listed' | 'not listed' },
): Promise<Standing> {
  const indicator = indicatorOf(asked);
  const listed = (await entryAs(wire, list, indicator)) !== undefined;
  const contradicted = (await entryAs(wire, otherThan(list), indicator)) !== undefined;
  const summary = listed ? 'listed' : 'not listed';
  return {
    stands: summary === wanted,
    summary,
    notes: contradicted ? [CONTRADICTED[list]] : [],
    state: { listed, contradicted },
  };
}

const CONTRADICTED: { readonly [list in List]: string } = {
  blacklist: 'the allow list holds it; which of the two lists wins is not documented',
  whitelist: 'the block list holds it; which of the two lists wins is not documented',
};

export function otherThan(list: List): List {
  return list === 'blacklist' ? 'whitelist' : 'blacklist';
}

function invalid(detail: string): Refusal {
  return new Refusal({ kind: 'failed', reason: 'invalid-input', detail });
}
