import type { Catalogue } from '../action/connector.ts';
import { COMMON, eventSchema } from '../event/event.ts';
import type { JsonSchema } from '../base/schema.ts';
import { equalJson } from '../base/json.ts';
import type { Json } from '../base/json.ts';
import { factsOf } from './facts.ts';
import { withRequired } from './narrow.ts';
import type { Playbook, Trigger } from './playbook.ts';
import { eventTypesOf, variableText } from './playbook.ts';

/** What `event` is in a playbook: undefined where there is none, a union where there are several triggers. */
export interface EventName {
  readonly schema: JsonSchema;
  /** Some triggers bring no event. */
  readonly maybeAbsent: boolean;
}

/** What a Sigma rule has fired for: an event of any type, with what the rule fills in. */
const RULED = eventSchema({ rule: { ...COMMON['rule'], required: ['id', 'name'] } }, ['rule', 'severity']);

export function eventOf(playbook: Playbook, catalogue: Catalogue): EventName | undefined {
  const schemas = playbook.triggers.flatMap(trigger => {
    const always = alwaysThere(trigger, playbook);
    const types = trigger.kind === 'sigma' ? [RULED] : eventTypesOf(trigger).map(type => schemaOf(type, catalogue));
    return types.map(schema => always.reduce<JsonSchema>((found, path) => withRequired(found, path), schema));
  });
  if (schemas.length === 0 || playbook.inputs.length > 0) return undefined;
  return {
    schema: schemas.reduce(union),
    maybeAbsent: playbook.triggers.some(({ kind }) => kind === 'manual'),
  };
}

function schemaOf(type: string, catalogue: Catalogue): JsonSchema {
  return catalogue.eventTypes.get(type)?.schema ?? {};
}

/** Fields without which the trigger wakes nothing. */
function alwaysThere(trigger: Trigger, playbook: Playbook): (readonly string[])[] {
  if (trigger.kind === 'correlate') return trigger.by.map(({ text }) => text.split('.'));
  if ((trigger.kind !== 'event' && trigger.kind !== 'sigma') || trigger.if === undefined) return [];
  const { present } = factsOf(trigger.if.text, id => variableText(playbook, id));
  return present.flatMap(([root, ...path]) => (root === 'event' && path.length > 0 ? [path] : []));
}

/** What `events` is in a playbook with a `correlate` trigger: each with its name, in the order of time. */
export function eventsOf(playbook: Playbook, catalogue: Catalogue): EventName | undefined {
  const triggers = playbook.triggers.flatMap(trigger => {
    const groups = groupsOf(trigger, catalogue);
    return groups.length === 0 ? [] : [{ groups, isAlways: trigger.kind !== 'sigma' || trigger.rules.length === 0 }];
  });
  const correlated = triggers.flatMap(({ groups }) => groups.flat());
  const [first, ...others] = correlated.map(({ schema }) => schema);
  if (first === undefined || playbook.inputs.length > 0) return undefined;
  const item = others.reduce(union, first);
  const name = { type: 'string', enum: [...new Set(correlated.map(event => event.name))] } as const;
  const items: JsonSchema =
    item.properties === undefined
      ? item
      : { ...item, properties: { ...item.properties, name }, required: [...(item.required ?? []), 'name'] };
  const isAlways = triggers.length === playbook.triggers.length && triggers.every(trigger => trigger.isAlways);
  return { schema: { type: 'array', items }, maybeAbsent: !isAlways };
}

interface CorrelatedType {
  readonly name: string;
  readonly schema: JsonSchema;
}

/** What is correlated by a trigger: by a `correlate` one thing, by Sigma files as many as there are correlations in them. */
function groupsOf(trigger: Trigger, catalogue: Catalogue): (readonly CorrelatedType[])[] {
  if (trigger.kind === 'sigma')
    return trigger.correlations.map(({ events }) => events.map(({ name }) => ({ name, schema: eventSchema() })));
  if (trigger.kind !== 'correlate') return [];
  const { events, by } = trigger;
  return [
    events.map(({ name, event }) => ({
      name,
      schema: by.reduce<JsonSchema>(
        (found, { text }) => withRequired(found, text.split('.')),
        schemaOf(event, catalogue),
      ),
    })),
  ];
}

/** Whatever either admits. A field that not both require may be absent; a field of two types has none. */
function union(a: JsonSchema, b: JsonSchema): JsonSchema {
  if (equalJson(a as Json, b as Json)) return a;
  if (a.type === 'object' && b.type === 'object' && a.properties !== undefined && b.properties !== undefined) {
    const names = new Set([...Object.keys(a.properties), ...Object.keys(b.properties)]);
    const properties: { [name: string]: JsonSchema } = {};
    for (const name of names) {
      const [one, other] = [a.properties[name], b.properties[name]];
      properties[name] = one === undefined ? (other ?? {}) : other === undefined ? one : union(one, other);
    }
    return {
      type: 'object',
      properties,
      required: (a.required ?? []).filter(name => b.required?.includes(name)),
      ...(a.additionalProperties === false && b.additionalProperties === false ? { additionalProperties: false } : {}),
    };
  }
  if (a.type === 'array' && b.type === 'array') return { type: 'array', items: union(a.items ?? {}, b.items ?? {}) };
  if (a.type !== undefined && a.type === b.type) {
    const choices = a.enum !== undefined && b.enum !== undefined ? { enum: [...new Set([...a.enum, ...b.enum])] } : {};
    return { type: a.type, ...choices };
  }
  return {};
}

/** The schema at a dotted path, undefined where the schema says there is no such field; untyped below an open object. */
export function fieldAt(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  let current = schema;
  for (const name of path) {
    // A list is matched by any of its items.
    while (current.type === 'array' && current.items !== undefined) current = current.items;
    const inner =
      current.properties !== undefined && Object.hasOwn(current.properties, name)
        ? current.properties[name]
        : undefined;
    if (inner !== undefined) current = inner;
    else
      return current.properties === undefined && (current.type === undefined || current.type === 'object')
        ? {}
        : undefined;
  }
  return current;
}
