import schema from '../../schemas/playbook.schema.json' with { type: 'json' };
import type { Action } from '../action/action.ts';
import type { Catalogue } from '../action/connector.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { EventType } from '../event/event.ts';

/**
 * The schema of playbooks for editors (JSON Schema draft-07): the language, with every installed action and event type
 * written in, so that what stands under `with:` and `match:` completes and is explained. An editor sees less than
 * `backline check`: no reference and no type of an expression.
 */
export function editorSchema({ actions, eventTypes }: Catalogue): JsonObject {
  const plain = plainSchema(schema);
  const events = [...eventTypes.values()];
  const definitions = Object.fromEntries(
    Object.entries(plain['definitions'] as { [name: string]: JsonObject }).map(([name, definition]) => {
      if (name === 'enrich-do') return [name, withActions(definition, [...actions.values()].filter(looksUp))];
      if (name === 'do') return [name, withActions(definition, [...actions.values()])];
      return [name, name in KINDS ? beginning(definition, KINDS[name] ?? []) : withEvents(definition, events)];
    }),
  );
  return { ...plain, $id: 'https://backline.invalid/playbook.schema.json', definitions };
}

/** What a step or a trigger that has only just been begun may become. */
const KINDS: { readonly [definition: string]: readonly string[] } = {
  step: ['do', 'ask', 'wait', 'parallel', 'for_each', 'choose', 'call', 'emit', 'undo', 'stop'],
  enrichment: ['do', 'ask', 'wait', 'for_each', 'call'],
  trigger: ['event', 'sigma', 'correlate', 'schedule', 'manual', 'call'],
};

/** The loader's schema ends in "none of these", which completes nothing. */
function beginning(definition: JsonObject, kinds: readonly string[]): JsonObject {
  const last = { properties: Object.fromEntries(kinds.map(kind => [kind, {}])), minProperties: 1 };
  const replaced = (level: Json): Json => {
    if (!isObject(level)) return level;
    if (level['not'] !== undefined) return { ...last, anyOf: kinds.map(kind => ({ required: [kind] })) };
    return level['else'] === undefined ? level : { ...level, else: replaced(level['else']) };
  };
  return replaced(definition) as JsonObject;
}

function looksUp({ effect }: Action): boolean {
  return effect === 'read' || effect === 'message';
}

function withActions(definition: JsonObject, actions: readonly Action[]): JsonObject {
  const properties = definition['properties'] as JsonObject;
  const named = actions.map(action => ({ const: action.fullName, description: summary(action) }));
  const inputs = actions.map(action => ({
    if: { properties: { do: { const: action.fullName } }, required: ['do'] },
    then: {
      properties: { with: { description: summary(action), ...written(action.input) } },
      required: [...((action.input.required ?? []).length > 0 ? ['with'] : []), ...(looksUp(action) ? [] : ['id'])],
    },
  }));
  return {
    ...definition,
    properties: { ...properties, do: { ...(properties['do'] as JsonObject), anyOf: named } },
    allOf: inputs,
  };
}

function summary({ description, effect, discloses }: Action): string {
  return `${description} (${effect}${discloses === true ? ' that discloses' : ''})`;
}

/** As it is written in a file: any value may also be a text with references. */
function written(input: JsonSchema): JsonObject {
  const { type, properties, items, required, additionalProperties, description, ...more } = input;
  const { 'x-target': target, 'x-text': readBy, 'x-sensitive': _, 'x-secret': __, format, ...limits } = more;
  const notes = [
    description,
    target === undefined ? undefined : `target: ${target}`,
    readBy === undefined ? undefined : 'read by people',
    format === undefined ? undefined : `format: ${format}`,
  ].filter(note => note !== undefined);
  const about = notes.length === 0 ? {} : { description: notes.join('; ') };
  if (properties !== undefined) {
    return {
      ...about,
      type: 'object',
      properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, written(inner)])),
      ...(required === undefined ? {} : { required: [...required] }),
      ...(additionalProperties === undefined ? {} : { additionalProperties }),
    };
  }
  // A text of the right form, or one that becomes so when it is rendered.
  if (type === undefined || type === 'string') {
    const isText = type === 'string' ? { type } : {};
    const isLimited = limits.enum !== undefined || limits.const !== undefined;
    return isLimited ? { ...about, anyOf: [{ ...limits }, REFERENCE] } : { ...about, ...isText };
  }
  const value = { ...limits, type, ...(items === undefined ? {} : { items: written(items) }) };
  return { ...about, anyOf: [value, REFERENCE] };
}

const REFERENCE = { type: 'string', pattern: '\\{\\{' } as const;

/** Types of events by name, and the fields that each of them has. */
function withEvents(definition: JsonObject, events: readonly EventType[]): JsonObject {
  const properties = definition['properties'];
  if (!isObject(properties) || !isObject(properties['event']) || properties['match'] === undefined) return definition;
  const named = [...events.map(({ name, description }) => ({ const: name, description })), { pattern: '^local\\.' }];
  const fields = events.map(({ name, schema: fieldsOf }) => ({
    if: { properties: { event: { const: name } }, required: ['event'] },
    then: { properties: { match: { properties: Object.fromEntries(fieldsIn(fieldsOf, '')) } } },
  }));
  return {
    ...definition,
    properties: { ...properties, event: { ...properties['event'], anyOf: named } },
    allOf: fields,
  };
}

function* fieldsIn({ properties = {} }: JsonSchema, before: string): Generator<[string, JsonObject]> {
  for (const [name, field] of Object.entries(properties)) {
    if (field.properties === undefined)
      yield [`${before}${name}`, field.description === undefined ? {} : { description: field.description }];
    else yield* fieldsIn(field, `${before}${name}.`);
  }
}

/** Editors know nothing of the keys that our own diagnostics are made from. */
export function plainSchema(ours: Json): JsonObject {
  return withoutOurs(ours) as JsonObject;
}

function withoutOurs(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutOurs);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key.startsWith('x-') ? [] : [[key, withoutOurs(inner)]])),
  );
}
