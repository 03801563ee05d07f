import type { Reason } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Json } from '../base/json.ts';
import { formatProblem, validate } from '../base/schema.ts';
import type { Activity } from './activity.ts';
import { isDeadline } from './activity.ts';
import type { Call, Performed, Performer } from './performer.ts';
import { Stopped } from './stopped.ts';

/** What one attempt came to. */
export type Attempted = Performed | { readonly kind: 'dropped' };

/**
 * One attempt, ended by its deadline at the latest. A product's trouble becomes an answer; a fault of the connector's is
 * thrown. Throws {@link Stopped} when the daemon stops meanwhile.
 */
export function attemptPerform(performer: Performer, call: Omit<Call, 'signal'>, limits: Limits): Promise<Attempted> {
  return attempt(call, limits, signal => performer.perform({ ...call, signal }));
}

export function attemptResume(
  performer: Performer,
  call: Omit<Call, 'signal'>,
  limits: Limits,
  token: Json,
): Promise<Attempted> {
  return attempt(call, limits, signal => performer.resume({ ...call, signal }, token));
}

export interface Limits {
  readonly activity: Activity;
  readonly deadline: Instant;
  /** Aborted when the command is dropped or the daemon stops. */
  readonly signal: AbortSignal;
  readonly stopping: AbortSignal;
}

async function attempt(
  call: Omit<Call, 'signal'>,
  { activity, deadline, signal, stopping }: Limits,
  perform: (signal: AbortSignal) => Promise<Performed>,
): Promise<Attempted> {
  const limit = activity.deadline(deadline, signal);
  try {
    return checked(call, await raced(perform(limit.signal), limit.signal));
  } catch (error) {
    if (stopping.aborted) throw new Stopped();
    if (signal.aborted) return { kind: 'dropped' };
    if (error instanceof HttpTrouble) {
      if (error.reason === 'auth') return { kind: 'failed', reason: 'auth', detail: error.message };
      return { kind: 'retry', reason: error.reason, detail: error.message, ...(error.sent ? doubt(call) : {}) };
    }
    if (limit.signal.aborted)
      return { kind: 'retry', reason: 'timeout', detail: 'no answer within the timeout', ...doubt(call) };
    throw error;
  } finally {
    limit.release();
  }
}

/**
 * A connector that ignores its signal must not hold a step beyond its deadline. One that minds it has the rest of that turn
 * of the event loop to say what it knows: that nothing was sent, for one.
 */
export function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      if (isDeadline(signal)) setImmediate(() => reject(signal.reason));
      else reject(signal.reason);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** An output that does not fit its own schema would be believed further on. */
function checked(call: Omit<Call, 'signal'>, performed: Performed): Performed {
  if (performed.kind !== 'done') return performed;
  const [problem] = validate(call.action.output, performed.output);
  if (problem === undefined) return performed;
  return {
    kind: 'retry',
    reason: 'malformed-answer',
    detail: `the answer does not fit: ${formatProblem(problem)}`,
    ...doubt(call),
  };
}

/** A write that was sent and not answered is in doubt, not failed (E6). */
function doubt({ action }: Pick<Call, 'action'>): { readonly inDoubt?: true } {
  return action.effect === 'read' ? {} : { inDoubt: true };
}

export function isFinal(reason: Reason): boolean {
  return reason === 'auth' || reason === 'rejected' || reason === 'not-found';
}

/** Milliseconds a step has, where neither it nor the manifest says (LANGUAGE 6). */
export const READ_TIMEOUT: Milliseconds = 30_000;
export const WRITE_TIMEOUT: Milliseconds = 120_000;
