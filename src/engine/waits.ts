import type { CommandId } from '../base/ids.ts';
import type { Event } from '../event/event.ts';
import type { WaitCommand } from '../machine/command.ts';
import type { Life } from './life.ts';
import type { Run } from './run.ts';
import type { Watch } from './watches.ts';
import { inputOf, isFor } from './watches.ts';

/** How many earlier events `since: run` looks at. */
const LOOK_BACK = 10_000;

/** The `wait` steps of a run: a time, or an event until a time. */
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
    const cancel = core.clock.alarm(until, () => this.#run.guard(() => this.#over(command)));
    const unwatch = wait.kind === 'event' ? this.#watch(command, wait) : () => {};
    this.#under.set(command.id, {
      command,
      stop() {
        cancel();
        unwatch();
      },
    });
    this.#run.flush();
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

  #over(command: WaitCommand): void {
    this.forget(command.id);
    const at = this.#run.core.clock.now();
    const status = command.wait.kind === 'for' ? 'done' : 'expired';
    this.#run.settle({ command: command.id, outcome: { status, at } });
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
