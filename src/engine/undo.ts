import type { CommandId } from '../base/ids.ts';
import type { UndoCommand } from '../machine/command.ts';
import type { Run } from './run.ts';

/** An `undo` step: takes back what steps of this run, or all of it, have put in force. */
export async function undoCommand(run: Run, command: UndoCommand): Promise<void> {
  run.setLife(command, { stage: 'undoing' });
  const { undo } = command;
  const only = undo.kind === 'run' ? undefined : (done: CommandId) => undo.commands.some(id => isOf(done, id));
  const because = command.because ?? `undo in ${run.birth.facts.playbook}`;
  const { undone, left } = await run.core.ledger.undoRun(run, `playbook ${run.birth.facts.playbook}`, because, only);
  if (run.core.stopping.aborted) return;
  const at = run.core.clock.now();
  run.settle({
    command: command.id,
    outcome:
      left.length === 0
        ? { status: 'done', at }
        : { status: 'failed', reason: 'rejected', detail: `${left.length} could not be taken back`, at },
    output: { undone, left },
    undone,
  });
}

/** `feed` takes back `feed` and, from outside its loop, `block[0].feed`, `block[1].feed` …; `block` all that its rounds did. */
function isOf(done: CommandId, step: CommandId): boolean {
  if (done === step || done.startsWith(`${step}[`)) return true;
  const name = step.slice(step.lastIndexOf('.') + 1);
  const around = step.slice(0, step.length - name.length);
  return done.startsWith(around) && done.endsWith(`.${name}`);
}
