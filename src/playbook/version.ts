import { createHash } from 'node:crypto';
import type { Version } from '../base/ids.ts';
import type { EventType } from '../event/event.ts';
import type { List, Trigger } from './playbook.ts';

/** What a playbook is made of beside its file. */
interface Parts {
  readonly lists: ReadonlyMap<string, List>;
  /** The project's own events that it uses. */
  readonly events: readonly EventType[];
  readonly triggers: readonly Trigger[];
}

/** Equal content is an equal version, wherever it is loaded: the file, what it uses of the project, and the language they are in. */
export function versionOf(text: string, { lists, events, triggers }: Parts): Version {
  const hash = createHash('sha256').update('v1\0').update(text);
  for (const [name, { kind, values, kept }] of [...lists].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`\0${name}\0`).update(JSON.stringify(kept === true ? [kind, 'kept'] : [kind, values]));
  }
  for (const { name, schema } of events) hash.update(`\0${name}\0`).update(JSON.stringify(schema));
  for (const trigger of triggers) {
    if (trigger.kind !== 'sigma') continue;
    hash.update(`\0${JSON.stringify(trigger.rules)}`);
    if (trigger.correlations.length > 0) hash.update(`\0${JSON.stringify(trigger.correlations)}`);
  }
  return hash.digest('hex') as Version;
}
