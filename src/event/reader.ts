import type { Instant } from '../base/clock.ts';
import type { Json } from '../base/json.ts';
import type { Network } from '../base/network.ts';
import type { ParsedLine, Zone } from '../formats/formats.ts';

/**
 * Makes events of what a product sends, however it comes: over HTTP, syslog, a message bus or in a file. Pure. A connector
 * declares those of its product; a source of the configuration names those that it asks, and the first that knows a payload
 * reads it.
 */
export type Reader = LineReader | JsonReader;

export interface LineReader extends Named {
  readonly kind: 'line';
  read(line: ParsedLine, context: ReadContext): Reading | undefined;
}

export interface JsonReader extends Named {
  readonly kind: 'json';
  read(value: Json, context: ReadContext): Reading | undefined;
}

interface Named {
  /** As the configuration names it: `<connector>.<name>`. */
  readonly name: string;
  readonly description: string;
}

/** What a payload does not say itself. */
export interface ReadContext {
  /** When it came. */
  readonly now: Instant;
  /** Of times that name none. */
  readonly zone: Zone;
  /** Our own: they tell whose side of a connection is ours. */
  readonly networks: readonly Network[];
  /** Where it stood, where the transport knows: a place in a file. It is the same when it comes again. */
  readonly position?: string;
  /** Of this payload alone; another one when it comes again. */
  readonly arrival: string;
  /** The routing key of a message bus. */
  readonly topic?: string;
}

/** What became of a payload that a reader knows. All empty where it says nothing, as an empty bundle does. */
export interface Reading {
  readonly drafts: readonly Json[];
  /** Kept in the dead-letter list. */
  readonly rejected?: readonly { readonly raw: Json; readonly reason: string }[];
  /** What it holds of which no event is made, by name: counted, and not kept. */
  readonly passed?: readonly string[];
}
