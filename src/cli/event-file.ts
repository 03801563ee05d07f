import { resolve } from 'node:path';
import type { JsonObject } from '../base/json.ts';
import { formatProblem } from '../base/schema.ts';
import type { Event } from '../event/event.ts';
import { normalise } from '../event/event.ts';
import { misuse } from './exit.ts';
import type { Invocation } from './invocation.ts';
import type { Project } from './project.ts';
import { readObject } from './read-text.ts';

/** An event from a file, or `-` for what is piped in: as written, and as intake would make it. */
export async function readEvent(
  file: string,
  { catalogue }: Pick<Project, 'catalogue'>,
  { folder, terminal }: Invocation,
): Promise<{ readonly draft: JsonObject; readonly event: Event }> {
  const draft = await readObject(resolve(folder, file), file, terminal);
  const normalised = normalise(draft, originOf(draft), catalogue.eventTypes);
  if ('event' in normalised) return { draft, event: normalised.event };
  const [first, ...others] = normalised.problems.map(formatProblem);
  throw misuse(
    `${file} is not an event that would be accepted: ${first}`,
    others.length === 0 ? undefined : others.join('\n  '),
  );
}

/** The connection it would have come from: its connector's, if it does not say so itself. */
export function originOf({ origin, type }: JsonObject): string {
  return typeof origin === 'string' ? origin : (String(type).split('.')[0] ?? 'unknown');
}
