import type { Action } from '../action/action.ts';
import type { Reason } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Intention } from '../journal/record.ts';
import type { DoCommand } from '../machine/command.ts';
import type { Attempted } from './attempt.ts';
import { attemptPerform, attemptResume, isFinal } from './attempt.ts';
import { attempted, callOf, failed, policyOf } from './calls.ts';
import type { Refusal } from './guardrails.ts';
import type { Life } from './life.ts';
import type { Admission } from './performer.ts';
import { targetText } from './response.ts';
import { nextAttempt } from './retry.ts';
import type { Run } from './run.ts';
import { aboutOf } from './write-approval.ts';
import type { Write } from './write-kind.ts';
import { judge, knowing, refuse, stopOf, timeoutOf } from './write-kind.ts';
import { refusedByStore, settleDone, settlePlanned, settleUnconfirmed } from './write-settle.ts';
import { dropped, look } from './write-state.ts';

/** How long a person has to say whether a lost answer took effect. */
const DOUBT = 86_400_000;

interface UnderWay {
  readonly intention: Intention;
  readonly attempt: number;
  readonly deadline: Instant;
  /** An attempt may have taken effect without our knowing. */
  readonly inDoubt: boolean;
}

export async function attempts(
  write: Write,
  from: UnderWay,
  resumeAt?: Extract<Life, { stage: 'pending' }>,
): Promise<void> {
  const { run, command, action } = write;
  const { core } = run;
  const performer = core.performers[run.birth.facts.mode];
  const signal = run.signal(command.id);
  const { intention } = from;
  const { by, before } = intention;
  let { attempt, deadline, inDoubt } = from;
  let pending = resumeAt;
  for (;;) {
    const limits = { activity: core.activity, deadline, signal: core.stopping, stopping: core.stopping };
    let answer: Attempted;
    if (pending === undefined) {
      const underWay: UnderWay = { intention, attempt, deadline, inDoubt };
      const admission = await admitted(write, underWay);
      if (admission === 'settled') return;
      const refusal = stopOf(await knowing(write), before);
      const isDropped = !run.wants(command.id) && !inDoubt;
      if (isDropped || refusal !== undefined) admission?.giveBack();
      if (isDropped) return void dropped(write);
      if (refusal !== undefined) return halt(write, underWay, refusal);
      const call = { ...callOf(run, command, action, attempt), ...(admission === undefined ? {} : { admission }) };
      answer = await attemptPerform(performer, call, limits);
    } else {
      if ((await core.activity.sleep(Math.min(pending.again, deadline), signal)) === 'aborted')
        return void dropped(write);
      answer = await attemptResume(performer, callOf(run, command, action, attempt), limits, pending.token);
    }
    const now = core.clock.now();
    switch (answer.kind) {
      case 'dropped':
        return;
      case 'planned':
        return settlePlanned(write, answer.output, by);
      case 'done': {
        // Where no state could be read, the product's own word counts, unless an earlier attempt of ours may be what it saw.
        const isSaid = answer.already === true && before === undefined && attempt === 1 && !inDoubt;
        const isNotOurs = isSaid || before?.requested === true;
        return settleDone(write, { output: answer.output, attempt, by, isNotOurs, before });
      }
      case 'unconfirmed':
        return settleUnconfirmed(write, {
          output: answer.output,
          attempt,
          by,
          before,
          reason: 'not-yet',
          detail: answer.detail,
        });
      case 'failed':
        if (inDoubt) return resolveDoubt(write, { intention, attempt, deadline, inDoubt }, answer);
        return failed(run, command, answer.reason, answer.detail, attempt);
      case 'pending':
        pending = {
          stage: 'pending',
          intention,
          attempt,
          deadline,
          inDoubt,
          token: answer.token,
          again: now + answer.again,
        };
        if (pending.again >= deadline)
          return settleUnconfirmed(write, {
            output: undefined,
            attempt,
            by,
            before,
            reason: 'not-yet',
            detail: 'still under way at the deadline',
          });
        run.setLife(command, pending);
        await run.append([]);
        continue;
      case 'retry': {
        // What the product has taken on may take effect, whatever it says of it now.
        inDoubt ||= answer.inDoubt === true || pending !== undefined;
        const again = isFinal(answer.reason)
          ? undefined
          : nextAttempt(policyOf(command), attempt, now, deadline, answer.after);
        const underWay: UnderWay = { intention, attempt, deadline, inDoubt };
        if (!run.wants(command.id) && !inDoubt) return void dropped(write);
        if (pending !== undefined && again !== undefined) {
          pending = { ...pending, attempt: attempt + 1, inDoubt, again };
          run.setLife(command, pending);
          await run.append([attempted(command, attempt, answer, again)]);
          attempt++;
          continue;
        }
        if (again === undefined || !run.wants(command.id) || (inDoubt && !action.repeatable)) {
          if (inDoubt) {
            const isLast = isFinal(answer.reason) || attempt >= policyOf(command).times;
            return resolveDoubt(write, underWay, answer, isLast ? undefined : attempt + 1);
          }
          return failed(run, command, answer.reason, answer.detail, attempt);
        }
        run.setLife(command, { stage: 'backing-off', intention, attempt, deadline, again, inDoubt });
        await run.append([attempted(command, attempt, answer, again)]);
        if ((await core.activity.sleep(again, signal)) === 'aborted') {
          if (core.stopping.aborted) return;
          return inDoubt ? resolveDoubt(write, underWay, answer) : void dropped(write);
        }
        attempt++;
        await attempting(write, { intention, attempt, deadline });
      }
    }
  }
}

/** What may have taken effect already is looked into all the same; what did not is refused. */
/**
 * While its product is left alone a write waits, within its timeout. That is no attempt, and nothing is in doubt over it:
 * not after a crash, and not when its time is over. A cancel ends it.
 */
async function admitted(write: Write, underWay: UnderWay): Promise<Admission | undefined | 'settled'> {
  const { run, command, action } = write;
  const { core } = run;
  const { intention, attempt, deadline, inDoubt } = underWay;
  const held = core.performers[run.birth.facts.mode].held?.(callOf(run, command, action, attempt));
  if (held === undefined) return undefined;
  const made = attempt - 1;
  run.setLife(command, {
    stage: 'backing-off',
    intention,
    attempt: made,
    deadline,
    again: core.clock.now(),
    inDoubt,
  });
  const { reason, detail } = held;
  await run.append([{ kind: 'held', command: command.id, reason, detail, until: deadline }]);
  const limit = core.activity.deadline(deadline, run.signal(command.id));
  let admission: Admission | undefined;
  try {
    admission = await held.over(limit.signal);
    await attempting(write, underWay);
    return admission;
  } catch (error) {
    admission?.giveBack();
    if (core.stopping.aborted) return 'settled';
    const isOver = error instanceof HttpTrouble;
    if (!isOver && !limit.signal.aborted) throw error;
    if (inDoubt)
      await resolveDoubt(
        write,
        underWay,
        isOver ? { reason: error.reason, detail: error.message } : { reason: 'in-doubt', detail: 'cancelled' },
      );
    else if (isOver) failed(run, command, error.reason, error.message, made);
    else dropped(write);
    return 'settled';
  } finally {
    limit.release();
  }
}

async function halt(write: Write, underWay: UnderWay, refusal: Refusal): Promise<void> {
  if (!underWay.inDoubt) return void refuse(write, { refusal });
  const detail = `an answer was lost, and nothing is sent again: ${refusal.detail}`;
  return resolveDoubt(write, underWay, { reason: 'in-doubt', detail }, underWay.attempt);
}

/** That a further attempt may be under way is on disk before it leaves: after a crash it is in doubt like the first. */
async function attempting(write: Write, sent: Pick<UnderWay, 'intention' | 'attempt' | 'deadline'>): Promise<void> {
  const { intention, attempt, deadline } = sent;
  write.run.setLife(write.command, { stage: 'attempting', intention, attempt, deadline });
  await write.run.append([]);
}

/** After a restart: goes on from what the head says (E6, E7). */
export async function goOn(write: Write, life: Life): Promise<void> {
  const { run, command, action } = write;
  const { core } = run;
  switch (life.stage) {
    case 'backing-off':
      if ((await core.activity.sleep(life.again, run.signal(command.id))) === 'aborted') {
        if (core.stopping.aborted) return;
        return life.inDoubt
          ? resolveDoubt(write, life, { reason: 'in-doubt', detail: 'cancelled' })
          : void dropped(write);
      }
      await attempting(write, { ...life, attempt: life.attempt + 1 });
      return attempts(write, { ...life, attempt: life.attempt + 1 });
    case 'pending':
      if (life.intention === null) throw new Error('a write that waits without an intent');
      return attempts(write, { ...life, intention: life.intention }, life);
    case 'attempting': {
      const last = (await core.store.query.records(run.id)).findLast(
        ({ body }) =>
          (body.kind === 'refused' && body.command === command.id) ||
          (body.kind === 'intended' && body.intent.command === command.id),
      );
      if (last?.body.kind === 'refused') return refusedByStore(write, last.body.rule);
      const { intention, attempt } = life;
      const again: UnderWay = {
        intention,
        attempt,
        deadline: core.clock.now() + timeoutOf(write),
        inDoubt: true,
      };
      if (action.repeatable) return attempts(write, again);
      const detail = 'the daemon stopped between the intent and the answer';
      // E7: the attempt that was broken off is not counted; it is made again under its own number.
      return resolveDoubt(write, { ...again, deadline: life.deadline }, { reason: 'in-doubt', detail }, attempt);
    }
    case 'fresh':
    case 'approved':
    case 'asking':
    case 'ahead':
    case 'doubted':
    case 'waiting':
    case 'joining':
    case 'calling':
    case 'undoing':
    case 'settled':
      throw new Error(`a write does not go on from ${life.stage}`);
  }
}

/**
 * W4. Judged only after the attempt's deadline, since an old call may still be under way. `next` is the attempt to make
 * where it did not take effect, if there is one left.
 */
async function resolveDoubt(
  write: Write,
  underWay: UnderWay,
  { reason, detail }: { readonly reason: Reason; readonly detail: string },
  next?: number,
): Promise<void> {
  const { run, command, action } = write;
  const { core } = run;
  const { intention, attempt } = underWay;
  const { by, before } = intention;
  if (action.verify !== undefined) {
    await core.activity.sleep(underWay.deadline, core.stopping);
    if (core.stopping.aborted) return;
    const found = await look(write, core.clock.now() + timeoutOf(write), core.stopping);
    if (found.kind === 'standing' && found.standing.stands) {
      const isNotOurs = before?.requested === true;
      return settleDone(write, { output: undefined, attempt, by, isNotOurs, before });
    }
    if (found.kind === 'standing') {
      if (!run.wants(command.id)) return void dropped(write);
      if (next === undefined) return failed(run, command, reason, detail, attempt);
      const deadline = core.clock.now() + timeoutOf(write);
      run.setLife(command, { stage: 'attempting', intention, attempt: next, deadline });
      await run.append([
        {
          kind: 'attempted',
          command: command.id,
          attempt,
          reason,
          detail: `${detail}; looked up: ${found.standing.summary}`,
        },
      ]);
      return attempts(write, { intention, attempt: next, deadline, inDoubt: false });
    }
  } else if (action.effect !== 'message' && !action.repeatable && run.wants(command.id)) {
    const question = {
      kind: 'ask',
      text: `Did ${action.fullName} on ${targetText(write.targets, command.input)} take effect? Its answer was lost (${detail}).`,
      who: [run.compiled.playbook.owner],
      except: [],
      people: 1,
      answers: [
        { id: 'yes', label: 'It took effect', people: 1 },
        { id: 'no', label: 'It did not', people: 1 },
      ],
      within: DOUBT,
      about: aboutOf(write, judge(write)),
    } as const;
    return run.questions.open(command, question, { doubt: { intention, attempt } });
  }
  settleUnconfirmed(write, { output: undefined, attempt, by, before, reason: 'in-doubt', detail });
}

/** A person's word on a lost answer; without one it stays in doubt, and stands in the ledger as such. */
export function settleDoubt(
  doubt: {
    readonly run: Run;
    readonly command: DoCommand;
    readonly action: Action;
    readonly intention: Intention;
    readonly attempt: number;
  },
  answer: string | undefined,
  by: string | undefined,
): void {
  const { run, command, action, intention, attempt } = doubt;
  const write: Write = {
    run,
    command,
    action,
    targets: intention.targets,
    ...(intention.response === undefined ? {} : { key: intention.response }),
  };
  if (answer === 'yes')
    settleDone(write, { output: undefined, attempt, by, isNotOurs: false, before: intention.before });
  else if (answer === 'no')
    failed(run, command, 'in-doubt', `it did not take effect, says ${by ?? 'somebody'}`, attempt);
  else
    settleUnconfirmed(write, {
      output: undefined,
      attempt,
      by,
      before: intention.before,
      reason: 'in-doubt',
      detail: 'nobody could say whether it took effect',
    });
}
