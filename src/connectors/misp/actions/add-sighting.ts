import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { textIn } from '../answer.ts';
import type { Sighting } from '../client.ts';
import { SIGHTINGS, findSightings, hasOperator, postSighting, sourceOf } from '../client.ts';
import type { settings } from '../settings.ts';

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;

const input = {
  type: 'object',
  properties: {
    value: { ...text, minLength: 1, maxLength: 2_048, description: 'of the attributes: all that have it are reported' },
    attribute: { ...text, minLength: 1, maxLength: 36, description: 'the one attribute, by id or UUID' },
    type: { type: 'string', enum: ['sighting', 'false-positive', 'expiration'], description: 'sighting' },
    source: { ...text, minLength: 1, maxLength: 200, description: "who saw it; the connection's if not given" },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;

/**
 * A message, for others to read. Not reversible: each report counts by itself, so a second run must not join the first one's,
 * and the expiration that another replaces is lost.
 */
export const addSighting = defineAction<typeof settings>()({
  name: 'add-sighting',
  description: 'Reports that a value was seen, is a false positive, or has expired.',
  effect: 'message',
  input,
  output: {
    type: 'object',
    properties: {
      count: { type: 'integer', description: 'of sightings that were added: one for each attribute' },
      sightings: { ...texts, description: 'their ids' },
      attributes: { ...texts, description: 'ids' },
      events: { ...texts, description: 'ids' },
      source: { ...text, description: 'as it stands there, with the mark that it is known by' },
    },
    required: ['count', 'sightings', 'attributes', 'events', 'source'],
    additionalProperties: false,
  },
  // A second one counts as seen twice. Whether the first one arrived is looked up (verify).
  repeatable: false,
  asks: [SIGHTINGS],
  rights: ['perm_sighting'],
  perform: writing(async (asked, context) => {
    const of = whomOf(asked);
    if (typeof of === 'string') return { kind: 'failed', reason: 'invalid-input', detail: of };
    const source = sourceOf(asked.source, context.settings, context.key);
    const answer = await postSighting(context, { of, type: asked.type ?? 'sighting', source });
    if (answer.kind === 'failed') return answer;
    const listed = await findSightings(context, source);
    const { sighting } = answer;
    // Some instances do not list what the key's own organisation has reported (Plugin.Sightings_policy).
    const rows = listed.length === 0 && sighting !== undefined ? [sighting] : listed;
    if (rows.length === 0) return { kind: 'unconfirmed', detail: 'MISP took the sighting, and does not list it' };
    return { kind: 'done', output: outputOf(rows, source) };
  }),
  verify: verifying(async (asked, context) => {
    const { length } = await findSightings(context, sourceOf(asked.source, context.settings, context.key));
    return { stands: length > 0, summary: length > 0 ? `${length} added by this step` : 'none added by this step' };
  }),
  plan: asked => ({
    change: `${asked.type ?? 'sighting'} of ${asked.attribute === undefined ? JSON.stringify(asked.value ?? '') : `attribute ${asked.attribute}`}`,
  }),
});

/** `12|13` is a list of ids to MISP (Sighting::explodeIdList). */
const ONE = /^(\d+|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** What to report, or what is wrong with it. MISP matches a value by LIKE, as it is (Sighting::saveSightings). */
function whomOf({ value, attribute, source = '' }: Input): Sighting['of'] | string {
  if (hasOperator(source))
    return 'source: "&&", "||" and a leading "!" are operators of MISP, and it could not be found again';
  if ((value === undefined) === (attribute === undefined))
    return 'either value or attribute must be given, and not both';
  if (attribute !== undefined)
    return ONE.test(attribute) ? { attribute } : `attribute: ${JSON.stringify(attribute)} is neither an id nor a UUID`;
  if (value === undefined || !/[%_\\]/.test(value)) return { value: value ?? '' };
  return `value: "%", "_" and "\\" are wildcards to MISP, so ${JSON.stringify(value)} could mean others too; give attribute, an id that lookup-attribute finds`;
}

function outputOf(rows: readonly JsonObject[], source: string) {
  const ids = (key: string): string[] => [...new Set(rows.flatMap(row => textIn(row, key) ?? []))];
  return {
    count: rows.length,
    sightings: ids('id'),
    attributes: ids('attribute_id'),
    events: ids('event_id'),
    source,
  };
}
