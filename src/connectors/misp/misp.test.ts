import { afterEach, describe, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import type { MispOptions } from './simulator.ts';
import { createSimulator } from './simulator.ts';

const KEY = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0';
const NOW = Date.parse('2026-11-24T09:00:00Z');
const ADDRESS = '203.0.113.9';
const OF_STEP = expect.stringMatching(/^Backline \[[\da-f]{24}\]$/);

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

async function setUp({ settings = {}, ...options }: Partial<MispOptions> & { settings?: object } = {}) {
  const simulator = createSimulator({ key: KEY, now: NOW, ...options });
  simulator.attribute({
    value: ADDRESS,
    type: 'ip-dst',
    category: 'Network activity',
    event: 7,
    toIds: true,
    tags: ['tlp:green'],
  });
  return { simulator, connection: await connecting(simulator.fetch, settings) };
}

async function connecting(
  fetch: (request: Request) => Promise<Response> | Response,
  settings: object = {},
): Promise<Connected> {
  const connection = await connect(connector, fetch, { settings: url => ({ url, key: new Secret(KEY), ...settings }) });
  open.push(connection);
  return connection;
}

/** A product that says only this, whatever it is asked. */
function saying(body: unknown, status = 200, headers: Record<string, string> = {}): Promise<Connected> {
  return connecting(() => Response.json(body, { status, headers }));
}

test('the key is sent bare, and JSON is asked for', async () => {
  const seen: unknown[] = [];
  const connection = await connecting(async request => {
    seen.push(request.headers.get('authorization'), request.headers.get('accept'), await request.json());
    return Response.json({ response: { Attribute: [] } });
  });
  await connection.perform('lookup-attribute', { value: '2001:DB8:0:0::1' });
  expect(seen).toEqual([
    KEY,
    'application/json',
    { returnFormat: 'json', value: '2001:db8::1', limit: 500, page: 1, includeEventTags: true },
  ]);
});

describe('lookup-attribute', () => {
  test('sums up the attributes that have the value, alone or as a part, whatever its case', async () => {
    const { simulator, connection } = await setUp();
    const sample = { type: 'filename|md5', category: 'Payload delivery', event: 8 };
    simulator.attribute({ ...sample, value: 'a.exe|B7F884C1B74A263F746EE12A5F7C9F6A', tags: ['tlp:red', 'apt'] });
    simulator.attribute({ ...sample, value: 'b7f884c1b74a263f746ee12a5f7c9f6a', type: 'md5', tags: ['apt'] });
    expect(await connection.perform('lookup-attribute', { value: 'B7f884c1b74a263f746ee12a5f7c9f6a' })).toEqual({
      kind: 'done',
      output: {
        found: true,
        count: 2,
        complete: true,
        to_ids: false,
        events: ['8'],
        types: ['filename|md5', 'md5'],
        categories: ['Payload delivery'],
        tags: ['tlp:red', 'apt'],
        attributes: [
          expect.objectContaining({ id: '2', event: '8', tags: ['tlp:red', 'apt'] }),
          expect.objectContaining({ id: '3', event: '8', tags: ['apt'] }),
        ],
      },
    });
  });

  test.each(['object', 'list'] as const)('finds nothing where the empty answer is an %s', async nothing => {
    const { connection } = await setUp({ nothing });
    expect(await connection.perform('lookup-attribute', { value: 'clean.example' })).toMatchObject({
      kind: 'done',
      output: { found: false, count: 0, complete: true, to_ids: false, attributes: [] },
    });
  });

  test('a wildcard in the value finds nothing but the value itself', async () => {
    const { simulator, connection } = await setUp();
    const url = { type: 'url', category: 'Network activity', event: 9 };
    simulator.attribute({ ...url, value: 'http://evil.example/%20a' });
    simulator.attribute({ ...url, value: 'http://evil.example/x20a' });
    expect(await connection.perform('lookup-attribute', { value: 'http://evil.example/%20a' })).toMatchObject({
      output: { count: 1, attributes: [{ id: '2' }] },
    });
  });

  test.each(['!203.0.113.9', 'a&&b', 'a||b'])('refuses %s, which MISP would read as more than a value', async value => {
    const { connection } = await setUp();
    expect(await connection.perform('lookup-attribute', { value })).toMatchObject({
      kind: 'failed',
      reason: 'invalid-input',
      detail: expect.stringContaining(JSON.stringify(value)),
    });
  });

  test('an attribute that is listed twice counts once; tags of its event and `1` for true are understood', async () => {
    const row = { id: 1, event_id: 7, value: ADDRESS, to_ids: '1', Event: { Tag: [{ name: 'tlp:amber' }] } };
    const connection = await saying({ response: { Attribute: [row, row] } });
    expect(await connection.perform('lookup-attribute', { value: ADDRESS })).toMatchObject({
      output: { count: 1, to_ids: true, events: ['7'], tags: ['tlp:amber'] },
    });
  });

  test('says where there may be more than it was given', async () => {
    const { simulator, connection } = await setUp();
    for (let event = 0; event < 500; event++)
      simulator.attribute({ value: 'common.example', type: 'domain', category: 'Network activity', event });
    expect(await connection.perform('lookup-attribute', { value: 'common.example' })).toMatchObject({
      output: { count: 500, complete: false },
    });
  });

  test.each([
    [
      { message: 'Invalid returnFormat.' },
      { kind: 'failed', reason: 'rejected', detail: 'attributes: "Invalid returnFormat."' },
    ],
    [
      { saved: false, errors: ['too many'] },
      { kind: 'failed', reason: 'rejected', detail: String.raw`attributes: "[\"too many\"]"` },
    ],
    [{}, { kind: 'retry', reason: 'malformed-answer' }],
    [[], { kind: 'retry', reason: 'malformed-answer' }],
    [{ response: { Event: [] } }, { kind: 'retry', reason: 'malformed-answer' }],
    [{ response: ['x'] }, { kind: 'retry', reason: 'malformed-answer' }],
    [{ response: [{ Attribute: { id: '1' } }] }, { kind: 'retry', reason: 'malformed-answer' }],
  ])('a 200 with %j is not taken for “not found”', async (body, answer) => {
    const connection = await saying(body);
    expect(await connection.perform('lookup-attribute', { value: ADDRESS })).toMatchObject(answer);
  });

  test('a redirect, as to the login, is refused with where it points', async () => {
    const connection = await saying({}, 302, { location: '/users/login' });
    expect(await connection.perform('lookup-attribute', { value: ADDRESS })).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
      detail: expect.stringContaining('status 302 to "/users/login"'),
    });
  });
});

describe('refusals', () => {
  const body = (message: string, more = {}) => ({ name: message, message, url: '/sightings/add', ...more });
  test.each([
    ['a wrong key', 403, body('Authentication failed. Please make sure you pass the API key'), 'auth'],
    ['a missing right', 403, body('You do not have permission to use this functionality.'), 'auth'],
    ['a missing right in older versions', 405, body('You do not have permission to use this functionality.'), 'auth'],
    ['a record that is not saved', 403, body('Could not add Sighting', { errors: ['Could not add'] }), 'rejected'],
    ['another 405', 405, body('Invalid context.'), 'rejected'],
  ])('%s is %s %j: %s', async (_, status, said, reason) => {
    const connection = await saying(said, status);
    const answer = await connection.perform('add-sighting', { value: ADDRESS });
    expect(answer).toMatchObject({ kind: 'failed', reason, detail: expect.stringContaining(said.message) });
  });
});

describe('add-sighting', () => {
  test('reports all attributes with the value, and says which', async () => {
    const { simulator, connection } = await setUp();
    simulator.attribute({ value: `${ADDRESS}|443`, type: 'ip-dst|port', category: 'Network activity', event: 9 });
    expect(await connection.perform('add-sighting', { value: ADDRESS })).toEqual({
      kind: 'done',
      output: { count: 2, sightings: ['1', '2'], attributes: ['1', '2'], events: ['7', '9'], source: OF_STEP },
    });
    expect(simulator.state()).toMatchObject({ sightings: [{ type: '0', source: OF_STEP }, { type: '0' }] });
  });

  test('reports one attribute as a false positive, in the name that it is given', async () => {
    const { simulator, connection } = await setUp({ settings: { source: 'SOC' } });
    simulator.attribute({ value: ADDRESS, type: 'ip-src', category: 'Network activity', event: 9 });
    const input = { attribute: '2', type: 'false-positive', source: '  proxy 3 ' };
    expect(await connection.perform('add-sighting', input)).toMatchObject({
      kind: 'done',
      output: { count: 1, attributes: ['2'], source: expect.stringMatching(/^proxy 3 \[[\da-f]{24}\]$/) },
    });
    expect(simulator.state()).toMatchObject({ sightings: [{ attribute_id: '2', type: '1' }] });
  });

  test('a second expiration takes the place of the first', async () => {
    const { simulator, connection } = await setUp();
    await connection.perform('add-sighting', { value: ADDRESS, type: 'expiration', source: 'a' });
    await connection.perform('add-sighting', { value: ADDRESS, type: 'expiration', source: 'b' });
    expect(simulator.state()).toMatchObject({ sightings: [{ id: '2', type: '2' }] });
  });

  test('that no attribute has the value is a failure, though MISP answers 200', async () => {
    const { simulator, connection } = await setUp();
    expect(await connection.perform('add-sighting', { value: 'clean.example' })).toEqual({
      kind: 'failed',
      reason: 'not-found',
      detail: 'sighting: "Could not add the Sighting. Reason: No valid attributes found that match the criteria."',
    });
    expect(simulator.state()).toMatchObject({ sightings: [] });
  });

  test.each([
    [{ value: 'http://evil.example/%' }, 'wildcards'],
    [{ value: '_dmarc.evil.example' }, 'wildcards'],
    [{ value: String.raw`C:\x` }, 'wildcards'],
    [{ attribute: '12|13' }, 'neither an id nor a UUID'],
    [{ attribute: 'stix' }, 'neither an id nor a UUID'],
    [{}, 'either value or attribute'],
    [{ value: ADDRESS, attribute: '1' }, 'either value or attribute'],
    [{ value: ADDRESS, source: 'a||b' }, 'operators'],
  ])('sends nothing for %j', async (input, detail) => {
    let requests = 0;
    const connection = await connecting(() => {
      requests++;
      return Response.json({});
    });
    expect(await connection.perform('add-sighting', input)).toMatchObject({
      kind: 'failed',
      reason: 'invalid-input',
      detail: expect.stringContaining(detail),
    });
    expect(requests).toBe(0);
  });

  test('an answer without the sighting is looked up', async () => {
    const { connection } = await setUp({ added: 'message' });
    expect(await connection.perform('add-sighting', { value: ADDRESS })).toMatchObject({
      kind: 'done',
      output: { count: 1, sightings: ['1'] },
    });
  });

  test('where sightings are not listed the answer counts, and without both it is unconfirmed', async () => {
    const one = await setUp({ listing: 'hidden' });
    expect(await one.connection.perform('add-sighting', { value: ADDRESS })).toMatchObject({
      kind: 'done',
      output: { count: 1, sightings: ['1'] },
    });
    const other = await setUp({ listing: 'hidden', added: 'message' });
    expect(await other.connection.perform('add-sighting', { value: ADDRESS })).toMatchObject({ kind: 'unconfirmed' });
  });

  test.each(['by source', 'all'] as const)(
    'whether a lost one arrived is looked up by its source, listed %s (E6)',
    async listing => {
      const { simulator, connection } = await setUp({ listing });
      await connection.perform('add-sighting', { value: ADDRESS, source: 'somebody else' });
      expect(await connection.verify('add-sighting', { value: ADDRESS })).toMatchObject({ stands: false });

      simulator.fault({ fault: { kind: 'lost-answer' }, path: '/sightings/add', times: 1 });
      const lost = await connection.perform('add-sighting', { value: ADDRESS });
      expect(lost).toMatchObject({ kind: 'retry', inDoubt: true });
      expect(await connection.verify('add-sighting', { value: ADDRESS })).toEqual({
        stands: true,
        summary: '1 added by this step',
      });
    },
  );

  test('a plan says what would be reported', () => {
    const action = connector.actions.find(({ name }) => name === 'add-sighting');
    expect(action?.plan?.({ value: ADDRESS }, undefined)).toEqual({ change: `sighting of "${ADDRESS}"` });
    expect(action?.plan?.({ attribute: '12', type: 'expiration' }, undefined)).toEqual({
      change: 'expiration of attribute 12',
    });
  });
});
