import { afterEach, expect, test } from 'vitest';
import type { Json } from '../../base/json.ts';
import { at } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { readOnly } from '../../action/read-only.ts';
import { silentLog } from '../../base/service.ts';
import { createHttp } from '../../daemon/http.ts';
import { serve } from '../../lab/serve.ts';
import { PollTrouble } from '../../event/source.ts';
import type { PollAnswer } from '../../event/source.ts';
import { MOST_FOLLOWED } from './cursor.ts';
import { connector } from './manifest.ts';
import { createSimulator } from './simulator.ts';
import { alerts } from './source.ts';

const TOKEN = 'api-token-of-a-user';
const START = Date.parse('2026-11-24T09:00:00Z');
const MINUTE = 60_000;
const DAY = 86_400_000;

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A poller whose clock is the simulator's. `poll` goes on where the last one ended, unless it is told where. */
async function setUp(extra: object = {}) {
  const simulator = createSimulator({ token: TOKEN, now: START });
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['192.168.1.163'] });
  const seen: Request[] = [];
  const served = await serve(request => {
    seen.push(request);
    return simulator.fetch(request);
  });
  const settings = { url: served.url, token: new Secret(TOKEN), ...extra };
  const http = createHttp(connector.endpoints(settings));
  open.push(
    () => served.close(),
    () => http.close(),
  );
  let now = START;
  let cursor: Json | undefined;
  return {
    simulator,
    seen,
    raise: (alert: object = {}) => simulator.raiseAlert({ sensor, ...alert }),
    pass(time: number) {
      now += time;
      simulator.tick(now);
    },
    cursor: () => cursor,
    async poll(from: Json | undefined = cursor): Promise<PollAnswer> {
      const signal = new AbortController().signal;
      const answer = await alerts.poll({ http: readOnly(http), settings, now, signal, log: silentLog }, from);
      cursor = JSON.parse(JSON.stringify(answer.cursor)) as Json;
      return answer;
    },
  };
}

const told = ({ drafts }: PollAnswer): string[] =>
  drafts.map(draft => [draft.type, draft.id, at(draft, ['alert', 'status'])].join(' '));

test('the first poll starts at now, the next ones tell each new alert once', async () => {
  const { raise, pass, poll } = await setUp();
  raise({ id: 'old' });
  expect(told(await poll())).toEqual([]);
  pass(MINUTE);
  raise({ id: 'a' });
  raise({ id: 'b' });
  expect(told(await poll())).toEqual(['carbonblack.alert a Unresolved', 'carbonblack.alert b Unresolved']);
  pass(MINUTE);
  raise({ id: 'c' });
  expect(told(await poll())).toEqual(['carbonblack.alert c Unresolved']);
  expect(told(await poll())).toEqual([]);
});

test('an alert that is indexed late is still found', async () => {
  const { raise, pass, poll } = await setUp();
  await poll();
  pass(20 * MINUTE);
  raise({ id: 'a' });
  await poll();
  raise({ id: 'late', created: START + 10 * MINUTE });
  expect(told(await poll())).toEqual(['carbonblack.alert late Unresolved']);
});

test('a start in the past tells what was created from then on', async () => {
  const { raise, poll } = await setUp({ since: '2026-11-24T08:00:00Z' });
  raise({ id: 'before', created: START - 61 * MINUTE });
  raise({ id: 'after', created: START - 59 * MINUTE });
  expect(told(await poll())).toEqual(['carbonblack.alert after Unresolved']);
  expect(told(await poll())).toEqual([]);
});

test('every change of status is an event of its own, opening again included', async () => {
  const { simulator, raise, pass, poll } = await setUp();
  await poll();
  raise({ id: 'a' });
  await poll();
  pass(2 * DAY);
  simulator.setStatus('a', 'Resolved');
  const resolved = await poll();
  expect(told(resolved)).toEqual(['carbonblack.alert-status a#1 Resolved']);
  expect(resolved.drafts[0]).toMatchObject({
    alert: { previous: 'Unresolved' },
    time: '2026-11-26T09:00:00.000Z',
    host: { name: 'FIN-WS-042', sensor_id: '1', ip: ['192.168.1.163'] },
  });
  expect(told(await poll())).toEqual([]);
  pass(DAY);
  simulator.setStatus('a', 'Unresolved');
  expect(told(await poll())).toEqual(['carbonblack.alert-status a#2 Unresolved']);
  simulator.setStatus('a', 'False Positive');
  expect(told(await poll())).toEqual(['carbonblack.alert-status a#3 False Positive']);
});

test('a poll that is repeated after a crash gives the same ids', async () => {
  const { simulator, raise, poll, cursor } = await setUp();
  await poll();
  raise({ id: 'a' });
  await poll();
  simulator.setStatus('a', 'Resolved');
  raise({ id: 'b' });
  const before = cursor();
  const first = await poll();
  expect(told(await poll(before))).toEqual(told(first));
  expect(told(first)).toEqual(['carbonblack.alert b Unresolved', 'carbonblack.alert-status a#1 Resolved']);
});

test('an alert that was resolved before it was seen is still told', async () => {
  const { raise, poll } = await setUp();
  await poll();
  raise({ id: 'a', status: 'Resolved' });
  expect(told(await poll())).toEqual(['carbonblack.alert a Resolved']);
});

test('a closed alert is asked about for as long as the settings say', async () => {
  const { simulator, raise, pass, poll, cursor } = await setUp({ follow: '7d' });
  await poll();
  raise({ id: 'a' });
  await poll();
  pass(20 * DAY);
  await poll();
  simulator.setStatus('a', 'Resolved');
  await poll();
  pass(7 * DAY);
  await poll();
  expect(at(cursor(), ['followed'])).toHaveProperty('a');
  pass(1);
  await poll();
  expect(at(cursor(), ['followed'])).toEqual({});
});

test('an alert that the product has purged is let go in the end', async () => {
  const { simulator, raise, pass, poll, cursor } = await setUp({ follow: '7d' });
  await poll();
  raise({ id: 'a' });
  await poll();
  simulator.forget('a');
  pass(7 * DAY + 1);
  await poll();
  expect(at(cursor(), ['followed'])).toEqual({});
});

test('many alerts are read page by page, and followed in questions of bounded length', async () => {
  const { simulator, raise, poll, seen } = await setUp();
  await poll();
  for (let index = 0; index < 250; index++) raise({ created: START + index });
  const first = await poll();
  expect(new Set(first.drafts.map(draft => draft.id)).size).toBe(250);
  seen.length = 0;
  simulator.setStatus(String(first.drafts[249]?.id), 'Resolved');
  expect((await poll()).drafts).toHaveLength(1);
  const lengths = seen.map(request => request.url.length);
  expect(Math.max(...lengths)).toBeLessThan(4_000);
  expect(new Set(seen.map(request => request.method))).toEqual(new Set(['GET']));
});

test('more than a poll takes is told by the next ones', async () => {
  const { raise, poll } = await setUp();
  await poll();
  for (let index = 0; index < 1_050; index++) raise({ created: START + index });
  expect((await poll()).drafts).toHaveLength(1_000);
  expect((await poll()).drafts).toHaveLength(50);
});

test('more alerts than can be followed let go of those that were touched longest ago', async () => {
  const { raise, poll, pass, cursor } = await setUp();
  await poll();
  raise({ id: 'first' });
  await poll();
  for (let index = 0; index < MOST_FOLLOWED; index++) raise();
  pass(1);
  for (let polls = 0; polls < 3; polls++) await poll();
  expect(Object.keys(at(cursor(), ['followed']) ?? {})).toHaveLength(MOST_FOLLOWED);
});

test("only what also matches the connection's query is told", async () => {
  const { raise, poll } = await setUp({ query: 'watchlist_name:"C2"' });
  await poll();
  raise({ id: 'a', watchlist: 'C2' });
  raise({ id: 'b', watchlist: 'Other' });
  expect(told(await poll())).toEqual(['carbonblack.alert a Unresolved']);
});

test('what makes no sense is rejected once, with the reason, and hides nothing', async () => {
  const { raise, poll } = await setUp();
  await poll();
  raise({ id: 'a', status: 'Escalated' });
  raise({ id: 'b' });
  const answer = await poll();
  expect(told(answer)).toEqual(['carbonblack.alert b Unresolved']);
  expect(answer.rejected).toMatchObject([{ reason: 'unknown status "Escalated"', raw: { unique_id: 'a' } }]);
  expect((await poll()).rejected).toEqual([]);
});

test('a creation in the future does not hide what comes until then', async () => {
  const { raise, poll, pass } = await setUp();
  await poll();
  raise({ id: 'future', created: START + 365 * DAY });
  await poll();
  pass(MINUTE);
  raise({ id: 'a' });
  expect(told(await poll())).toEqual(['carbonblack.alert a Unresolved']);
});

test.each([
  [{ kind: 'status', status: 401 }, 'alert search: status 401'],
  [{ kind: 'status', status: 503 }, 'alert search: status 503'],
  [{ kind: 'html' }, 'alert search: status 200, but the body is not JSON'],
] as const)('%j is trouble that says what was answered', async (fault, message) => {
  const { simulator, poll } = await setUp();
  simulator.fault({ fault });
  const trouble: unknown = await poll().catch((error: unknown) => error);
  expect(trouble).toBeInstanceOf(PollTrouble);
  expect(String(trouble)).toContain(message);
});

test('a setting that is no time is refused when the connection is made', () => {
  expect(() => connector.endpoints({ url: 'https://cb', token: new Secret('x'), since: 'yesterday' })).toThrow(
    'since: must be "now" or a time',
  );
});
