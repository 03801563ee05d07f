import type { Action } from '../action/action.ts';
import type { Reason } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import type { RecordBody } from '../journal/record.ts';
import type { DoCommand, Outcome } from '../machine/command.ts';
import type { Call } from './performer.ts';
import type { RetryPolicy } from './retry.ts';
import { DEFAULT_RETRY } from './retry.ts';
import type { Run } from './run.ts';

export function failed(run: Run, command: DoCommand, reason: Reason, detail: string, attempts?: number): void {
  const outcome: Outcome = {
    status: 'failed',
    reason,
    detail,
    at: run.core.clock.now(),
    ...(attempts === undefined ? {} : { attempts }),
  };
  run.settle({ command: command.id, outcome });
}

export function policyOf(command: DoCommand): RetryPolicy {
  return { ...DEFAULT_RETRY, ...command.retry };
}

/** E3: run, step and round. */
export function keyOf(run: Run, command: DoCommand): string {
  return `${run.id}/${command.id}`;
}

export function callOf(run: Run, command: DoCommand, action: Action, attempt: number): Omit<Call, 'signal'> {
  return {
    action,
    input: command.input,
    key: keyOf(run, command),
    facts: run.birth.facts,
    command: command.id,
    lists: run.compiled.playbook.lists,
    attempt,
  };
}

export function attempted(
  { id }: DoCommand,
  attempt: number,
  { reason, detail }: { readonly reason: Reason; readonly detail: string },
  again: Instant,
): RecordBody {
  return { kind: 'attempted', command: id, attempt, reason, detail, again };
}
