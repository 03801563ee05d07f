import { startOf } from '../base/span.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import type { TriggerEntry } from './match.ts';
import { matches } from './match.ts';
import type { List, Match, MatchField, MatchModifier } from './types.ts';

type Scalar = string | number | boolean | null;

const span = startOf('playbook.yaml');

/** A field as it is written in a playbook: `field('name|contains|not', 'a', 'b')`. */
export function field(key: string, ...values: readonly Scalar[]): MatchField {
  const [name = '', ...modifiers] = key.split('|');
  return { field: name, modifiers: modifiers as MatchModifier[], values, span };
}

/** Alternatives, each a list of fields that must all match. */
export function match(...any: readonly (readonly MatchField[])[]): Match {
  return { any, span };
}

export function event(fields: JsonObject, type = 'test.alert'): Event {
  return { id: '1', origin: 'test', type, time: '2026-11-24T09:00:00Z', ...fields };
}

export function entry(id: string, parts: Partial<TriggerEntry> = {}): TriggerEntry {
  return { id, event: 'test.alert', params: {}, lists: {}, ...parts };
}

export function condition(text: string): NonNullable<TriggerEntry['if']> {
  return { text, span };
}

/** Whether `{ x: value }` matches a field called `x`; without a value the event has no such field. */
export function asks(wanted: MatchField, value?: Json, lists: { readonly [name: string]: List } = {}): boolean {
  return matches(match([wanted]), event(value === undefined ? {} : { x: value }), {}, lists);
}
