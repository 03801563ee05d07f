import type { Probed } from '../action/probe.ts';
import { Refusal } from '../action/http-answer.ts';
import { readOnly } from '../action/read-only.ts';
import { readOnlyRpcs } from '../action/read-only-rpcs.ts';
import type { Clock } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { HttpAnswer } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Activity } from '../engine/activity.ts';
import type { Fault } from './circuit.ts';
import type { OpenConnection } from './connection.ts';
import { faultOfAnswer, faultOfTrouble } from './wire-fault.ts';

/** What a probe has to its answer. */
const PATIENCE: Milliseconds = 15_000;

/** Makes the connector's probe, if it has one. Throws as it does, and `HttpTrouble` where there is no answer in time. */
export async function makeProbe(
  connection: Pick<OpenConnection, 'configured' | 'probe'>,
  world: ProbingWorld & { readonly signal: AbortSignal },
): Promise<Probed | undefined> {
  const { connector, settings } = connection.configured;
  const declared = connector.probe;
  if (declared === undefined) return undefined;
  return limited(world, signal =>
    connection.probe(signal, ({ http, rpcs }) =>
      declared.ask({
        http: readOnly(http, declared.asks),
        rpcs: readOnlyRpcs(rpcs),
        settings,
        now: world.clock.now(),
        signal,
      }),
    ),
  );
}

/** For a circuit: what is still wrong with the product. One that refuses our credentials answers, and so is well. */
export function testOf(
  world: ProbingWorld,
  ask: (signal: AbortSignal) => Promise<HttpAnswer | Probed | undefined>,
): () => Promise<Fault | undefined> {
  return async () => {
    world.activity.enter();
    try {
      const answer = await limited({ ...world, signal: new AbortController().signal }, ask);
      return answer !== undefined && 'status' in answer ? faultOfAnswer(answer, world.clock) : undefined;
    } catch (error) {
      return error instanceof Refusal ? faultOfRefusal(error) : faultOfTrouble(error);
    } finally {
      world.activity.leave();
    }
  };
}

async function limited<T>(
  { activity, clock, signal }: ProbingWorld & { readonly signal: AbortSignal },
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = activity.deadline(clock.now() + PATIENCE, signal);
  try {
    return await ask(limit.signal);
  } catch (error) {
    if (error instanceof HttpTrouble || !limit.signal.aborted || signal.aborted) throw error;
    throw new HttpTrouble('timeout', `no answer within ${PATIENCE / 1_000} s`, true, error);
  } finally {
    limit.release();
  }
}

interface ProbingWorld {
  readonly activity: Activity;
  readonly clock: Clock;
}

function faultOfRefusal({ answer }: Refusal): Fault | undefined {
  const { reason, detail } = answer;
  if (!isFault(reason)) return undefined;
  const after = answer.kind === 'retry' ? answer.after : undefined;
  return { reason, detail, ...(after === undefined ? {} : { after }) };
}

function isFault(reason: string): reason is Fault['reason'] {
  return ['unreachable', 'timeout', 'malformed-answer', 'unavailable', 'rate-limited'].includes(reason);
}
