import type { Status } from '../action/outcome.ts';
import type { CommandId } from '../base/ids.ts';
import type { Event } from '../event/event.ts';
import type { Outcome, WaitCommand } from '../machine/command.ts';
import type { Life } from './life.ts';
import type { Run } from './run.ts';
import type { Watch } from './watches.ts';
import { inputOf, isFor } from './watches.ts';
import { openingOf } from './windows.ts';

/** How many earlier events `since: run` looks at. */
const LOOK_BACK = 10_000;

/** The `wait` steps of a run: for a time, until a time, for a window or for an event. */
export class Waits {
  readonly #run: Run;
  readonly #under = new Map<CommandId, { readonly command: WaitCommand; readonly stop: () => void }>();

  constructor(run: Run) {
    this.#run = run;
  }

  begin(command: WaitCommand, life: Life): void {
    const { core } = this.#run;
    const { wait } = command;
    const until =
      life.stage === 'waiting' ? life.until : core.clock.now() + (wait.kind === 'for' ? wait.for : wait.within);
    this.#run.setLife(command, { stage: 'waiting', until });
    const met = this.#until(command);
    const over = core.clock.alarm(until, () => this.#end(command, wait.kind === 'for' ? 'done' : 'expired'));
    this.#under.set(command.id, {
      command,
      stop() {
        met();
        over();
      },
    });
    this.#run.flush();
  }

  /** Begins to look for what it waits for; gives how to stop. */
  #until(command: WaitCommand): () => void {
    const { wait } = command;
    switch (wait.kind) {
      case 'for':
        return () => {};
      case 'until':
        return this.#run.core.clock.alarm(wait.until, () => this.#end(command, 'done'));
      case 'window':
        return this.#watchWindow(command, wait.window);
      case 'event':
        return this.#watch(command, wait);
    }
  }

  /** The input of a watch: the first that comes ends the wait, later ones find nobody. */
  arrived(id: CommandId, event: Event): void {
    if (!this.#under.has(id)) return;
    this.forget(id);
    const at = this.#run.core.clock.now();
    this.#run.settle({ command: id, outcome: { status: 'done', at }, output: { event } });
  }

  forget(id: CommandId): void {
    this.#under.get(id)?.stop();
    this.#under.delete(id);
  }

  #end(command: WaitCommand, status: Status, why: Pick<Outcome, 'reason' | 'detail'> = {}): void {
    this.#run.guard(() => {
      this.forget(command.id);
      this.#run.settle({ command: command.id, outcome: { status, ...why, at: this.#run.core.clock.now() } });
    });
  }

  /** Windows may be changed while somebody waits for one. */
  #watchWindow(command: WaitCommand, name: string): () => void {
    const { clock, guardrails, guardrailChanges } = this.#run.core;
    let cancel = () => {};
    const look = () => {
      cancel();
      const window = guardrails().windows.find(each => each.name === name);
      const now = clock.now();
      if (window === undefined)
        return this.#end(command, 'failed', { reason: 'not-found', detail: `no window ${name}` });
      const opens = openingOf(window, now);
      if (opens <= now) return this.#end(command, 'done');
      cancel = clock.alarm(opens, look);
    };
    // Not from within the step that asks.
    cancel = clock.alarm(clock.now(), look);
    guardrailChanges.add(look);
    return () => {
      cancel();
      guardrailChanges.delete(look);
    };
  }

  #watch(command: WaitCommand, wait: Extract<WaitCommand['wait'], { kind: 'event' }>): () => void {
    const run = this.#run;
    const { core, birth, compiled } = run;
    const watch: Watch = {
      run: run.id,
      command: command.id,
      filter: wait.on,
      params: birth.facts.params,
      lists: compiled.playbook.lists,
      async holds(event) {
        const decision = run.decide(wait.on.if ?? 'true', command.id, { arrived: event });
        return decision.decided && decision.holds;
      },
      fault: fault => run.bug(fault),
    };
    const unwatch = core.watches.add(watch);
    if (wait.since === 'run') {
      run.spawn(async () => {
        const events = await core.store.query.eventsSince(birth.eventSeq ?? 0, [wait.on.event], LOOK_BACK);
        for (const { event } of events) {
          if (!(await isFor(watch, event))) continue;
          const input = inputOf(watch, event, core.clock.now());
          const [delivered] = await core.store.deliver([input]);
          if (delivered === 'delivered') run.receive(input);
          return;
        }
      });
    }
    return unwatch;
  }
}
