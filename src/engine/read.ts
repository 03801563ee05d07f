import type { Action } from '../action/action.ts';
import type { Instant } from '../base/clock.ts';
import type { Json } from '../base/json.ts';
import type { DoCommand } from '../machine/command.ts';
import { stepsOf } from '../machine/steps.ts';
import type { Attempted } from './attempt.ts';
import { READ_TIMEOUT, attemptPerform, attemptResume, isFinal } from './attempt.ts';
import { callOf, failed, policyOf } from './calls.ts';
import type { Life } from './life.ts';
import { nextAttempt } from './retry.ts';
import type { Run } from './run.ts';

/**
 * A read with its attempts, its pending time and its polls, all within one timeout. It leaves no intent: after a crash it
 * is simply made again, but for a token, which is kept (a file is never submitted twice).
 */
export async function performRead(run: Run, command: DoCommand, action: Action, life: Life): Promise<void> {
  const { core } = run;
  const leave = await run.readSlots.take();
  try {
    if (core.stopping.aborted || run.life(command.id) === undefined) return;
    const deadline =
      life.stage === 'pending' ? life.deadline : core.clock.now() + (command.timeout ?? action.timeout ?? READ_TIMEOUT);
    await attempts(run, command, action, deadline, life);
  } finally {
    leave();
  }
}

async function attempts(run: Run, command: DoCommand, action: Action, deadline: Instant, life: Life): Promise<void> {
  const { core } = run;
  const performer = core.performers[run.birth.facts.mode];
  const signal = run.signal(command.id);
  const limits = { activity: core.activity, deadline, signal, stopping: core.stopping };
  let attempt = life.stage === 'pending' ? life.attempt : 0;
  let pending = life.stage === 'pending' ? life : undefined;
  let polled: Extract<Attempted, { kind: 'done' }> | undefined;
  for (;;) {
    let answer: Attempted;
    if (pending === undefined)
      answer = await attemptPerform(performer, callOf(run, command, action, ++attempt), limits);
    else {
      if ((await core.activity.sleep(Math.min(pending.again, deadline), signal)) === 'aborted') return;
      answer = await attemptResume(performer, callOf(run, command, action, attempt), limits, pending.token);
    }
    const now = core.clock.now();
    switch (answer.kind) {
      case 'dropped':
        return;
      case 'planned':
        run.settle({
          command: command.id,
          outcome: { status: 'done', planned: true, at: now, attempts: attempt },
          ...(answer.output === undefined ? {} : { output: answer.output }),
        });
        return;
      case 'done': {
        if (isEnough(run, command, answer.output)) {
          run.settle({
            command: command.id,
            outcome: { status: 'done', at: now, attempts: attempt },
            output: answer.output,
          });
          return;
        }
        polled = answer;
        pending = undefined;
        const again = now + (command.poll?.every ?? 0);
        if (again >= deadline)
          return failed(
            run,
            command,
            'timeout',
            `not so by the deadline: ${JSON.stringify(polled.output).slice(0, 200)}`,
            attempt,
          );
        if ((await core.activity.sleep(again, signal)) === 'aborted') return;
        attempt = 0;
        continue;
      }
      case 'unconfirmed':
        run.settle({
          command: command.id,
          outcome: { status: 'unconfirmed', reason: 'not-yet', detail: answer.detail, at: now, attempts: attempt },
          ...(answer.output === undefined ? {} : { output: answer.output }),
        });
        return;
      case 'failed':
        return failed(run, command, answer.reason, answer.detail, attempt);
      case 'pending': {
        const again = now + answer.again;
        if (again >= deadline) return failed(run, command, 'timeout', 'still under way at the deadline', attempt);
        pending = { stage: 'pending', intention: null, attempt, deadline, inDoubt: false, token: answer.token, again };
        run.setLife(command, pending);
        run.flush();
        continue;
      }
      case 'retry': {
        const again = isFinal(answer.reason)
          ? undefined
          : nextAttempt(policyOf(command), attempt, now, deadline, answer.after);
        if (again === undefined) return failed(run, command, answer.reason, answer.detail, attempt);
        run.note([
          { kind: 'attempted', command: command.id, attempt, reason: answer.reason, detail: answer.detail, again },
        ]);
        if ((await core.activity.sleep(again, signal)) === 'aborted') return;
      }
    }
  }
}

/** `poll.until`; undecided is not yet. */
function isEnough(run: Run, command: DoCommand, result: Json): boolean {
  if (command.poll === undefined) return true;
  const step = stepsOf(run.compiled).get(command.step);
  if (step?.kind !== 'do' || step.poll === undefined) return true;
  const decision = run.decide(step.poll.until.text, command.id, { result });
  return decision.decided && decision.holds;
}
