import type { CommandId, InputId, ResponseKey, RunId } from '../base/ids.ts';
import type { JsonObject } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import { deduplicationKey } from '../event/event.ts';
import type { EventFilter } from '../machine/command.ts';
import { matches } from '../match/match.ts';
import type { List } from '../match/types.ts';
import type { Instant } from '../base/clock.ts';
import type { Input } from './ports.ts';

/** Somebody who waits for an event: a `wait` step, or a hold's `until`. */
export interface Watch {
  readonly run: RunId;
  readonly command: CommandId;
  readonly filter: EventFilter;
  /** Given for holds. */
  readonly response?: ResponseKey;
  readonly params: JsonObject;
  readonly lists: { readonly [name: string]: List };
  /** The filter's `if`, in the run's scope. Undecided does not match. */
  holds(event: Event): Promise<boolean>;
  /** It could not be evaluated: a fault of ours, which must keep neither the event out nor others from hearing it. */
  fault(fault: unknown): void;
}

/** Who waits for which type of event. A matched event is not consumed: triggers see it too (LANGUAGE 6). */
export class Watches {
  readonly #byType = new Map<string, Map<Watch, number>>();
  #added = 0;

  /** How many there ever were; a number to ask {@link inputsFor} for those that came after. */
  get added(): number {
    return this.#added;
  }

  add(watch: Watch): () => void {
    const { event } = watch.filter;
    const watches = this.#byType.get(event) ?? new Map<Watch, number>();
    this.#byType.set(event, watches.set(watch, ++this.#added));
    return () => {
      watches.delete(watch);
      if (watches.size === 0 && this.#byType.get(event) === watches) this.#byType.delete(event);
    };
  }

  /** What an event tells to those who wait for it, or to those of them who came after so many. */
  async inputsFor(event: Event, at: Instant, after = 0): Promise<Input[]> {
    const inputs: Input[] = [];
    for (const [watch, number] of [...(this.#byType.get(event.type) ?? [])]) {
      if (number <= after) continue;
      try {
        if (await isFor(watch, event)) inputs.push(inputOf(watch, event, at));
      } catch (fault) {
        watch.fault(fault);
      }
    }
    return inputs;
  }
}

export async function isFor(watch: Watch, event: Event): Promise<boolean> {
  const { filter, params, lists } = watch;
  if (filter.match !== undefined && !matches(filter.match, event, params, lists)) return false;
  return filter.if === undefined || watch.holds(event);
}

/** The same event tells the same command only once, over whatever transport it comes. */
export function inputOf(watch: Watch, event: Event, at: Instant): Input {
  const { run, command, response } = watch;
  const id = `${response === undefined ? 'arrived' : 'release'}:${command}:${deduplicationKey(event)}` as InputId;
  return {
    id,
    run,
    at,
    body:
      response === undefined
        ? { kind: 'arrived', command, event, eventSeq: null }
        : { kind: 'release', response, command, eventSeq: null },
  };
}
