import { targetsOf } from '../action/action.ts';
import { askedAhead, isAhead } from '../machine/ahead.ts';
import type { DoCommand } from '../machine/command.ts';
import { responseKey } from './response.ts';
import { questionOf } from './write-approval.ts';
import type { Write } from './write-kind.ts';
import { judge, knowing, timeoutOf, withTargets } from './write-kind.ts';
import { look } from './write-state.ts';

/** Rounds that are asked about before they are come to; those beyond are asked about when they are. */
const MOST = 50;

/**
 * With an approval in a loop, the approvals of its other rounds: they stand on one page, and are answered singly or
 * together (LANGUAGE 6.1). What is asked ahead binds nobody: it counts when the round comes to the very same command, and
 * is judged and its state read again then.
 */
export async function askAhead(first: Write): Promise<void> {
  const { run, command } = first;
  if (run.life(command.id)?.life.stage !== 'asking' || run.roundsBeside(command.id) === 0) return;
  const { birth, compiled, core } = run;
  const others = askedAhead(compiled, run.state, command.id, { facts: birth.facts, at: core.clock.now() });
  for (const other of others.slice(0, MOST)) {
    const write = await knowing(writeOf(first, other));
    const judged = judge(write);
    // What stands already is joined, which asks nobody.
    const isJoined = write.key !== undefined && core.ledger.standing(write.key) !== undefined;
    if (judged.refusal !== undefined || isJoined || questionOf(write, judged, undefined) === undefined) continue;
    const found =
      write.action.verify === undefined
        ? undefined
        : await look(write, core.clock.now() + timeoutOf(write), core.stopping);
    if (core.stopping.aborted) return;
    const before = found?.kind === 'standing' ? found.standing : undefined;
    const known = judge(withTargets(write, before));
    const question = known.refusal === undefined ? questionOf(write, known, before) : undefined;
    if (question === undefined || run.life(other.id) !== undefined || !isAhead(run.state, other.id)) continue;
    run.questions.openAhead(other, question);
  }
}

function writeOf({ run, action }: Write, command: DoCommand): Write {
  return {
    run,
    command,
    action,
    targets: targetsOf(action.input, command.input),
    ...(action.effect === 'reversible' ? { key: responseKey(action, command.input, run.birth.facts) } : {}),
  };
}
