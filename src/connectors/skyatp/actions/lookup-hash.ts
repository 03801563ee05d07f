import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import { at } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { lookUpHash } from '../client.ts';
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
    score: { type: 'number', minimum: 0, maximum: 10, description: 'verdict; 0 is clean. Judge by this, not by words' },
    threat_level: {
      type: 'string',
      description: 'the vendor\'s word for the score; "clean" and "high" have been seen',
    },
    family: { type: 'string', description: 'of the malware' },
    complete: { type: 'boolean', description: 'whether the analysis has ended' },
  },
  required: ['found'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const ASK_AGAIN = 30_000;

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

async function look(
  { sha256 }: FromSchema<typeof input>,
  context: ActionContext,
): Promise<Answer<FromSchema<typeof output>>> {
  const file = await lookUpHash(context, sha256);
  if (at(file, ['scan_complete']) === false) return { kind: 'pending', token: null, again: ASK_AGAIN };
  const score = at(file, ['score']);
  // How an unknown hash is answered is not documented: 404 and an answer without a score mean the same to us.
  if (typeof score !== 'number') return { kind: 'done', output: { found: false } };
  const level = at(file, ['threat_level']);
  const family = at(file, ['malware_info', 'family']);
  return {
    kind: 'done',
    output: {
      found: true,
      score: Math.min(Math.max(score, 0), 10),
      complete: true,
      ...(typeof level === 'string' ? { threat_level: level } : {}),
      ...(typeof family === 'string' ? { family } : {}),
    },
  };
}
