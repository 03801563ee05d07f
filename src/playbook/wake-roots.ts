import type { Catalogue } from '../action/connector.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { TypeBinding } from '../expr/types.ts';
import { cyclicVars } from './cycles.ts';
import { eventOf, eventsOf } from './event-types.ts';
import type { Playbook } from './playbook.ts';
import { paramsType } from './root-types.ts';

export type Roots = Map<string, TypeBinding>;

/** What there is before anything was looked up. */
export function wakeRoots(playbook: Playbook, catalogue: Catalogue): Roots {
  const { params, inputs, vars } = playbook;
  const roots: Roots = new Map([
    ['params', certain(paramsType(params))],
    ['now', certain({ type: 'string', format: 'date-time' })],
  ]);
  if (inputs.length > 0) roots.set('inputs', certain(paramsType(inputs)));
  const event = eventOf(playbook, catalogue);
  if (event !== undefined) {
    const presence = event.maybeAbsent ? 'maybe-absent' : 'certain';
    roots.set('event', { kind: 'type', schema: event.schema, presence });
  }
  const events = eventsOf(playbook, catalogue);
  if (events !== undefined) {
    const presence = events.maybeAbsent ? 'maybe-absent' : 'certain';
    roots.set('events', { kind: 'type', schema: events.schema, presence });
  }
  const cyclic = cyclicVars(playbook);
  const names = vars.map(({ id, value }): [string, TypeBinding] => {
    if ('json' in value) return [id, certain(typeOfJson(value.json))];
    return [id, cyclic.has(id) ? certain({}) : { kind: 'expression', text: value.text }];
  });
  roots.set('vars', { kind: 'namespace', names: new Map(names) });
  return roots;
}

export function certain(schema: JsonSchema): TypeBinding {
  return { kind: 'type', schema, presence: 'certain' };
}

function typeOfJson(value: unknown): JsonSchema {
  if (Array.isArray(value)) {
    const [first] = value as readonly unknown[];
    const item = typeOfJson(first);
    const isUniform = (value as readonly unknown[]).every(other => typeOfJson(other).type === item.type);
    return { type: 'array', items: first !== undefined && isUniform && item.type !== 'object' ? item : {} };
  }
  switch (typeof value) {
    case 'string':
      return { type: 'string' };
    case 'number':
      return { type: Number.isInteger(value) ? 'integer' : 'number' };
    case 'boolean':
      return { type: 'boolean' };
    default:
      return {};
  }
}
