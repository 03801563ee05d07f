import { afterEach, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

/** One host, `tickets`, that answers so. What it was asked is in `asked`. */
async function setUp(answer: () => Response) {
  const asked: string[] = [];
  const connection = await connect(
    connector,
    async request => {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      asked.push(
        `${method} ${pathname}${search} ${headers.get('authorization')} ${headers.get('x-team')} ${await request.text()}`.trim(),
      );
      return answer();
    },
    {
      settings: url => ({
        hosts: { tickets: { url: `${url}/v1`, token: new Secret('ticket-token'), headers: { 'X-Team': 'soc' } } },
      }),
    },
  );
  open.push(connection);
  return { asked, connection };
}

test('a get reads JSON, with path, query and credentials as they were meant', async () => {
  const { asked, connection } = await setUp(() => Response.json({ id: 7 }));
  const answer = await connection.perform('get', {
    host: 'tickets',
    path: ['items', 'a/b', 7],
    query: { q: 'x y', tag: ['1', 2] },
  });
  expect(answer).toEqual({ kind: 'done', output: { found: true, status: 200, json: { id: 7 } } });
  expect(asked).toEqual(['GET /v1/items/a%2Fb/7?q=x+y&tag=1&tag=2 Bearer ticket-token soc']);
});

test('a 404 is an answer to a get, and no answer to a change', async () => {
  const { connection } = await setUp(() => new Response('gone', { status: 404 }));
  expect(await connection.perform('get', { host: 'tickets', path: '/items/7' })).toEqual({
    kind: 'done',
    output: { found: false, status: 404 },
  });
  expect(await connection.perform('change', { method: 'DELETE', host: 'tickets', path: '/items/7' })).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
    detail: 'tickets: status 404: "gone"',
  });
});

test.each([
  [
    'change',
    { method: 'PATCH', host: 'idp', path: ['users', 'a/b', 7], json: { locked: true } },
    'PATCH idp /users/a%2Fb/7 {"locked":true}',
  ],
  [
    'change',
    { method: 'DELETE', host: 'idp', path: '/users/ann', query: { now: 'yes' } },
    'DELETE idp /users/ann {"now":"yes"}',
  ],
  ['send', { host: 'tickets', path: ['tickets'], form: { subject: 'x' } }, 'POST tickets /tickets {"subject":"x"}'],
  ['send', { host: 'tickets', path: ['t'], json: 'x'.repeat(1_000) }, `POST tickets /t ${'x'.repeat(399)}…`],
])('who reviews a %s sees the request as it will be made', (name, input, change) => {
  const action = connector.actions.find(found => found.name === name);
  expect(action?.plan?.(input, undefined)).toEqual({ change });
});

test('a send posts JSON or a form, and a change uses the method it is given', async () => {
  const { asked, connection } = await setUp(() => new Response('created', { status: 201 }));
  const output = { status: 201, text: 'created' };
  expect(await connection.perform('send', { host: 'tickets', path: '/items', json: { a: [1] } })).toEqual({
    kind: 'done',
    output,
  });
  await connection.perform('send', { host: 'tickets', path: '/items', form: { a: '1&2', b: true }, method: 'PUT' });
  await connection.perform('change', { method: 'DELETE', host: 'tickets', path: ['items', 7] });
  expect(asked).toEqual([
    'POST /v1/items Bearer ticket-token soc {"a":[1]}',
    'PUT /v1/items Bearer ticket-token soc a=1%262&b=true',
    'DELETE /v1/items/7 Bearer ticket-token soc',
  ]);
});

test('only an expected status is good', async () => {
  const { connection } = await setUp(() => new Response(null, { status: 202 }));
  const asked = { host: 'tickets', path: '/items' };
  expect(await connection.perform('send', { ...asked, expect: [202, 409] })).toMatchObject({
    kind: 'done',
    output: { status: 202 },
  });
  expect(await connection.perform('get', { ...asked, expect: [200] })).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
  });
});

test('a redirect is refused and said, not followed', async () => {
  const { asked, connection } = await setUp(
    () => new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } }),
  );
  expect(await connection.perform('get', { host: 'tickets', path: '/items' })).toEqual({
    kind: 'failed',
    reason: 'rejected',
    detail: 'tickets: status 302 to "http://169.254.169.254/"',
  });
  expect(asked).toHaveLength(1);
});

test.each([
  [{ host: 'ticket', path: '/' }, 'unknown host "ticket"; known: tickets; did you mean "tickets"?'],
  [{ host: 'tickets', path: 'items' }, 'path: a text must begin with a slash'],
  [{ host: 'tickets', path: '/items?a=b' }, 'path: what follows ? belongs into query'],
  [{ host: 'tickets', path: '/a/../b' }, 'path: ".." cannot be a segment'],
  [{ host: 'tickets', path: ['a', ''] }, 'path: "" cannot be a segment'],
  [{ host: 'tickets', path: ['a', null] }, 'path: null cannot be a segment'],
  [{ host: 'tickets', path: 7 }, 'path: must be a list of segments or a text'],
  [{ host: 'tickets', path: '/', query: { a: {} } }, 'query.a: must be a text'],
])('%j is no question, and nobody is asked', async (input, detail) => {
  const { asked, connection } = await setUp(() => new Response());
  const answer = await connection.perform('get', input);
  expect(answer).toMatchObject({
    kind: 'failed',
    reason: 'invalid-input',
    detail: expect.stringContaining(detail) as string,
  });
  expect(asked).toEqual([]);
});

test('an answer too large for a record is refused', async () => {
  const { connection } = await setUp(() => new Response('x'.repeat(1_000_001)));
  expect(await connection.perform('get', { host: 'tickets', path: '/' })).toMatchObject({
    kind: 'failed',
    reason: 'malformed-answer',
  });
});

test('whatever of a host comes through a reference may do so', () => {
  const { a } = connector.endpoints({ hosts: { a: { url: new Secret('https://a'), pinned: new Secret('ab') } } });
  expect(a).toEqual({ url: 'https://a', headers: {}, pinned: 'ab' });
});

test.each([
  [{ a: 'https://a' }, 'hosts.a: must be { url: … }'],
  [{ a: {} }, 'hosts.a: needs "url"'],
  [{ a: { url: 'https://a', tokens: 'x' } }, 'hosts.a: unknown key "tokens"'],
  [{ a: { url: 'https://a', headers: { x: 1 } } }, 'hosts.a: header "x" must be a string'],
  [{ a: { url: 'https://a', token: {} } }, 'hosts.a: token must be a reference'],
  [{ a: { url: 'https://a', ca: 1 } }, 'hosts.a: ca must be a string'],
])('the hosts %j are refused', (hosts, message) => {
  expect(() => connector.endpoints({ hosts })).toThrow(message);
});
