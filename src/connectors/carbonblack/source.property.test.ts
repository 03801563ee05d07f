import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Http, HttpRequest } from '../../base/http.ts';
import type { Json } from '../../base/json.ts';
import { at } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { silentLog } from '../../base/service.ts';
import type { Draft } from '../../event/event.ts';
import { createSimulator } from './simulator.ts';
import { alerts } from './source.ts';

const TOKEN = 'api-token-of-a-user';
const START = Date.parse('2026-11-24T09:00:00Z');
const STATUSES = ['Unresolved', 'In Progress', 'Resolved', 'False Positive'];

/** The simulator without a socket: thousands of polls in a second. */
function wireTo(fetch: (request: Request) => Promise<Response> | Response): Http {
  return async ({ method, path, query }: HttpRequest) => {
    const url = new URL(`http://cb/${path.join('/')}`);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
    const response = await fetch(new Request(url, { method, headers: { 'X-Auth-Token': TOKEN } }));
    const text = await response.text();
    return { status: response.status, headers: {}, text, json: JSON.parse(text) as Json };
  };
}

function pollerOf(http: Http) {
  const settings = { url: 'http://cb', token: new Secret(TOKEN) };
  const signal = new AbortController().signal;
  return (now: number, cursor: Json | undefined) =>
    alerts.poll({ http, settings, now, signal, log: silentLog }, cursor);
}

type Step =
  | { readonly kind: 'raise'; readonly late: number; readonly status: number }
  | { readonly kind: 'set'; readonly alert: number; readonly status: number }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'poll'; readonly crashes: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('raise' as const), late: fc.integer({ min: 0, max: 14 }), status: fc.nat(3) }),
  fc.record({ kind: fc.constant('set' as const), alert: fc.nat(), status: fc.nat(3) }),
  fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 600 }) }),
  fc.record({ kind: fc.constant('poll' as const), crashes: fc.boolean() }),
);

test('whatever happens, each alert is told once, and its changes lead to the status it has, numbered without a gap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
      const simulator = createSimulator({ token: TOKEN, now: START });
      const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['10.0.0.1'] });
      const poll = pollerOf(wireTo(simulator.fetch));
      const told = new Map<Json | undefined, Draft>();
      const raised: string[] = [];
      let now = START;
      let { cursor } = await poll(now, undefined);
      const pollOnce = async (crashes: boolean): Promise<void> => {
        const answer = await poll(now, cursor);
        // A crash before the commit: the events were perhaps seen by nobody, the cursor has not moved.
        if (crashes) return;
        for (const draft of answer.drafts) {
          expect(told.has(draft.id)).toBe(false);
          told.set(draft.id, draft);
        }
        cursor = JSON.parse(JSON.stringify(answer.cursor)) as Json;
      };
      for (const next of steps) {
        if (next.kind === 'pass') simulator.tick((now += next.minutes * 60_000));
        else if (next.kind === 'poll') await pollOnce(next.crashes);
        else if (next.kind === 'raise') {
          const created = Math.max(START, now - next.late * 60_000);
          raised.push(simulator.raiseAlert({ sensor, created, status: String(STATUSES[next.status]) }));
        } else if (raised.length > 0) {
          simulator.setStatus(String(raised[next.alert % raised.length]), String(STATUSES[next.status]));
        }
      }
      await pollOnce(false);
      for (const id of raised) expect(lastStatus(told, id)).toBe(at(simulator.state(), ['alerts', id]));
    }),
    { numRuns: 100 },
  );
});

/** Follows an alert's events by their numbers, each of which must begin where the one before ended. */
function lastStatus(told: ReadonlyMap<Json | undefined, Draft>, id: string): Json | undefined {
  const alert = told.get(id);
  expect(alert).toBeDefined();
  let status = at(alert ?? null, ['alert', 'status']);
  for (let change = 1; ; change++) {
    const event = told.get(`${id}#${change}`);
    if (event === undefined) break;
    expect(at(event, ['alert', 'previous'])).toBe(status);
    status = at(event, ['alert', 'status']);
  }
  return status;
}

test('a server that gives the first page for ever does not hold a poll for ever', async () => {
  const simulator = createSimulator({ token: TOKEN, now: START });
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['10.0.0.1'] });
  const http = wireTo(simulator.fetch);
  let requests = 0;
  const stuck: Http = request => {
    requests++;
    return http({ ...request, query: { ...request.query, start: 0 } });
  };
  const { cursor } = await pollerOf(http)(START, undefined);
  simulator.raiseAlert({ sensor, id: 'a' });
  expect((await pollerOf(stuck)(START, cursor)).drafts.map(({ id }) => id)).toEqual(['a']);
  expect(requests).toBe(200);
});
