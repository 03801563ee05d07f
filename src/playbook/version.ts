import { createHash } from 'node:crypto';
import type { Version } from '../base/ids.ts';
import type { EventType } from '../event/event.ts';
import type { List } from './playbook.ts';

/** Equal content is an equal version, wherever it is loaded: the file, the lists and the project's own events it uses, and the language they are in. */
export function versionOf(text: string, lists: ReadonlyMap<string, List>, events: readonly EventType[]): Version {
  const hash = createHash('sha256').update('v1\0').update(text);
  for (const [name, { kind, values, kept }] of [...lists].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`\0${name}\0`).update(JSON.stringify(kept === true ? [kind, 'kept'] : [kind, values]));
  }
  for (const { name, schema } of events) hash.update(`\0${name}\0`).update(JSON.stringify(schema));
  return hash.digest('hex') as Version;
}
