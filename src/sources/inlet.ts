import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Json } from '../base/json.ts';
import type { Network } from '../base/network.ts';
import type { Log } from '../base/service.ts';
import type { Engine } from '../engine/engine.ts';
import type { Received } from '../engine/intake.ts';
import { StoreTrouble } from '../engine/ports.ts';
import type { Reader, ReadContext, Reading } from '../event/reader.ts';
import type { ParsedLine, Zone } from '../formats/formats.ts';
import { parseLine } from '../formats/formats.ts';
import { readJson } from './body.ts';
import type { Counts } from './tally.ts';
import { Tally } from './tally.ts';

/** What the configuration says of a source, whatever it is. */
export interface InletOptions {
  /** As the configuration names it: `syslog.firewalls`. */
  readonly name: string;
  /** The product instance that its events are from. */
  readonly origin: string;
  /** The first that knows a payload reads it. */
  readonly readers: readonly Reader[];
  readonly zone: Zone;
  readonly networks: readonly Network[];
}

export interface InletWorld {
  readonly engine: Pick<Engine, 'accept' | 'store' | 'activity'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** One thing that came. */
export type Payload = Content & {
  /** Where it stood, the same when it comes again. */
  readonly position?: string;
  /** The routing key of a message bus. */
  readonly topic?: string;
};

type Content =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'line'; readonly line: ParsedLine }
  /** Bare: JSON where it begins so and a reader of the source takes JSON, else a log line. */
  | { readonly kind: 'text'; readonly text: string }
  /** It goes to the dead-letter list. */
  | { readonly kind: 'unreadable'; readonly raw: string; readonly reason: string };

export interface Taken {
  /** One for each event and each rejection, in the order of the payloads. */
  readonly results: readonly Received[];
  readonly passed: number;
}

export interface TakeMore {
  /** Moves with the last of the events (E1). */
  readonly cursor?: { readonly source: string; readonly value: Json };
}

/** Events in one transaction: more would keep everybody else waiting. Should the store fail between two, all come again. */
const AT_ONCE = 500;
const FIRST_WAIT: Milliseconds = 1_000;
const LONGEST_WAIT: Milliseconds = 60_000;

type Entry = { readonly draft: Json } | { readonly raw: Json; readonly reason: string };

/**
 * The end of every source: payloads go in, events and dead letters are on disk when it says so (E1), and all is counted. It
 * knows nothing of transports, and nothing is dropped here but what a reader passes over by name.
 */
export class Inlet {
  readonly options: InletOptions;
  readonly #world: InletWorld;
  readonly #tally = new Tally();
  /** Tells apart what comes in this life of the process from what came in another. */
  readonly #life = randomUUID();
  #arrivals = 0;
  #trouble: string | undefined;

  constructor(options: InletOptions, world: InletWorld) {
    this.options = options;
    this.#world = world;
  }

  get counts(): Counts {
    return this.#tally.counts;
  }

  /** Why nothing can be put on disk, while that is so. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Whether any of its readers takes JSON, or lines. */
  takes(kind: Reader['kind']): boolean {
    return this.options.readers.some(reader => reader.kind === kind);
  }

  /** Resolves when all is on disk; rejects with `StoreTrouble` when it is not, and then it is to come again. */
  async take(payloads: readonly Payload[], more: TakeMore = {}): Promise<Taken> {
    const { engine, clock } = this.#world;
    const { origin } = this.options;
    const entries: Entry[] = [];
    const passed: string[] = [];
    for (const payload of payloads) {
      const reading = this.#read(payload);
      for (const draft of reading.drafts) entries.push({ draft });
      entries.push(...(reading.rejected ?? []));
      passed.push(...(reading.passed ?? []));
    }
    const results: Received[] = [];
    for (let start = 0; start === 0 || start < entries.length; start += AT_ONCE) {
      const batch = entries.slice(start, start + AT_ONCE);
      const isLast = start + AT_ONCE >= entries.length;
      const cursor = isLast && more.cursor !== undefined ? { cursor: more.cursor } : {};
      if (batch.length === 0 && more.cursor === undefined) break;
      const rejected = batch.flatMap(entry => ('draft' in entry ? [] : [entry]));
      const drafts = batch.flatMap(entry => ('draft' in entry ? [entry.draft] : []));
      const received = await engine.accept(origin, drafts, { rejected, ...cursor });
      let next = 0;
      for (const entry of batch) {
        const result = 'draft' in entry ? received[next++] : undefined;
        results.push(result ?? { kind: 'rejected', reason: 'reason' in entry ? entry.reason : 'it was not taken' });
      }
    }
    this.#tally.add(results, clock.now());
    this.#tally.pass(passed);
    this.#trouble = undefined;
    return { results, passed: passed.length };
  }

  /** Takes them sooner or later, ever more slowly; false if the signal came first, and then nothing of the last try is known to be on disk. */
  async insist(payloads: readonly Payload[], signal: AbortSignal, more: TakeMore = {}): Promise<boolean> {
    const { engine, clock, log } = this.#world;
    for (let wait = FIRST_WAIT; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        await this.take(payloads, more);
        return true;
      } catch (error) {
        this.#trouble = error instanceof Error ? error.message : String(error);
        const facts = { source: this.options.name, payloads: payloads.length };
        if (error instanceof StoreTrouble)
          log.warn({ ...facts, trouble: error.message }, 'events could not be put on disk; trying again');
        else log.error({ ...facts, err: error }, 'a bug kept events from being taken; trying again');
      }
      await engine.activity.sleep(clock.now() + wait, signal);
    }
    return false;
  }

  #read(payload: Payload): Reading {
    if (payload.kind === 'unreadable') return rejection(payload.raw, payload.reason);
    const context = this.#contextOf(payload);
    if (payload.kind === 'json') return this.#ask('json', payload.value, context);
    if (payload.kind === 'text') return this.#readText(payload.text, context);
    return this.#readLine(payload.line, context);
  }

  #readText(text: string, context: ReadContext): Reading {
    const start = text.trimStart();
    const isJson = start.startsWith('{') || start.startsWith('[');
    if (this.takes('json') && (isJson || !this.takes('line'))) return this.#readJson(text, text, context);
    return this.#readLine(parseLine(text, text.length), context);
  }

  #readLine(line: ParsedLine, context: ReadContext): Reading {
    const cut = line.problems.find(({ kind }) => kind === 'line-cut' || kind === 'fields-cut');
    if (cut !== undefined) {
      const reason = cut.kind === 'line-cut' ? 'the line is longer than the source takes' : 'too many fields';
      return rejection(line.line, reason);
    }
    const isJson = line.format === 'text' && line.text.trimStart().startsWith('{');
    if (this.takes('json') && (isJson || !this.takes('line'))) return this.#readJson(line.text, line.line, context);
    return this.#ask('line', line, context);
  }

  #readJson(text: string, raw: string, context: ReadContext): Reading {
    const read = readJson(text);
    return 'reason' in read ? rejection(raw, read.reason) : this.#ask('json', read.value, context);
  }

  /** The first reader that knows it. A reader that breaks is a bug of ours, and costs this payload only. */
  #ask(kind: 'json', value: Json, context: ReadContext): Reading;
  #ask(kind: 'line', value: ParsedLine, context: ReadContext): Reading;
  #ask(kind: Reader['kind'], value: Json | ParsedLine, context: ReadContext): Reading {
    const raw = kind === 'line' ? (value as ParsedLine).line : (value as Json);
    for (const reader of this.options.readers) {
      try {
        const reading =
          reader.kind === 'line'
            ? kind === 'line'
              ? reader.read(value as ParsedLine, context)
              : undefined
            : kind === 'json'
              ? reader.read(value as Json, context)
              : undefined;
        if (reading !== undefined) return reading;
      } catch (error) {
        this.#world.log.error({ err: error, source: this.options.name, reader: reader.name }, 'a bug broke a reader');
        return rejection(raw, `a bug broke the reader ${reader.name}; the log of the daemon has the details`);
      }
    }
    const names = this.options.readers.map(({ name }) => name).join(', ');
    return rejection(raw, `not known to ${names}`);
  }

  #contextOf({ position, topic }: Payload): ReadContext {
    const { zone, networks } = this.options;
    return {
      now: this.#world.clock.now(),
      zone,
      networks,
      arrival: `${this.#life} ${this.#arrivals++}`,
      ...(position === undefined ? {} : { position }),
      ...(topic === undefined ? {} : { topic }),
    };
  }
}

function rejection(raw: Json, reason: string): Reading {
  return { drafts: [], rejected: [{ raw, reason }] };
}
