import { formatProblem, validate } from '../base/schema.ts';
import type { DoCommand, Outcome } from '../machine/command.ts';
import { failed } from './calls.ts';
import type { Approving, Life } from './life.ts';
import { performRead } from './read.ts';
import type { Run } from './run.ts';
import { isDemanded } from './write-approval.ts';
import { settleDoubt } from './write-attempts.ts';
import { performWrite } from './write.ts';

/**
 * The life of a `do`: the only road on which something leaves the house. A read goes out as often as it needs to; whatever
 * reaches people or changes something is judged, recorded and only then sent (E2, E8).
 */
export async function perform(run: Run, command: DoCommand, life: Life): Promise<void> {
  const action = run.core.catalogue.actions.get(command.action);
  if (action === undefined) return failed(run, command, 'not-found', `${command.action} is not installed any more`);
  const [problem] = validate(action.input, command.input);
  if (problem !== undefined) return failed(run, command, 'invalid-input', formatProblem(problem));
  if (action.effect === 'read') await performRead(run, command, action, life);
  else await performWrite(run, command, action, life);
}

/** An approval was answered, or nobody did in time. */
export function approved(run: Run, command: DoCommand, { answer, by, rules }: Approving): void {
  const at = run.core.clock.now();
  // Silence allows only where no guardrail demands the approval: no playbook can loosen that.
  const isSilenceEnough = command.approve?.otherwise === 'allow' && !isDemanded(run, command);
  if (answer === 'approve' || (answer === undefined && isSilenceEnough)) {
    const living = run.life(command.id)?.life;
    const before = living?.stage === 'asking' ? living.approval : undefined;
    const who = by ?? 'nobody in time: allowed by the playbook';
    const life: Life = {
      stage: 'approved',
      approval: {
        by: before === undefined ? who : `${before.by}, ${who}`,
        rules: [...(before?.rules ?? []), ...rules],
      },
    };
    run.setLife(command, life);
    run.spawn(() => perform(run, command, life));
    return;
  }
  const outcome: Outcome =
    answer === undefined ? { status: 'expired', at } : { status: 'denied', at, ...(by === undefined ? {} : { by }) };
  run.settle({ command: command.id, outcome });
}

/** A person said whether a lost answer took effect, or nobody could (E6). */
export function doubtAnswered(run: Run, command: DoCommand, answer: string | undefined, by: string | undefined): void {
  const living = run.life(command.id);
  const action = run.core.catalogue.actions.get(command.action);
  if (living?.life.stage !== 'doubted') return;
  if (action === undefined) return run.settle({ command: command.id, outcome: uninstalled(run) });
  const { intention, attempt } = living.life;
  settleDoubt({ run, command, action, intention, attempt }, answer, by);
}

/** Nobody is left who could say, or take it back. */
function uninstalled(run: Run): Outcome {
  const detail = 'its connector is not installed any more';
  return { status: 'unconfirmed', reason: 'in-doubt', detail, at: run.core.clock.now() };
}
