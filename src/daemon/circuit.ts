import type { Clock, Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import { HttpTrouble } from '../base/http.ts';
import { isDeadline } from '../engine/activity.ts';
import type { Waiting } from './gate.ts';

/** So many faults in a row open it. */
const FAULTS = 5;
/** How long it stays open the first time; twice as long after each test in vain. */
const FIRST: Milliseconds = 10_000;
const LONGEST: Milliseconds = 120_000;
/** A product that wants to be left alone for longer is asked again after this all the same. */
const LONGEST_WISH: Milliseconds = 3_600_000;

/** What was wrong with the way to a product, or with the product itself: never what it thinks of one request. */
export interface Fault {
  readonly reason: 'unreachable' | 'timeout' | 'malformed-answer' | 'unavailable' | 'rate-limited';
  /** `status 503`. */
  readonly detail: string;
  /** When the product wants to be asked again. */
  readonly after?: Milliseconds;
}

/** A call on its way. It says once how it went. */
export interface Turn {
  fine(): void;
  fault(fault: Fault): void;
  /** Nothing was learnt: the call was cancelled, or sent nothing. */
  nothing(): void;
  /** False where it opened since: who has not sent anything yet waits again. */
  readonly isGood: boolean;
}

export type CircuitState =
  | { readonly kind: 'closed'; readonly faults: number }
  | {
      readonly kind: 'open';
      readonly since: Instant;
      readonly until: Instant;
      /** Tests in vain, the opening included. */
      readonly times: number;
      readonly fault: Fault;
    }
  /** It is being tested, or the next who calls tests it. */
  | {
      readonly kind: 'half-open';
      readonly since: Instant;
      readonly times: number;
      readonly fault: Fault;
      readonly isTested: boolean;
    };

interface Waiter {
  readonly isRead: boolean;
  go(turn: Turn): void;
}

/**
 * Keeps calls from a product that does not answer. After five faults in a row, or as soon as the product says that it is
 * asked too often, calls wait here, first come first served, and count neither as an attempt nor as sent. Whether the
 * product is well again is asked by the probe, which changes nothing; only when it says so, one call goes first, a read if
 * one waits, and lets the others go when it is answered.
 *
 * 1. While it is not closed, at most one probe or call is under way that was let through since.
 * 2. A call that gives up here was not sent: it ends with `HttpTrouble`, `sent: false`, at its deadline.
 */
export class Circuit {
  readonly #clock: Clock;
  readonly #name: string;
  readonly #probe: (() => Promise<Fault | undefined>) | undefined;
  readonly #changed: (state: CircuitState, former: CircuitState['kind']) => void;
  #state: CircuitState = { kind: 'closed', faults: 0 };
  #waiters: Waiter[] = [];
  #cancel: (() => void) | undefined;
  #isShut = false;

  constructor(world: {
    readonly clock: Clock;
    /** For messages: `carbonblack`. */
    readonly name: string;
    /** Resolves with what is still wrong, if anything. */
    readonly probe?: () => Promise<Fault | undefined>;
    readonly changed?: (state: CircuitState, former: CircuitState['kind']) => void;
  }) {
    this.#clock = world.clock;
    this.#name = world.name;
    this.#probe = world.probe;
    this.#changed = world.changed ?? (() => {});
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** Calls that wait until the product answers again. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** Resolves when the call may go. Rejects at the deadline with {@link HttpTrouble}, else with the signal's reason. */
  pass(signal: AbortSignal, waiting: Waiting, isRead: boolean): Promise<Turn> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#state.kind === 'closed') return Promise.resolve(this.#turn());
    const { promise, resolve, reject } = Promise.withResolvers<Turn>();
    const waiter: Waiter = {
      isRead,
      go: turn => {
        signal.removeEventListener('abort', abort);
        waiting.end();
        resolve(turn);
      },
    };
    const abort = (): void => {
      this.#waiters = this.#waiters.filter(other => other !== waiter);
      waiting.end();
      reject(isDeadline(signal) ? this.#refusal() : signal.reason);
    };
    waiting.begin();
    signal.addEventListener('abort', abort, { once: true });
    this.#waiters.push(waiter);
    this.#letOneTest();
    return promise;
  }

  /** Forgets its alarm; who still waits has a deadline. */
  close(): void {
    this.#isShut = true;
    this.#cancel?.();
  }

  #turn(isTest = false): Turn {
    let isSettled = false;
    const once = (act: () => void) => (): void => {
      if (isSettled) return;
      isSettled = true;
      act();
    };
    const isClosed = (): boolean => this.#state.kind === 'closed';
    return {
      get isGood() {
        return isTest || isClosed();
      },
      fine: once(() => this.#fine(isTest)),
      fault: fault => once(() => this.#fault(fault, isTest))(),
      nothing: once(() => this.#nothing(isTest)),
    };
  }

  #fine(isTest: boolean): void {
    if (this.#state.kind === 'closed') this.#state = { kind: 'closed', faults: 0 };
    // What was sent before it opened says nothing about now.
    else if (isTest) this.#closeAgain(0);
  }

  #fault(fault: Fault, isTest: boolean): void {
    const state = this.#state;
    if (state.kind === 'closed') {
      const faults = state.faults + 1;
      if (faults < FAULTS && fault.reason !== 'rate-limited' && fault.after === undefined)
        this.#state = { kind: 'closed', faults };
      else this.#open({ since: this.#clock.now(), times: 1, fault });
    } else if (isTest) this.#open({ since: state.since, times: state.times + 1, fault });
  }

  #nothing(isTest: boolean): void {
    if (!isTest || this.#state.kind !== 'half-open') return;
    this.#state = { ...this.#state, isTested: false };
    this.#letOneTest();
  }

  #open(opening: { readonly since: Instant; readonly times: number; readonly fault: Fault }): void {
    const { times, fault } = opening;
    const pause = Math.min(fault.after ?? Math.min(FIRST * 2 ** (times - 1), LONGEST), LONGEST_WISH);
    const until = this.#clock.now() + pause;
    this.#become({ kind: 'open', until, ...opening });
    if (!this.#isShut) this.#cancel = this.#clock.alarm(until, () => this.#halfOpen());
  }

  #halfOpen(): void {
    const state = this.#state;
    if (state.kind !== 'open' || this.#isShut) return;
    const { since, times, fault } = state;
    const probe = this.#probe;
    this.#become({ kind: 'half-open', since, times, fault, isTested: probe !== undefined });
    if (probe === undefined) return this.#letOneTest();
    const well = (): void => {
      if (this.#waiters.length > 0) this.#nothing(true);
      // Nobody is in danger; should the probe have been too easy, the next fault opens it again.
      else this.#closeAgain(FAULTS - 1);
    };
    const turn = this.#turn(true);
    void probe().then(
      found => (found === undefined ? well() : turn.fault(found)),
      // It threw what no product does; the calls themselves will say.
      well,
    );
  }

  #letOneTest(): void {
    const state = this.#state;
    if (state.kind !== 'half-open' || state.isTested) return;
    // A read costs nothing if it is not answered; a write would be in doubt.
    const waiter = this.#waiters.find(({ isRead }) => isRead) ?? this.#waiters[0];
    if (waiter === undefined) return;
    this.#waiters = this.#waiters.filter(other => other !== waiter);
    this.#state = { ...state, isTested: true };
    waiter.go(this.#turn(true));
  }

  #closeAgain(faults: number): void {
    this.#become({ kind: 'closed', faults });
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { go } of waiters) go(this.#turn());
  }

  #become(state: CircuitState): void {
    const former = this.#state.kind;
    this.#state = state;
    this.#changed(state, former);
  }

  #refusal(): HttpTrouble {
    const state = this.#state;
    if (state.kind === 'closed') return new HttpTrouble('timeout', `${this.#name}: no turn in time`, false);
    const { since, fault } = state;
    const detail = `${this.#name} is not asked since ${formatInstant(since)}: ${fault.detail}; nothing was sent`;
    return new HttpTrouble(fault.reason, detail, false);
  }
}
