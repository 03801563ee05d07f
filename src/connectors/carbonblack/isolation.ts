import type { ActionContext, Preview } from '../../action/action.ts';
import type { Answer, Standing } from '../../action/outcome.ts';
import type { Instant } from '../../base/clock.ts';
import type { Json } from '../../base/json.ts';
import { own } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Wire } from './client.ts';
import { requestIsolation } from './client-changes.ts';
import type { Host } from './isolation-state.ts';
import { notesOn, readHost, summaryOf } from './isolation-state.ts';

/*
 * Isolating a host and letting it back are one thing with two ends. Two flags of the sensor say how it stands, the first
 * being what was asked for and the second what the sensor does:
 *
 *     no no    as usual            yes no    requested
 *     yes yes  isolated            no yes    release requested
 *
 * I1  Only both flags as wanted are the effect. What was answered with a 2xx is a request.
 * I2  An offline sensor does nothing, for as long as it is offline: that is said at once and not waited for.
 * I3  What was requested by somebody before us is waited for and not sent again.
 */

export const sensorInput = {
  type: 'object',
  properties: {
    sensor: { type: 'integer', minimum: 1, 'x-target': 'host', description: 'id of the one sensor, from find-sensor' },
  },
  required: ['sensor'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const isolationOutput = {
  type: 'object',
  properties: {
    sensor: { type: 'integer' },
    host: { type: 'string', description: 'name of the computer' },
    isolated: { type: 'boolean', description: 'whether the host is cut off from the network now' },
  },
  required: ['sensor', 'host', 'isolated'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const ISOLATION_RIGHTS = [
  'isolate hosts: global administrator (5.x, 6.x), or analyst of the sensor group (7.x)',
];

/**
 * Check-ins come every 30 s up to 3,000 active sensors, beyond that every hundredth of their number in seconds, at most
 * every 1,335 s (vendor). This is enough for 12,000; whoever has more gives the step a longer one.
 */
export const ISOLATION_TIMEOUT = 300_000;

type Input = FromSchema<typeof sensorInput>;
type Output = FromSchema<typeof isolationOutput>;

/** Requests what is wanted unless it is so, or is requested, already. */
export async function isolate({ sensor: id }: Input, wanted: boolean, context: ActionContext): Promise<Answer<Output>> {
  const host = await readHost(context, id);
  if (host.requested === wanted) {
    if (host.isolated === wanted) return { kind: 'done', already: true, output: outputOf(host) };
    return follow(host, { wanted, until: budgetEnd(host, context.now), by: 'somebody' }, context.now); // I3
  }
  if (wanted && !host.isCapable)
    return { kind: 'failed', reason: 'rejected', detail: `the sensor on ${host.name} does not support isolation` };
  const change = await requestIsolation(context, { sensor: id, wanted, group: host.group });
  if (change.kind === 'failed') return change;
  const after = await readHost(context, id);
  if (after.requested !== wanted) {
    const detail = `the request was answered with success, but ${describe(after, wanted)} is not requested`;
    return { kind: 'failed', reason: 'rejected', detail };
  }
  return follow(after, { wanted, until: budgetEnd(after, context.now), by: 'us' }, context.now);
}

/** Looks again at what was requested. */
export function followUp(token: Json, wanted: boolean) {
  const until = own(token, 'until');
  const by = own(token, 'by') === 'somebody' ? 'somebody' : 'us';
  return async ({ sensor }: Input, context: ActionContext): Promise<Answer<Output>> => {
    const request: Request = { wanted, until: typeof until === 'number' ? until : context.now, by };
    return follow(await readHost(context, sensor), request, context.now);
  };
}

export async function isolationStanding({ sensor }: Input, wanted: boolean, wire: Wire): Promise<Standing> {
  const host = await readHost(wire, sensor);
  const { name, addresses, online, requested, isolated } = host;
  return {
    stands: requested === wanted && isolated === wanted, // I1
    summary: summaryOf(host),
    notes: notesOn(host, wanted),
    ...(requested === wanted && isolated !== wanted ? { requested: true } : {}),
    // A number says nothing to a guardrail on DC-* or on a network.
    targets: [{ kind: 'host', value: name }, ...addresses.map(value => ({ kind: 'ip', value }) as const)],
    state: { name, online, requested, isolated },
  };
}

export function planIsolation({ sensor }: Input, wanted: boolean, before: Standing | undefined): Preview<Output> {
  const isOffline = own(before?.state, 'online') === false && before?.stands !== true;
  const now = wanted ? 'yes' : 'no';
  const asked = `${wanted ? '' : 'release '}requested (offline: will be unconfirmed)`;
  const host = own(before?.state, 'name');
  return {
    change: `isolated: ${before?.summary ?? 'unknown'} -> ${isOffline ? asked : now}`,
    notes: before?.notes ?? [],
    ...(typeof host === 'string' && !isOffline ? { output: { sensor, host, isolated: wanted } } : {}),
  };
}

interface Request {
  readonly wanted: boolean;
  readonly until: Instant;
  readonly by: 'us' | 'somebody';
}

const LOOK_AGAIN = 5_000;
const GRACE = 60_000;

function follow(host: Host, { wanted, until, by }: Request, now: Instant): Answer<Output> {
  const output = outputOf(host);
  const what = describe(host, wanted);
  if (host.requested !== wanted)
    return { kind: 'failed', reason: 'conflict', detail: `somebody else has taken the request back: ${what}` };
  if (host.isolated === wanted) return { kind: 'done', ...(by === 'somebody' ? { already: true } : {}), output };
  const asked = `${what} ${by === 'somebody' ? 'was requested before this call' : 'is requested'}`;
  const seen = `the sensor checked in last at ${host.lastSeen}`;
  if (!host.online) {
    // I2
    const detail = `${asked}, but the sensor is offline: it will be done at its next check-in; ${seen}`;
    return { kind: 'unconfirmed', output, detail };
  }
  if (now >= until) return { kind: 'unconfirmed', output, detail: `${asked}, but not confirmed in time; ${seen}` };
  return { kind: 'pending', token: { until, by }, again: Math.min(LOOK_AGAIN, until - now) };
}

/** Two check-ins and a minute. Less would call a sensor unconfirmed that is only waiting for its turn. */
function budgetEnd({ interval }: Host, now: Instant): Instant {
  return now + 2 * interval + GRACE;
}

function outputOf({ id, name, isolated }: Host): Output {
  return { sensor: id, host: name, isolated };
}

function describe({ name, id }: Host, wanted: boolean): string {
  return `${wanted ? 'isolation' : 'release'} of ${name} (sensor ${id})`;
}
