import type { Received } from '../engine/intake.ts';
import { readBody } from './body.ts';
import { eventReader } from '../event/generic-readers.ts';
import { UTC } from '../formats/formats.ts';
import type { InletWorld } from './inlet.ts';
import { Inlet } from './inlet.ts';

/** What became of a request's events, in its order; or why it could not be read, and then it is a dead letter. */
export type Delivered =
  | { readonly kind: 'read'; readonly results: readonly Received[]; readonly passed: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A body that was taken from a request. */
export interface Body {
  readonly text: string;
  readonly contentType: string;
}

/**
 * The events of one request, from one product instance. Resolves when they are on disk (E1) and rejects with
 * `StoreTrouble` when not all of them are; then the sender is to come again. What cannot be an event is kept with its reason.
 */
export async function deliver(inlet: Inlet, { text, contentType }: Body): Promise<Delivered> {
  const items = readBody(text, contentType);
  if ('reason' in items) {
    await keep(inlet, text, items.reason);
    return { kind: 'unreadable', reason: items.reason };
  }
  const { results, passed } = await inlet.take(
    items.map(item => ('draft' in item ? { kind: 'json', value: item.draft } : { kind: 'unreadable', ...item })),
  );
  return { kind: 'read', results, passed };
}

/** Puts a body that holds no events into the dead-letter list. */
export async function keep(inlet: Inlet, raw: string, reason: string): Promise<void> {
  await inlet.take([{ kind: 'unreadable', raw, reason }]);
}

/** For whoever hands over events as Backline has them, in the name of a product. */
export function eventInlet(origin: string, world: InletWorld): Inlet {
  return new Inlet({ name: 'api', origin, readers: [eventReader], zone: UTC, networks: [] }, world);
}
