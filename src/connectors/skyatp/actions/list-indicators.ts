import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import { validate } from '../../../base/schema.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { readEntries } from '../client-lists.ts';
import { canonicalEntry, listOf } from '../indicator.ts';
import type { Settings, settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    list: { type: 'string', enum: ['block', 'allow'], description: "which of the realm's own lists" },
  },
  required: ['list'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const address = { type: 'string', format: 'ip' } as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    total: { type: 'integer', description: 'of all four' },
    ips: { type: 'array', items: address, description: 'single addresses' },
    networks: { type: 'array', items: { type: 'string' }, description: 'networks and ranges, as they are written' },
    domains: { type: 'array', items: { type: 'string' } },
    urls: { type: 'array', items: { type: 'string' } },
  },
  required: ['total', 'ips', 'networks', 'domains', 'urls'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;
type Output = FromSchema<typeof output>;

/** An output goes into the journal. A list that is cut off would be taken for the whole. */
const MOST = 10_000;

/** The C&C feed of the cloud itself cannot be read (contract): what of it a realm knows is what stands on its block list. */
export const listIndicators = defineAction<typeof settings>()({
  name: 'list-indicators',
  description:
    "All that is on the realm's block or allow list: command-and-control servers that were put there, for example, to publish them elsewhere.",
  effect: 'read',
  input,
  output,
  repeatable: true,
  rights: ['Open API'],
  perform: reading(list),
});

async function list({ list: name }: Input, context: ActionContext<Settings>): Promise<Answer<Output>> {
  const which = listOf(name);
  const [addresses, domains, urls] = await Promise.all([
    readEntries(context, which, 'ip'),
    readEntries(context, which, 'domain'),
    readEntries(context, which, 'url'),
  ]);
  const total = addresses.length + domains.length + urls.length;
  if (total > MOST) {
    const detail = `the ${name} list has ${total} entries, and at most ${MOST} are read`;
    return { kind: 'failed', reason: 'too-many', detail };
  }
  const sorted = (entries: readonly string[], kind: 'ip' | 'domain' | 'url'): string[] =>
    [...new Set(entries.map(entry => canonicalEntry(kind, entry)))].toSorted();
  const ips = sorted(addresses, 'ip');
  const isSingle = (entry: string): boolean => validate(address, entry).length === 0;
  const read = {
    ips: ips.filter(isSingle),
    networks: ips.filter(entry => !isSingle(entry)),
    domains: sorted(domains, 'domain'),
    urls: sorted(urls, 'url'),
  };
  const { ips: single, networks } = read;
  return {
    kind: 'done',
    output: { total: single.length + networks.length + read.domains.length + read.urls.length, ...read },
  };
}
