import type { CommandId } from '../base/ids.ts';
import type { Outcome, UndoCommand } from '../machine/command.ts';
import { calledBy } from './call.ts';
import type { Core } from './core.ts';
import type { Undone } from './ledger.ts';
import type { Input, InputBody } from './ports.ts';
import type { Run } from './run.ts';

/** An `undo` step: takes back what steps of this run, or all of it, have put in force. */
export async function undoCommand(run: Run, command: UndoCommand): Promise<void> {
  run.setLife(command, { stage: 'undoing' });
  const { undo } = command;
  const only = undo.kind === 'run' ? undefined : (done: CommandId) => undo.commands.some(id => isOf(done, id));
  const because = command.because ?? `undo in ${run.birth.facts.playbook}`;
  const by = `playbook ${run.birth.facts.playbook}`;
  const { undone, left } = await undoAll(run, { by, because, asked: 'a playbook' }, only);
  if (run.core.stopping.aborted) return;
  // The machine knows only what is its own.
  const own = undone.filter(id => !id.includes(INSIDE));
  run.settle({ command: command.id, outcome: outcomeOf(run, left.length), output: { undone, left }, undone: own });
}

/** Between a call and what was done in it: no command has it in its id. */
const INSIDE = ' > ';

/** What the runs that it has called hold, newest first, and then what is its own. */
export async function undoAll(run: Run, who: Undoing, only?: (command: CommandId) => boolean): Promise<Undone> {
  const undone: CommandId[] = [];
  const left: CommandId[] = [];
  for (const { command, child } of await calledBy(run)) {
    if (only?.(command) === false || (await run.core.store.query.run(child)) === undefined) continue;
    const inner = await undoAll(await run.core.run(child), who);
    const within = (id: CommandId) => `${command}${INSIDE}${id}` as CommandId;
    undone.push(...inner.undone.map(within));
    left.push(...inner.left.map(within));
  }
  const own = await run.core.ledger.undoRun(run, who, only);
  return { ...own, undone: [...undone, ...own.undone], left: [...left, ...own.left] };
}

type Undoing = Parameters<Run['core']['ledger']['undoRun']>[1];

/** A person's word, on disk as an input until it is done; it passes a pause also when a crash came between. */
export async function takeBack(core: Core, input: Input, body: Extract<InputBody, { kind: 'undo' }>): Promise<Undone> {
  const { by, because, response } = body;
  const who = { by, because, asked: 'a person' } as const;
  const undone =
    response === undefined
      ? await undoAll(await core.run(input.run), who)
      : { undone: [], left: [], whole: await core.ledger.undoResponse(response, who) };
  if (!core.stopping.aborted) await (await core.run(input.run)).consume(input);
  return undone;
}

function outcomeOf({ core }: Run, left: number): Outcome {
  const at = core.clock.now();
  if (left === 0) return { status: 'done', at };
  if (core.pause.state !== undefined)
    return { status: 'refused', reason: 'pause', detail: `${left} are taken back when the pause ends`, at };
  return { status: 'failed', reason: 'rejected', detail: `${left} could not be taken back`, at };
}

/** `feed` takes back `feed` and, from outside its loop, `block[0].feed`, `block[1].feed` …; `block` all that its rounds did. */
function isOf(done: CommandId, step: CommandId): boolean {
  if (done === step || done.startsWith(`${step}[`)) return true;
  const name = step.slice(step.lastIndexOf('.') + 1);
  const around = step.slice(0, step.length - name.length);
  return done.startsWith(around) && done.endsWith(`.${name}`);
}
