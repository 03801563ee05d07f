import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import type { Wire } from '../client.ts';
import { ASK_AGAIN, lookUp, verdictProperties } from '../verdict.ts';
import type { settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: { sha256: { type: 'string', format: 'sha256', 'x-target': 'hash', description: 'of the file' } },
  required: ['sha256'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    found: { type: 'boolean', description: 'whether SkyATP knows the file' },
    ...verdictProperties,
    complete: { type: 'boolean', description: 'whether the analysis has ended' },
  },
  required: ['found'],
  additionalProperties: false,
} as const satisfies JsonSchema;

/** Sends the hash to the cloud, never the file. */
export const lookupHash = defineAction<typeof settings>()({
  name: 'lookup-hash',
  description: 'What SkyATP knows of a file, by its SHA-256. A file it does not know is an answer.',
  effect: 'read',
  input,
  output,
  repeatable: true,
  rights: ['Open API'],
  perform: reading(look),
  resume: (_token, asked, context) => reading(look)(asked, context),
});

async function look({ sha256 }: FromSchema<typeof input>, wire: Wire): Promise<Answer<FromSchema<typeof output>>> {
  const known = await lookUp(wire, sha256);
  if (known === 'under way') return { kind: 'pending', token: null, again: ASK_AGAIN };
  if (known === undefined) return { kind: 'done', output: { found: false } };
  return { kind: 'done', output: { found: true, ...known, complete: true } };
}
