import type { Action } from '../action/action.ts';
import { VerifyTrouble } from '../action/action.ts';
import type { Standing } from '../action/outcome.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Instant } from '../base/clock.ts';
import type { ResponseRow } from '../journal/record.ts';
import type { Facts } from '../machine/command.ts';
import type { Attempted, Limits } from './attempt.ts';
import { WRITE_TIMEOUT, attemptPerform, attemptResume, raced } from './attempt.ts';
import type { Core } from './core.ts';
import type { Call } from './performer.ts';
import { DEFAULT_RETRY, nextAttempt } from './retry.ts';
import { Stopped } from './stopped.ts';

/** A response that is to be taken back, with what can do it. */
export interface Reversal {
  readonly row: ResponseRow;
  readonly facts: Facts;
  readonly action: Action;
  readonly inverse: Action;
  /** An inverse action that left before a crash, or was not answered, may have taken effect. */
  readonly mayBeUndone: boolean;
  /** A person's word passes the pause. */
  readonly passesPause: boolean;
  /** Told of an attempt that is made again, before the wait for it. */
  attempted(trouble: Trouble, again: Instant): Promise<void>;
}

export interface Trouble {
  readonly reason: string;
  readonly detail: string;
}

export type Reversed =
  | { readonly kind: 'ended'; readonly state: 'undone' | 'gone'; readonly detail: string }
  | ({ readonly kind: 'trouble' } & Trouble);

/**
 * Reads the state, performs the inverse where it is still what we set, and reads again (LANGUAGE 8.4). Throws
 * {@link Stopped} when the daemon stops meanwhile.
 */
export async function reverse(core: Core, reversal: Reversal): Promise<Reversed> {
  const { row, mayBeUndone } = reversal;
  const before = await look(core, reversal);
  if ('reason' in before) return { kind: 'trouble', ...before };
  // What was accepted and never seen may still come into effect: it is taken back all the same.
  const mayCome = row.unconfirmed === true || before.standing?.requested === true;
  if (before.standing?.stands === false && !mayCome) {
    return { kind: 'ended', state: mayBeUndone ? 'undone' : 'gone', detail: `found ${before.standing.summary}` };
  }
  const done = await attempts(core, reversal);
  if (done.kind === 'trouble') return done;
  const after = await look(core, reversal);
  if ('reason' in after) return { kind: 'trouble', ...after };
  if (after.standing?.stands === true) {
    return { kind: 'trouble', reason: 'not-yet', detail: `taken back, but still ${after.standing.summary}` };
  }
  const notes = [...done.notes, ...(after.standing?.notes ?? [])];
  return { kind: 'ended', state: 'undone', detail: notes.join('; ') };
}

type Done = { readonly kind: 'done'; readonly notes: readonly string[] } | ({ readonly kind: 'trouble' } & Trouble);

async function attempts(core: Core, reversal: Reversal): Promise<Done> {
  const { inverse } = reversal;
  for (let attempt = 1; ; attempt++) {
    // A pause that came while it waited: what is left is let go when it is over.
    if (core.pause.state !== undefined && !reversal.passesPause)
      return { kind: 'trouble', reason: 'pause', detail: 'responses are paused' };
    const deadline = core.clock.now() + (inverse.timeout ?? WRITE_TIMEOUT);
    const limits = { activity: core.activity, deadline, signal: core.stopping, stopping: core.stopping };
    const answer = await perform(core, callOf(reversal, inverse, attempt), limits);
    if (answer.kind === 'done') return { kind: 'done', notes: [] };
    if (answer.kind === 'unconfirmed') return { kind: 'done', notes: [answer.detail] };
    if (answer.kind !== 'retry' && answer.kind !== 'failed') {
      return { kind: 'trouble', reason: 'bug', detail: `the inverse action answered ${answer.kind}` };
    }
    const { reason, detail } = answer;
    const again =
      answer.kind === 'retry'
        ? nextAttempt(DEFAULT_RETRY, attempt, core.clock.now(), deadline, answer.after)
        : undefined;
    if (again === undefined) return { kind: 'trouble', reason, detail };
    await reversal.attempted({ reason, detail }, again);
    if ((await core.activity.sleep(again, core.stopping)) === 'aborted') throw new Stopped();
  }
}

/** The inverse action, with what is pending of it followed to its end. */
async function perform(core: Core, call: Omit<Call, 'signal'>, limits: Limits): Promise<Attempted> {
  const { active } = core.performers;
  let answer = await attemptPerform(active, call, limits);
  while (answer.kind === 'pending') {
    const again = core.clock.now() + answer.again;
    if (again >= limits.deadline) return { kind: 'unconfirmed', detail: 'still under way at the deadline' };
    if ((await core.activity.sleep(again, core.stopping)) === 'aborted') throw new Stopped();
    answer = await attemptResume(active, call, limits, answer.token);
  }
  return answer;
}

async function look(core: Core, reversal: Reversal): Promise<{ readonly standing?: Standing } | Trouble> {
  const { row, action } = reversal;
  if (action.verify === undefined) return {};
  const limit = core.activity.deadline(core.clock.now() + WRITE_TIMEOUT, core.stopping);
  try {
    const call = { ...callOf(reversal, action, 0), input: row.input, signal: limit.signal };
    return { standing: await raced(core.performers.active.verify(call), limit.signal) };
  } catch (error) {
    if (core.stopping.aborted) throw new Stopped();
    if (error instanceof HttpTrouble || error instanceof VerifyTrouble)
      return { reason: error.reason, detail: `the state could not be read: ${error.message}` };
    if (limit.signal.aborted) return { reason: 'timeout', detail: 'the state could not be read in time' };
    throw error;
  } finally {
    limit.release();
  }
}

function callOf({ row, facts }: Reversal, action: Action, attempt: number): Omit<Call, 'signal'> {
  return {
    action,
    input: row.undo?.input ?? row.input,
    key: `${row.run}/${row.command}/undo`,
    facts,
    command: row.command,
    // No own action is taken back by an inverse.
    lists: {},
    attempt,
  };
}
