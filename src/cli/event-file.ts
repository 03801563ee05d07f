import { resolve } from 'node:path';
import type { JsonObject } from '../base/json.ts';
import { formatProblem } from '../base/schema.ts';
import type { Event } from '../event/event.ts';
import { normalise, originOf } from '../event/event.ts';
import { misuse } from './exit.ts';
import type { Invocation } from './invocation.ts';
import type { Project } from './project.ts';
import { readObjects } from './read-text.ts';

export interface ReadEvent {
  /** As written. */
  readonly draft: JsonObject;
  /** As intake would make it. */
  readonly event: Event;
}

/** An event, or several, from a file, or `-` for what is piped in. */
export async function readEvents(
  file: string,
  { catalogue }: Pick<Project, 'catalogue'>,
  { folder, terminal }: Invocation,
): Promise<readonly ReadEvent[]> {
  const drafts = await readObjects(resolve(folder, file), file, terminal);
  return drafts.map((draft, index) => {
    const normalised = normalise(draft, originOf(draft), catalogue.eventTypes);
    if ('event' in normalised) return { draft, event: normalised.event };
    const [first, ...others] = normalised.problems.map(formatProblem);
    const which = drafts.length === 1 ? `${file} is not an event` : `${file}: number ${index + 1} is not an event`;
    throw misuse(`${which} that would be accepted: ${first}`, others.length === 0 ? undefined : others.join('\n  '));
  });
}
