import type { Standing } from '../../src/action/outcome.ts';
import type { Json } from '../../src/base/json.ts';
import { own } from '../../src/base/json.ts';
import type { Activity } from '../../src/engine/activity.ts';
import type { Call, Performed, Performer } from '../../src/engine/performer.ts';

/** Something that arrived at the product. */
export interface Seen {
  readonly action: string;
  readonly input: Json;
  readonly key: string;
  readonly attempt: number;
  readonly kind: 'perform' | 'resume' | 'verify';
}

/** A call that waits until the test says what the product answers. */
export interface Waiting extends Seen {
  /** The engine has given it up. */
  readonly isOver: boolean;
  answer(performed: Performed): void;
  /** The effect takes place, and then this is answered. */
  done(output?: Json): void;
}

/** What the product does with a call. `undefined` leaves it waiting until the test answers. */
export type Manner = (seen: Seen, board: Board) => Performed | undefined | Promise<Performed | undefined>;

const OPPOSITES: { readonly [action: string]: string } = {
  'lab.unlist': 'lab.list',
  'lab.release': 'lab.isolate',
  'lab.unpress': 'lab.press',
  'lab.unmark': 'lab.mark',
  'lab.unset': 'lab.set',
};

export const DONE: Performed = { kind: 'done', output: {} };

/**
 * A scripted product. It stands outside of any engine, so its state outlives each. Without a manner of its own a call
 * takes effect and is answered at once.
 */
export class Board {
  readonly seen: Seen[] = [];
  readonly waiting: Waiting[] = [];
  /** Changes that really took place, in order: `lab.list h1`. A write that finds it so already changes nothing. */
  readonly changes: string[] = [];
  /** The same, each with the key that it came under. */
  readonly effects: { readonly action: string; readonly target: string; readonly key: string }[] = [];
  /** Writes that came to a target while another was under way there: `lab.list h1, lab.unlist h1`. */
  readonly overlaps: string[] = [];
  readonly #standing = new Set<string>();
  readonly #manners = new Map<string, Manner>();
  #reads: Json = { score: 9, hosts: ['h1', 'h2'] };

  /** From now on. */
  manner(action: string, manner: Manner): void {
    this.#manners.set(action, manner);
  }

  /** Answers in sequence, the last one again and again; `'effect'` takes effect and is done. */
  script(action: string, ...answers: readonly (Performed | 'effect')[]): void {
    let next = 0;
    this.manner(action, seen => {
      const answer = answers[Math.min(next++, answers.length - 1)];
      return answer === 'effect' ? this.effect(seen) : answer;
    });
  }

  /** Calls of this action wait on the board. */
  hold(action: string): void {
    this.manner(action, () => undefined);
  }

  reads(output: Json): void {
    this.#reads = output;
  }

  /** Somebody else's doing. */
  put(action: string, host: string): void {
    this.#standing.add(`${action} ${host}`);
  }

  lift(action: string, host: string): void {
    this.#standing.delete(`${action} ${host}`);
  }

  stands(action: string, host: string): boolean {
    return this.#standing.has(`${action} ${host}`);
  }

  get standing(): readonly string[] {
    return [...this.#standing].toSorted();
  }

  performed(action: string): readonly Seen[] {
    return this.seen.filter(seen => seen.action === action && seen.kind === 'perform');
  }

  /** The first that waits, once it has come. */
  waitingFor(action: string): Waiting {
    const found = this.waiting.find(waiting => waiting.action === action);
    if (found === undefined)
      throw new Error(`no ${action} waits; waiting: ${this.waiting.map(each => each.action).join(', ')}`);
    return found;
  }

  effect(seen: Seen): Performed {
    const { action, input } = seen;
    if (action === 'lab.look') return { kind: 'done', output: this.#reads };
    const target = targetOf(input);
    const opposite = OPPOSITES[action];
    if (opposite !== undefined) {
      if (this.#standing.delete(`${opposite} ${target}`)) this.#changed(seen);
    } else if (action === 'lab.tell' || action === 'lab.wipe') this.#changed(seen);
    else if (!this.#standing.has(`${action} ${target}`)) {
      this.#standing.add(`${action} ${target}`);
      this.#changed(seen);
    }
    return DONE;
  }

  #changed({ action, input, key }: Seen): void {
    const target = targetOf(input);
    this.changes.push(`${action} ${target}`);
    this.effects.push({ action, target, key });
  }

  /** The way to the product for one engine; `isAlive` says whether there still is one. */
  performer(activity: Activity, isAlive: () => boolean): Performer {
    const underWay = new Map<string, Seen>();
    const arrive = async (call: Call, kind: 'perform' | 'resume'): Promise<Performed> => {
      if (!isAlive()) return NEVER;
      const seen = seenOf(call, kind);
      this.seen.push(seen);
      const leave = this.#enter(seen, underWay);
      try {
        const manner = this.#manners.get(seen.action) ?? (each => this.effect(each));
        return (await manner(seen, this)) ?? (await this.#wait(seen, call.signal, activity));
      } finally {
        leave();
      }
    };
    return {
      perform: call => arrive(call, 'perform'),
      resume: call => arrive(call, 'resume'),
      verify: async call => {
        if (!isAlive()) return NEVER;
        const seen = seenOf(call, 'verify');
        this.seen.push(seen);
        await this.#manners.get(`verify ${seen.action}`)?.(seen, this);
        return this.#standingOf(seen);
      },
    };
  }

  /** A target is one for an action and its opposite alike. */
  #enter(seen: Seen, underWay: Map<string, Seen>): () => void {
    if (seen.action === 'lab.look' || seen.action === 'lab.tell') return () => {};
    // What names no host is one with what it makes.
    const target = own(seen.input, 'host') === undefined ? `name ${targetOf(seen.input)}` : targetOf(seen.input);
    const other = underWay.get(target);
    if (other !== undefined) this.overlaps.push(`${other.action} ${target}, ${seen.action} ${target}`);
    underWay.set(target, seen);
    return () => {
      if (underWay.get(target) === seen) underWay.delete(target);
    };
  }

  #standingOf({ action, input }: Seen): Standing {
    const target = targetOf(input);
    const opposite = OPPOSITES[action];
    const isSo = this.#standing.has(`${opposite ?? action} ${target}`);
    const stands = opposite === undefined ? isSo : !isSo;
    return { stands, summary: isSo ? 'so' : 'not so' };
  }

  async #wait(seen: Seen, signal: AbortSignal, activity: Activity): Promise<Performed> {
    const answer = await activity.away<Performed | undefined>(back => {
      const waiting: Waiting = {
        ...seen,
        get isOver() {
          return signal.aborted;
        },
        answer: performed => {
          remove();
          back(performed);
        },
        done: output => {
          const performed = this.effect(seen);
          waiting.answer(output === undefined ? performed : { kind: 'done', output });
        },
      };
      const remove = () => {
        const index = this.waiting.indexOf(waiting);
        if (index >= 0) this.waiting.splice(index, 1);
      };
      // The engine has given up; whatever comes now, nobody hears.
      signal.addEventListener('abort', () => back(undefined));
      this.waiting.push(waiting);
    });
    // As the wire does.
    if (answer === undefined) throw signal.reason;
    return answer;
  }
}

const NEVER = new Promise<never>(() => {});

function targetOf(input: Json): string {
  return String(own(input, 'host') ?? own(input, 'name') ?? own(input, 'subject'));
}

function seenOf(call: Call, kind: Seen['kind']): Seen {
  return { action: call.action.fullName, input: call.input, key: call.key, attempt: call.attempt, kind };
}
