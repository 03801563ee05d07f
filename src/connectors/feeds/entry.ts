import type { ActionContext } from '../../action/action.ts';
import type { Entry, Place } from '../../action/feed-entry.ts';
import { readEntry } from '../../action/feed-entry.ts';
import { Refusal } from '../../action/http-answer.ts';
import type { Standing } from '../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';

/** A value of a list: exactly one of these, so that guardrails know what it is. */
export const placeProperties = {
  list: { type: 'string', minLength: 1, maxLength: 63, description: 'one of feeds.lists, written out' },
  ip: { type: 'string', format: 'ip', 'x-target': 'ip', description: 'for a list of addresses' },
  domain: { type: 'string', minLength: 1, maxLength: 253, 'x-target': 'domain', description: 'for a list of domains' },
  url: { type: 'string', minLength: 1, maxLength: 2_048, 'x-target': 'url', description: 'for a list of URLs' },
  hash: {
    type: 'string',
    minLength: 32,
    maxLength: 64,
    'x-target': 'hash',
    description: 'MD5, SHA-1 or SHA-256, for a list of hashes',
  },
} as const satisfies { readonly [name: string]: JsonSchema };

export const placeInput = {
  type: 'object',
  properties: placeProperties,
  required: ['list'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const listedOutput = {
  type: 'object',
  properties: {
    listed: { type: 'boolean', description: 'whether whoever fetches the list finds it there' },
    expires: { type: 'string', format: 'date-time', description: 'when the list drops it by itself' },
    withheld: { type: 'string', description: 'why it is on the list and not shown' },
  },
  required: ['listed'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Asked = FromSchema<typeof placeInput>;

/** Throws a refusal where it is not exactly one value, or no name of a list. */
export function placeOf({ list, ip, domain, url, hash }: Asked): Place {
  const given = [ip, domain, url, hash].filter(value => value !== undefined);
  const [value] = given;
  if (value === undefined || given.length > 1) throw invalid('give exactly one of ip, domain, url and hash');
  if (!/^[a-z][a-z0-9-]*$/.test(list)) throw invalid(`list: ${JSON.stringify(list)} is no name of a list`);
  return { list, value };
}

export function outputOf({ listed, expires, withheld }: Entry): FromSchema<typeof listedOutput> {
  return {
    listed,
    ...(expires === undefined ? {} : { expires }),
    ...(withheld === undefined ? {} : { withheld }),
  };
}

export async function entryStanding(
  asked: Asked,
  wire: Pick<ActionContext, 'http' | 'signal'>,
  wanted: 'listed' | 'not listed',
): Promise<Standing> {
  const entry = await readEntry(wire, placeOf(asked));
  const summary = entry.listed ? 'listed' : 'not listed';
  const notes = entry.withheld === undefined ? [] : [`it is on the list and not shown: ${entry.withheld}`];
  return { stands: summary === wanted, summary, notes, state: { ...outputOf(entry) } };
}

/** For plans: `blocked`. */
export function nameOf({ list }: Asked): string {
  return `list ${list}`;
}

/** Without what only the adding knows. */
export function samePlace({ list, ip, domain, url, hash }: Asked): Asked {
  return {
    list,
    ...(ip === undefined ? {} : { ip }),
    ...(domain === undefined ? {} : { domain }),
    ...(url === undefined ? {} : { url }),
    ...(hash === undefined ? {} : { hash }),
  };
}

function invalid(detail: string): Refusal {
  return new Refusal({ kind: 'failed', reason: 'invalid-input', detail });
}
