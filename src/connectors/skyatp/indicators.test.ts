import { describe, expect, test } from 'vitest';
import { TOKEN, connecting, recorded, setUp } from '../../../test/kit/skyatp.ts';
import { connector } from './manifest.ts';
import { createSimulator } from './simulator.ts';

const KINDS = [
  { ip: '203.0.113.9' },
  { ip: '2001:db8::9' },
  { domain: 'evil.example' },
  { url: 'https://evil.example/a?b=c' },
] as const;

describe.each([
  ['block-indicator', 'unblock-indicator', 'blacklist'],
  ['allow-indicator', 'disallow-indicator', 'whitelist'],
] as const)('%s', (add, remove, list) => {
  test.each(KINDS)('puts %j on the list once, and takes it off', async indicator => {
    const { simulator, connection, seen } = await setUp();
    const [kind = 'ip'] = Object.keys(indicator) as ('ip' | 'domain' | 'url')[];
    const [value = ''] = Object.values(indicator);
    expect(await connection.verify(add, indicator)).toMatchObject({ stands: false, summary: 'not listed', notes: [] });
    expect(await connection.perform(add, indicator)).toEqual({
      kind: 'done',
      output: { listed: true, contradicted: false },
    });
    expect([...simulator.entries(list, kind)]).toEqual([value]);
    expect(await connection.perform(add, indicator)).toMatchObject({ kind: 'done', already: true });
    expect(await connection.verify(add, indicator)).toMatchObject({ stands: true, summary: 'listed' });
    expect(await connection.perform('check-indicator', indicator)).toEqual({
      kind: 'done',
      output: { blocked: list === 'blacklist', allowed: list === 'whitelist' },
    });
    expect(await connection.perform(remove, indicator)).toEqual({
      kind: 'done',
      output: { listed: false, contradicted: false },
    });
    expect(await connection.perform(remove, indicator)).toMatchObject({ kind: 'done', already: true });
    expect(seen.filter(request => !request.startsWith('GET'))).toEqual([
      `PATCH /v2/skyatp/${list}/param/${kind}`,
      `DELETE /v2/skyatp/${list}/param/${kind}`,
    ]);
  });

  test('the same in v1 where the settings say so', async () => {
    const { connection, seen } = await setUp({ settings: { version: 'v1' } });
    await connection.perform(add, { domain: 'evil.example' });
    expect(seen).toContain(`PATCH /v1/skyatp/${list}/param/domain`);
    expect(seen.every(request => request.includes(' /v1/'))).toBe(true);
  });

  test('what the other list holds as well is told', async () => {
    const { simulator, connection } = await setUp();
    simulator.entries(list === 'blacklist' ? 'whitelist' : 'blacklist', 'domain').add('evil.example');
    expect(await connection.perform(add, { domain: 'evil.example' })).toMatchObject({ output: { contradicted: true } });
    const { notes } = await connection.verify(add, { domain: 'evil.example' });
    expect(notes).toEqual([
      `the ${list === 'blacklist' ? 'allow' : 'block'} list holds it; which of the two lists wins is not documented`,
    ]);
  });

  test('another spelling of an entry is that entry, and it is removed as the list spells it', async () => {
    const { simulator, connection } = await setUp();
    simulator.entries(list, 'domain').add('Evil.Example.');
    simulator.entries(list, 'ip').add('2001:DB8:0::9');
    expect(await connection.perform(add, { domain: 'evil.example' })).toMatchObject({ already: true });
    expect(await connection.perform(add, { ip: '2001:db8::9' })).toMatchObject({ already: true });
    expect(await connection.perform(remove, { domain: 'EVIL.example' })).toMatchObject({ kind: 'done' });
    expect(await connection.perform(remove, { ip: '2001:db8::9' })).toMatchObject({ kind: 'done' });
    expect(simulator.state()).toMatchObject({ entries: {} });
  });

  test.each([
    [{}, 'give exactly one of ip, domain and url'],
    [{ ip: '203.0.113.9', domain: 'evil.example' }, 'give exactly one of ip, domain and url'],
    [{ domain: '*' }, 'domain: "*" is no domain name'],
    [{ domain: '*.evil.example' }, 'domain: "*.evil.example" is no domain name'],
    [{ domain: 'evil.example,10' }, 'domain: "evil.example,10" is no domain name'],
    [{ domain: 'https://evil.example' }, 'domain: "https://evil.example" is no domain name'],
    [{ domain: ' ' }, 'domain: "" is no domain name'],
    [{ url: '*' }, 'url: "*" is no URL'],
    [{ url: 'https://evil.example/a b' }, 'url: "https://evil.example/a b" is no URL'],
    [{ url: 'evil.example/\nother.example' }, String.raw`url: "evil.example/\nother.example" is no URL`],
  ])('%j is refused, and nothing is asked or sent', async (indicator, detail) => {
    const { connection, seen } = await setUp();
    for (const action of [add, remove])
      expect(await connection.perform(action, indicator)).toEqual({ kind: 'failed', reason: 'invalid-input', detail });
    await expect(connection.verify(add, indicator)).rejects.toThrow(detail);
    expect(seen).toEqual([]);
  });

  test('a proxy that drops the body of a DELETE is found out', async () => {
    const simulator = createSimulator({ token: TOKEN });
    const connection = await connecting(request =>
      request.method === 'DELETE'
        ? Response.json(recorded('atpcloud_list_mutation/02_delete.json'))
        : simulator.fetch(request),
    );
    await connection.perform(add, { domain: 'evil.example' });
    expect(await connection.perform(remove, { domain: 'evil.example' })).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
      detail: expect.stringContaining('does a proxy drop the body') as string,
    });
  });

  test('an entry that is not seen at once is asked for again', async () => {
    const connection = await connecting(() => Response.json(recorded('atpcloud_list_get/04_get.json')));
    expect(await connection.perform(add, { domain: 'evil.example' })).toEqual({
      kind: 'pending',
      token: null,
      again: 5_000,
    });
  });

  test('a change that is refused for the limit of a minute is repeated after the time the product wishes', async () => {
    const { simulator, connection } = await setUp();
    simulator.fault({ fault: { kind: 'status', status: 429, retryAfter: 30 }, method: 'PATCH' });
    const answer = await connection.perform(add, { domain: 'evil.example' });
    expect(answer).toMatchObject({ kind: 'retry', reason: 'rate-limited', after: 30_000 });
    expect(answer).not.toHaveProperty('inDoubt');
  });

  test('a plan says what would change', () => {
    const action = connector.actions.find(({ name }) => name === add);
    const name = list === 'blacklist' ? 'block list' : 'allow list';
    expect(
      action?.plan?.(
        { domain: 'evil.example' },
        { stands: false, summary: 'not listed', state: { contradicted: true } },
      ),
    ).toEqual({
      change: `${name}: not listed -> listed`,
      notes: [],
      output: { listed: true, contradicted: true },
    });
    expect(action?.plan?.({ domain: 'evil.example' }, undefined)).toEqual({
      change: `${name}: unknown -> listed`,
      notes: [],
    });
  });
});

test('a removal by file is answered without data, as recorded, and that is a success', async () => {
  const simulator = createSimulator({ token: TOKEN });
  simulator.entries('blacklist', 'domain').add('some.com');
  const form = new FormData();
  form.set('file', new File(['some.com\n'], 'domains'));
  const request = new Request('http://x/v2/skyatp/blacklist/file/domain', {
    method: 'DELETE',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-length': '1' },
    body: form,
  });
  expect(await (await simulator.fetch(request)).json()).toEqual({ request_id: expect.any(String) as string });
  expect([...simulator.entries('blacklist', 'domain')]).toEqual([]);
});
