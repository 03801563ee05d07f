import type { RunId } from '../base/ids.ts';
import type { Run } from './run.ts';

export interface Limits {
  /** Runs that are doing something at once; those that wait for people, events or time do not count. */
  readonly runs: number;
  readonly runsPerPlaybook: number;
}

/**
 * Accepted is not started (DESIGN 6): who begins when. Bounded in all and per playbook, fair between playbooks, first
 * come first served within one; a lock has one holder until its run has ended.
 */
export class Scheduler {
  readonly #limits: Limits;
  readonly #queues = new Map<string, Run[]>();
  readonly #busy = new Map<RunId, string>();
  readonly #locks = new Map<string, RunId>();
  /** Whose turn it is: playbooks, least recently served first. */
  readonly #turns: string[] = [];
  /** In which they were accepted; events and runs by hand alike. */
  readonly #order = new WeakMap<Run, number>();
  #accepted = 0;
  #isPumping = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get waiting(): number {
    let count = 0;
    for (const queue of this.#queues.values()) count += queue.length;
    return count;
  }

  get busy(): number {
    return this.#busy.size;
  }

  /** In order of acceptance. */
  enqueue(run: Run): void {
    const { playbook } = run.birth.facts;
    this.#order.set(run, this.#accepted++);
    run.queue();
    const queue = this.#queues.get(playbook);
    if (queue !== undefined) queue.push(run);
    else {
      this.#queues.set(playbook, [run]);
      this.#turns.push(playbook);
    }
    this.#pump();
  }

  /** A run that was under way before a restart. */
  adopt(run: Run): void {
    if (run.birth.lock !== undefined && !run.isEnded) this.#locks.set(run.birth.lock, run.id);
    this.moved(run);
  }

  /** A run has parked, gone on or ended. */
  moved(run: Run): void {
    if (run.isEnded && run.birth.lock !== undefined && this.#locks.get(run.birth.lock) === run.id)
      this.#locks.delete(run.birth.lock);
    if (run.isEnded || run.isParked) this.#busy.delete(run.id);
    else if (run.status === 'open') this.#busy.set(run.id, run.birth.facts.playbook);
    this.#pump();
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        if (next.isEnded) continue; // cancelled, or overdue, while it waited
        if (next.birth.lock !== undefined) this.#locks.set(next.birth.lock, next.id);
        this.#busy.set(next.id, next.birth.facts.playbook);
        next.begin();
      }
    } finally {
      this.#isPumping = false;
    }
  }

  #next(): Run | undefined {
    if (this.#busy.size >= this.#limits.runs) return undefined;
    for (const [turn, playbook] of this.#turns.entries()) {
      if (this.#busyOf(playbook) >= this.#limits.runsPerPlaybook) continue;
      const queue = this.#queues.get(playbook) ?? [];
      const index = queue.findIndex(run => run.isEnded || this.#isFree(run));
      if (index < 0) continue;
      const [run] = queue.splice(index, 1);
      this.#turns.splice(turn, 1);
      if (queue.length > 0) this.#turns.push(playbook);
      else this.#queues.delete(playbook);
      return run;
    }
    return undefined;
  }

  #busyOf(playbook: string): number {
    let count = 0;
    for (const name of this.#busy.values()) if (name === playbook) count++;
    return count;
  }

  /** Locks are global: of all playbooks' runs that want one, the first accepted gets it. */
  #isFree(run: Run): boolean {
    const { lock } = run.birth;
    if (lock === undefined) return true;
    if (this.#locks.has(lock)) return false;
    for (const queue of this.#queues.values()) {
      for (const other of queue) if (other.birth.lock === lock && this.#isEarlier(other, run)) return false;
    }
    return true;
  }

  #isEarlier(a: Run, b: Run): boolean {
    return !a.isEnded && (this.#order.get(a) ?? 0) < (this.#order.get(b) ?? 0);
  }
}
