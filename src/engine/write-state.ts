import { VerifyTrouble } from '../action/action.ts';
import type { Reason, Standing } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import { HttpTrouble } from '../base/http.ts';
import { isFinal, raced } from './attempt.ts';
import { attempted, callOf, failed, policyOf } from './calls.ts';
import { nextAttempt } from './retry.ts';
import { Stopped } from './stopped.ts';
import type { Write } from './write-kind.ts';
import { timeoutOf } from './write-kind.ts';

/** Reads the state, with the step's patience. Undefined where the action cannot say; `settled` when the step has ended over it. */
export async function readState(write: Write): Promise<Standing | undefined | 'settled'> {
  const { run, command, action } = write;
  if (action.verify === undefined) return undefined;
  const deadline = run.core.clock.now() + timeoutOf(write);
  for (let attempt = 1; ; attempt++) {
    const found = await look(write, deadline, run.signal(command.id));
    if (found.kind === 'standing') return found.standing;
    if (found.kind === 'dropped') return 'settled';
    const again = isFinal(found.reason)
      ? undefined
      : nextAttempt(policyOf(command), attempt, run.core.clock.now(), deadline);
    if (again === undefined) {
      failed(run, command, found.reason, `the state before could not be read: ${found.detail}`, attempt);
      return 'settled';
    }
    await run.append([attempted(command, attempt, found, again)]);
    if ((await run.core.activity.sleep(again, run.signal(command.id))) === 'aborted') return dropped(write);
  }
}

type Looked =
  | { readonly kind: 'standing'; readonly standing: Standing }
  | { readonly kind: 'trouble'; readonly reason: Reason; readonly detail: string }
  | { readonly kind: 'dropped' };

/** One look at the product's state. */
export async function look({ run, command, action }: Write, deadline: Instant, signal: AbortSignal): Promise<Looked> {
  const { core } = run;
  const limit = core.activity.deadline(deadline, signal);
  try {
    const call = { ...callOf(run, command, action, 0), signal: limit.signal };
    return {
      kind: 'standing',
      standing: await raced(core.performers[run.birth.facts.mode].verify(call), limit.signal),
    };
  } catch (error) {
    if (core.stopping.aborted) throw new Stopped();
    if (signal.aborted) return { kind: 'dropped' };
    if (error instanceof HttpTrouble) return { kind: 'trouble', reason: error.reason, detail: error.message };
    if (error instanceof VerifyTrouble) return { kind: 'trouble', reason: error.reason, detail: error.message };
    if (limit.signal.aborted) return { kind: 'trouble', reason: 'timeout', detail: 'no answer within the timeout' };
    throw error;
  } finally {
    limit.release();
  }
}

/** Nothing of it is in doubt, and nobody waits for it. */
export function dropped({ run, command }: Write): 'settled' {
  if (!run.core.stopping.aborted)
    run.settle({ command: command.id, outcome: { status: 'cancelled', at: run.core.clock.now() } });
  return 'settled';
}
