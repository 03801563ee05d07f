import type { Clock } from '../../src/base/clock.ts';
import type { Queries, Store } from '../../src/engine/ports.ts';

/** `before`: the call is not made any more; `after`: it is on disk, and nobody is told. */
export type Cut = { readonly call: number; readonly when: 'before' | 'after' };

/** What a process loses all at once when its power is cut: its store, its alarms, its way to products. */
export class Power {
  /** Writing calls of the store so far. */
  calls = 0;
  isOn = true;
  /** Resolves when the power goes. */
  readonly off: Promise<void>;
  readonly #cut: Cut | undefined;
  readonly #alarms = new Set<() => void>();
  #goOff: () => void = () => {};

  constructor(cut?: Cut) {
    this.#cut = cut;
    this.off = new Promise(resolve => {
      this.#goOff = resolve;
    });
  }

  switchOff(): void {
    this.isOn = false;
    for (const cancel of this.#alarms) cancel();
    this.#alarms.clear();
    this.#goOff();
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      alarm: (at, wake) => {
        if (!this.isOn) return () => {};
        const cancel = clock.alarm(at, () => {
          this.#alarms.delete(cancel);
          wake();
        });
        this.#alarms.add(cancel);
        return () => {
          this.#alarms.delete(cancel);
          cancel();
        };
      },
    };
  }

  /** How many alarms are set: none may be left when there is nothing to wait for. */
  get alarms(): number {
    return this.#alarms.size;
  }

  store(store: Store): Store {
    return {
      accept: batch => this.#write(() => store.accept(batch)),
      wake: wakes => this.#write(() => store.wake(wakes)),
      commit: turns => this.#write(() => store.commit(turns)),
      deliver: inputs => this.#write(() => store.deliver(inputs)),
      note: facts => this.#write(() => store.note(facts)),
      keep: act => this.#write(() => store.keep(act)),
      load: () => store.load(),
      query: this.#queries(store.query),
      ready: () => store.ready(),
      close: () => store.close(),
    };
  }

  async #write<T>(call: () => Promise<T>): Promise<T> {
    const number = ++this.calls;
    if (this.#cut?.when === 'before' && number === this.#cut.call) this.switchOff();
    if (!this.isOn) return NEVER;
    const answer = await call();
    if (this.#cut?.when === 'after' && number === this.#cut.call) this.switchOff();
    return this.isOn ? answer : NEVER;
  }

  #queries(queries: Queries): Queries {
    const through = Object.entries(queries).map(([name, query]: [string, (...of: unknown[]) => Promise<unknown>]) => [
      name,
      async (...of: unknown[]) => {
        const answer = this.isOn ? await query(...of) : undefined;
        return this.isOn ? answer : NEVER;
      },
    ]);
    return Object.fromEntries(through) as Queries;
  }
}

const NEVER = new Promise<never>(() => {});
