import { OWN } from '../action/own.ts';
import { at } from '../base/json.ts';
import type { Event } from '../event/event.ts';

/** Whose timeline an event is part of: what Backline itself raises is of none. */
export function hostOf(event: Event): string | undefined {
  const key = at(event, ['host', 'key']);
  return typeof key === 'string' && !event.type.startsWith(`${OWN}.`) ? key : undefined;
}
