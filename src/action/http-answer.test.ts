import { expect, test } from 'vitest';
import { noFiles } from '../base/file.ts';
import type { Http, HttpAnswer } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';
import { silentLog } from '../base/service.ts';
import { PollTrouble } from '../event/source.ts';
import type { ActionContext } from './action.ts';
import { VerifyTrouble } from './action.ts';
import { acceptedJson, polling, reading, refusalOf, verifying, writing } from './http-answer.ts';
import { noWays } from './declared-ways.ts';
import { noRpcs } from './read-only-rpcs.ts';
import type { Answer } from './outcome.ts';

function answered(status: number, text = '', headers: HttpAnswer['headers'] = {}): HttpAnswer {
  return { status, text, headers, json: text.startsWith('{') ? {} : undefined };
}

function contextOf(http: Http): ActionContext {
  return {
    http,
    files: noFiles,
    ...noWays('lab.x'),
    rpcs: noRpcs,
    settings: {},
    key: 'k',
    now: 0,
    signal: new AbortController().signal,
    log: silentLog,
  };
}

test.each<[number, HttpAnswer['headers'], Partial<Answer>]>([
  [
    302,
    { location: 'https://elsewhere/' },
    { kind: 'failed', reason: 'rejected', detail: 'list: status 302 to "https://elsewhere/"' },
  ],
  [400, {}, { kind: 'failed', reason: 'rejected' }],
  [401, {}, { kind: 'failed', reason: 'auth' }],
  [403, {}, { kind: 'failed', reason: 'auth' }],
  [404, {}, { kind: 'failed', reason: 'rejected' }],
  [408, {}, { kind: 'retry', reason: 'timeout' }],
  [409, {}, { kind: 'failed', reason: 'rejected' }],
  [413, {}, { kind: 'failed', reason: 'rejected' }],
  [422, {}, { kind: 'failed', reason: 'rejected' }],
  [429, {}, { kind: 'retry', reason: 'rate-limited' }],
  [429, { 'retry-after': '12' }, { kind: 'retry', reason: 'rate-limited', after: 12_000 }],
  [429, { 'retry-after': 'Wed, 05 Jan 2022 10:01:07 GMT' }, { kind: 'retry', reason: 'rate-limited' }],
  [503, { 'retry-after': '1' }, { kind: 'retry', reason: 'unavailable', after: 1_000 }],
])('status %i with %j is understood', (status, headers, meaning) => {
  expect(refusalOf(answered(status, '', headers), 'list')).toMatchObject(meaning);
});

test('what the product said is quoted, on one line and not at length', () => {
  const { detail } = refusalOf(answered(500, `<html>\n${'x'.repeat(500)}`), 'list');
  expect(detail).toMatch(/^list: status 500: "<html> x{193}…"$/);
});

test('a read is never in doubt', async () => {
  const read = reading(async (_: null, { http }: ActionContext) => {
    await http({ method: 'GET', path: [] });
    return { kind: 'done', output: null };
  });
  const broken = contextOf(() => Promise.reject(new HttpTrouble('unreachable', 'no connection', true)));
  expect(await read(null, broken)).toEqual({ kind: 'retry', reason: 'unreachable', detail: 'no connection' });
});

/** A write that reads, changes, and reads again, each with the next of the answers. */
function write(answers: (HttpAnswer | Error)[]): Promise<Answer<null>> {
  const rest = [...answers];
  const http: Http = async () => {
    const next = rest.shift();
    if (next === undefined || next instanceof Error) throw next ?? new Error('no answer left');
    return next;
  };
  const perform = writing(async (_: null, context: ActionContext) => {
    for (const method of ['GET', 'PATCH', 'GET'] as const)
      acceptedJson(await context.http({ method, path: [] }), 'list');
    return { kind: 'done' as const, output: null };
  });
  return perform(null, contextOf(http));
}

const ok = answered(200, '{}');
const lost = new HttpTrouble('unreachable', 'broke', true);
const refused = new HttpTrouble('unreachable', 'no connection', false);

test.each<[string, (HttpAnswer | Error)[], object]>([
  ['before it nothing is in doubt', [lost], { kind: 'retry', reason: 'unreachable' }],
  ['that was never sent is not in doubt', [ok, refused], { kind: 'retry', reason: 'unreachable' }],
  ['that was refused is not in doubt', [ok, answered(422)], { kind: 'failed', reason: 'rejected' }],
  ['whose answer was lost is in doubt', [ok, lost], { kind: 'retry', reason: 'unreachable', inDoubt: true }],
  ['that broke the product is in doubt', [ok, answered(500)], { kind: 'retry', reason: 'unavailable', inDoubt: true }],
  [
    'that is answered with a page is in doubt',
    [ok, answered(200, '<html>')],
    { kind: 'retry', reason: 'malformed-answer', inDoubt: true },
  ],
  ['after it a lost read leaves it in doubt', [ok, ok, lost], { kind: 'retry', inDoubt: true }],
  ['after it a refused read leaves it unconfirmed', [ok, ok, answered(403)], { kind: 'unconfirmed' }],
])('of a change, %s', async (_, answers, meaning) => {
  const answer = await write(answers);
  expect(answer).toMatchObject(meaning);
  if (!('inDoubt' in meaning)) expect(answer).not.toHaveProperty('inDoubt');
});

test('a refusal becomes the trouble that the caller expects', async () => {
  const verify = verifying(async () => {
    acceptedJson(answered(503), 'list');
    return { stands: true, summary: 'listed' };
  });
  await expect(
    verify(
      null,
      contextOf(async () => ok),
    ),
  ).rejects.toThrow(VerifyTrouble);
  const poll = polling(async () => {
    acceptedJson(answered(503), 'list');
    return { drafts: [], cursor: null };
  });
  await expect(poll()).rejects.toThrow(PollTrouble);
});

test("a bug of ours and a signal's reason pass through", async () => {
  const bug = reading(async () => {
    throw new TypeError('x is not a function');
  });
  await expect(
    bug(
      null,
      contextOf(async () => ok),
    ),
  ).rejects.toThrow(TypeError);
});
