import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { formatInstant } from '../../../base/clock.ts';
import type { JsonSchema } from '../../../base/schema.ts';
import { searchProcesses as search } from '../client.ts';
import type { Process } from '../process.ts';
import { parseProcess, processSchema } from '../process.ts';
import { processTerms, queryFor } from '../process-query.ts';
import type { settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    ...processTerms,
    limit: { type: 'integer', minimum: 1, maximum: 1_000, description: 'rows to ask for; 100 if not given' },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    processes: { type: 'array', items: processSchema, description: 'the latest first, each process once' },
    total: { type: 'integer', description: 'documents that match; a process that ran long has several' },
    complete: {
      type: 'boolean',
      description: 'false where the server searched a part only, or there is more than was asked for',
    },
    lag_note: { type: 'string', description: 'from when on processes may be missing' },
  },
  required: ['processes', 'total', 'complete', 'lag_note'],
  additionalProperties: false,
} as const satisfies JsonSchema;

/** Documents are in the index at most so much later than they were sent (vendor). */
const LAG = 900_000;

/** Nothing found is no proof that nothing ran: the index is late by up to 15 minutes. */
export const searchProcesses = defineAction<typeof settings>()({
  name: 'search-processes',
  description:
    'Processes that ran a file, spoke to an address or a domain, or were hit by a feed, on one host or on all.',
  effect: 'read',
  input,
  output,
  repeatable: true,
  rights: ['view processes of all sensor groups that playbooks ask for'],
  perform: reading(async ({ limit = 100, ...terms }, context) => {
    const query = queryFor(terms);
    if ('wrong' in query) return { kind: 'failed', reason: 'invalid-input', detail: query.wrong };
    if (query.q === '')
      return { kind: 'failed', reason: 'missing-input', detail: 'needs md5, sha256, ip, domain, host or feed' };
    const found = await search(context, { q: query.q, rows: limit });
    const since = formatInstant(context.now - LAG);
    return {
      kind: 'done',
      output: {
        processes: onceEach(found.rows.map(parseProcess)),
        total: found.total,
        complete: found.isComplete && found.rows.length >= found.total,
        lag_note: `processes are indexed up to 15 minutes late: what ran after ${since} may be missing`,
      },
    };
  }),
});

function onceEach(processes: readonly Process[]): readonly Process[] {
  return [...new Map(processes.toReversed().map(found => [found.guid, found])).values()].toReversed();
}
