import type { IncidentResult } from '../action/own.ts';
import { INCIDENT_CLOSED_EVENT, RESPONSE_ENDED_EVENT, RUN_FAILED_EVENT } from '../action/own.ts';
import type { Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import type { JsonObject } from '../base/json.ts';
import { own } from '../base/json.ts';
import type { Birth, RecordBody, ResponseRow } from '../journal/record.ts';
import type { Core } from './core.ts';
import type { Received } from './intake.ts';
import type { Input } from './ports.ts';
import { StoreTrouble } from './ports.ts';

/*
 * What Backline itself has to say, as events that triggers, waits and holds can name (LANGUAGE 9.1). Their ids follow from
 * what they are about, so that the same is said once.
 */

/** The event that a record of an active run is worth, if any. What one of these events woke raises none of its kind, or they would never end. */
export function eventOfRecord(
  birth: Birth,
  body: RecordBody,
  { at, seq, row }: { readonly at: Instant; readonly seq: number; readonly row: ResponseRow | undefined },
): JsonObject | undefined {
  const { facts } = birth;
  const type = typeOf(body);
  if (facts.mode !== 'active' || type === undefined || own(facts.event, 'type') === type) return undefined;
  const host = own(facts.event, 'host');
  const shared = {
    type,
    time: formatInstant(at),
    ...(host === undefined ? {} : { host }),
    incident: { key: facts.incident },
  };
  const run = { id: facts.run, playbook: facts.playbook };
  if (body.kind === 'ended') {
    const because = body.because === undefined ? {} : { because: body.because };
    return { ...shared, id: `failed:${facts.run}`, run: { ...run, ...because } };
  }
  if (body.kind !== 'response-ended' || row === undefined) return undefined;
  const { key, action, targets } = row;
  const response = {
    key,
    action,
    target: targets.map(({ value }) => String(value)).join(', '),
    state: body.state,
    because: body.detail,
  };
  return { ...shared, id: `response:${facts.run}:${seq}`, run, response };
}

export function incidentClosed(
  incident: { readonly key: string; readonly result: IncidentResult; readonly by: string },
  { at, id }: { readonly at: Instant; readonly id: string },
): JsonObject {
  return { id: `incident:${id}`, type: INCIDENT_CLOSED_EVENT, time: formatInstant(at), incident };
}

/** Between tries when the store cannot take an event. */
const STORE_RETRY = 1_000;

/** On disk as an input of its run until it is an event of its own; after a crash once more, and then it is a duplicate. */
export async function raise(core: Core, input: Input, event: JsonObject): Promise<void> {
  let received: Received | undefined;
  while (received === undefined) {
    try {
      received = await core.raise(event);
    } catch (error) {
      if (!(error instanceof StoreTrouble)) throw error;
      core.log.warn({ run: input.run, trouble: error.message }, 'the store did not take an event of our own');
      if ((await core.activity.sleep(core.clock.now() + STORE_RETRY, core.stopping)) === 'aborted') return;
    }
  }
  if (received.kind === 'rejected') throw new Error(`our own event was rejected: ${received.reason}`);
  if (!core.stopping.aborted) await (await core.run(input.run)).consume(input);
}

function typeOf(body: RecordBody): string | undefined {
  if (body.kind === 'ended' && body.status === 'failed') return RUN_FAILED_EVENT;
  return body.kind === 'response-ended' ? RESPONSE_ENDED_EVENT : undefined;
}
