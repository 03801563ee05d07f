import type { RunId } from '../base/ids.ts';
import type { Run } from './run.ts';

export interface Limits {
  /** Runs that are doing something at once; those that wait for people, events or time do not count. */
  readonly runs: number;
  readonly runsPerPlaybook: number;
}

/** A run that was accepted and has not begun. All else of it is on disk: an alarm may wake more than fits into memory. */
export interface Waiting {
  readonly id: RunId;
  readonly playbook: string;
  readonly lock?: string;
  begin(): void;
  /** It waits no more: it begins, or has ended meanwhile. */
  leave(): void;
}

/** How a run stands. */
type Standing = Pick<Run, 'id' | 'status' | 'isEnded' | 'isParked'> & {
  readonly birth: { readonly lock?: string; readonly facts: { readonly playbook: string } };
};

/**
 * Accepted is not started (DESIGN 6): who begins when. Bounded in all and per playbook, fair between playbooks, first
 * come first served within one; a lock has one holder until its run has ended, and the first accepted is the next.
 */
export class Scheduler {
  readonly #limits: Limits;
  readonly #waiting = new Map<RunId, Waiting>();
  /** By playbook and by lock, in order of acceptance. */
  readonly #queues = new Map<string, Map<RunId, Waiting>>();
  readonly #wanted = new Map<string, Map<RunId, Waiting>>();
  readonly #busy = new Map<RunId, string>();
  readonly #locks = new Map<string, RunId>();
  /** Whose turn it is: playbooks with a queue, least recently served first. */
  readonly #turns: string[] = [];
  #isPumping = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get busy(): number {
    return this.#busy.size;
  }

  /** In order of acceptance; may begin it at once. */
  enqueue(waiting: Waiting): void {
    const { id, playbook, lock } = waiting;
    this.#waiting.set(id, waiting);
    if (lock !== undefined) queueOf(this.#wanted, lock).set(id, waiting);
    queueOf(this.#queues, playbook).set(id, waiting);
    if (!this.#turns.includes(playbook)) this.#turns.push(playbook);
    this.#pump();
  }

  /** A run that was under way before a restart. */
  adopt(run: Standing): void {
    if (run.birth.lock !== undefined && !run.isEnded) this.#locks.set(run.birth.lock, run.id);
    this.moved(run);
  }

  /** A run has parked, gone on or ended. */
  moved(run: Standing): void {
    const { id, birth } = run;
    if (run.isEnded) {
      if (birth.lock !== undefined && this.#locks.get(birth.lock) === id) this.#locks.delete(birth.lock);
      this.#leave(id);
    }
    if (run.isEnded || run.isParked) this.#busy.delete(id);
    else if (run.status === 'open') this.#busy.set(id, birth.facts.playbook);
    this.#pump();
  }

  #leave(id: RunId): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    const { playbook, lock } = waiting;
    this.#waiting.delete(id);
    if (lock !== undefined) drop(this.#wanted, lock, id);
    if (drop(this.#queues, playbook, id)) this.#turns.splice(this.#turns.indexOf(playbook), 1);
    waiting.leave();
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const { id, playbook, lock } = next;
        if (lock !== undefined) this.#locks.set(lock, id);
        this.#busy.set(id, playbook);
        this.#leave(id);
        next.begin();
      }
    } finally {
      this.#isPumping = false;
    }
  }

  #next(): Waiting | undefined {
    if (this.#busy.size >= this.#limits.runs) return undefined;
    for (const [turn, playbook] of this.#turns.entries()) {
      if (this.#busyOf(playbook) >= this.#limits.runsPerPlaybook) continue;
      const next = queueOf(this.#queues, playbook)
        .values()
        .find(waiting => this.#isFree(waiting));
      if (next === undefined) continue;
      this.#turns.push(...this.#turns.splice(turn, 1));
      return next;
    }
    return undefined;
  }

  #busyOf(playbook: string): number {
    let count = 0;
    for (const name of this.#busy.values()) if (name === playbook) count++;
    return count;
  }

  /** Locks are global: of all playbooks' runs that want one, the first accepted gets it. */
  #isFree({ id, lock }: Waiting): boolean {
    if (lock === undefined) return true;
    return !this.#locks.has(lock) && queueOf(this.#wanted, lock).keys().next().value === id;
  }
}

type Queues = Map<string, Map<RunId, Waiting>>;

function queueOf(queues: Queues, name: string): Map<RunId, Waiting> {
  const known = queues.get(name);
  if (known !== undefined) return known;
  const queue = new Map<RunId, Waiting>();
  queues.set(name, queue);
  return queue;
}

/** True when nobody is left in it. */
function drop(queues: Queues, name: string, id: RunId): boolean {
  const queue = queues.get(name);
  queue?.delete(id);
  if (queue === undefined || queue.size > 0) return false;
  queues.delete(name);
  return true;
}
