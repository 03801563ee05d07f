import type { Engine } from '../engine/engine.ts';
import type { Received } from '../engine/intake.ts';
import { readBody } from './body.ts';

/** What became of a request's events, in its order; or why it could not be read, and then it is a dead letter. */
export type Delivered =
  | { readonly kind: 'read'; readonly results: readonly Received[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A body that was taken from a request. */
export interface Body {
  readonly text: string;
  readonly contentType: string;
}

/** Events in one transaction: more would keep everybody else waiting. Should the store fail between two, all come again. */
const AT_ONCE = 500;

/**
 * The events of one request, from one product instance. Resolves when they are on disk (E1) and rejects with
 * `StoreTrouble` when nothing is; then the sender is to come again. What cannot be an event is kept with its reason.
 */
export async function deliver(
  engine: Pick<Engine, 'accept'>,
  origin: string,
  { text, contentType }: Body,
): Promise<Delivered> {
  const items = readBody(text, contentType);
  if ('reason' in items) {
    await keep(engine, origin, text, items.reason);
    return { kind: 'unreadable', reason: items.reason };
  }
  const drafts = items.flatMap(item => ('draft' in item ? [item.draft] : []));
  const rejected = items.flatMap(item => ('draft' in item ? [] : [item]));
  const received: Received[] = [];
  for (let start = 0; start === 0 || start < drafts.length; start += AT_ONCE) {
    const more = start === 0 ? { rejected } : {};
    received.push(...(await engine.accept(origin, drafts.slice(start, start + AT_ONCE), more)));
  }
  let next = 0;
  const results = items.map((item): Received => {
    const result = 'draft' in item ? received[next++] : undefined;
    return result ?? { kind: 'rejected', reason: 'reason' in item ? item.reason : 'it was not taken' };
  });
  return { kind: 'read', results };
}

/** Puts a body that holds no events into the dead-letter list. */
export async function keep(engine: Pick<Engine, 'accept'>, origin: string, raw: string, reason: string): Promise<void> {
  await engine.accept(origin, [], { rejected: [{ raw, reason }] });
}
