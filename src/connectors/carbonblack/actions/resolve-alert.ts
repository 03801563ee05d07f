import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { Refusal, malformed, reading, verifying, writing } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import type { Json } from '../../../base/json.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { isAlertId, parseAlert } from '../alert.ts';
import type { Wire } from '../client.ts';
import { findAlert } from '../client.ts';
import { setAlertStatus } from '../client-changes.ts';
import { ALERT_STATUSES } from '../events.ts';
import type { settings } from '../settings.ts';

const status = { type: 'string', enum: ALERT_STATUSES } as const satisfies JsonSchema;

const input = {
  type: 'object',
  properties: {
    alert: { type: 'string', minLength: 1, maxLength: 64, description: 'id of the alert: event.alert.id' },
    status: { ...status, description: 'Unresolved opens it again' },
  },
  required: ['alert', 'status'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: { alert: { type: 'string' }, status, previous: status },
  required: ['alert', 'status'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;
type Output = FromSchema<typeof output>;
type Status = Input['status'];

/** Analysts see it in the console, and playbooks as carbonblack.alert-status. Undone by the status before. */
export const resolveAlert = defineAction<typeof settings>()({
  name: 'resolve-alert',
  description: 'Sets the status of an alert. Done when the search shows it, which is a little later.',
  effect: 'reversible',
  input,
  output,
  repeatable: true,
  rights: ['change alerts of the sensor group'],
  perform: writing(async (asked, context) => {
    const previous = await readStatus(context, asked.alert);
    if (previous === asked.status) return { kind: 'done', already: true, output: { ...asked } };
    const change = await setAlertStatus(context, asked);
    if (change.kind === 'failed') return change;
    return follow(asked, previous, await readStatus(context, asked.alert));
  }),
  resume: (token, asked, context) => reading(followUp(token))(asked, context),
  verify: verifying(async (asked, context) => {
    const now = await readStatus(context, asked.alert);
    return { stands: now === asked.status, summary: now, state: { status: now } };
  }),
  undo: {
    action: 'carbonblack.resolve-alert',
    // Where nothing is known of it, open is the status that nobody overlooks.
    input: ({ alert }, done, before) => ({
      alert,
      status: own(before?.state, 'status') ?? done?.previous ?? 'Unresolved',
    }),
  },
  plan: (asked, before) => ({
    change: `alert: ${before?.summary ?? 'unknown'} -> ${asked.status}`,
    output: { ...asked },
  }),
});

const LOOK_AGAIN = 5_000;

function followUp(token: Json) {
  return async (asked: Input, context: ActionContext): Promise<Answer<Output>> => {
    const previous = own(token, 'previous');
    return follow(asked, isStatus(previous) ? previous : undefined, await readStatus(context, asked.alert));
  };
}

/** Alerts are in a search index, which shows the status before until the new one has been indexed. */
function follow({ alert, status: wanted }: Input, previous: Status | undefined, now: Status): Answer<Output> {
  if (now === wanted) return { kind: 'done', output: { alert, status: wanted, ...(previous ? { previous } : {}) } };
  if (previous !== undefined && now !== previous)
    return { kind: 'failed', reason: 'conflict', detail: `somebody else has set the alert to ${now}` };
  return { kind: 'pending', token: { previous: previous ?? null }, again: LOOK_AGAIN };
}

async function readStatus(wire: Wire, id: string): Promise<Status> {
  if (!isAlertId(id))
    throw new Refusal({
      kind: 'failed',
      reason: 'invalid-input',
      detail: `${JSON.stringify(id)} is no id of an alert`,
    });
  const raw = await findAlert(wire, id);
  if (raw === undefined) throw new Refusal({ kind: 'failed', reason: 'not-found', detail: `there is no alert ${id}` });
  const alert = parseAlert(raw);
  if ('reason' in alert) throw malformed(`alert: ${alert.reason}`);
  if (!isStatus(alert.status)) throw malformed(`alert: unknown status ${JSON.stringify(alert.status)}`);
  return alert.status;
}

function isStatus(value: Json | undefined): value is Status {
  return ALERT_STATUSES.some(one => one === value);
}
