import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { QuestionView, RunDetail, RunView, StatusView } from '../../src/api/contract.ts';
import { createToken } from '../../src/api/tokens.ts';
import type { Running, Site } from './site.ts';
import { BLOCK, HOOK_TOKEN, IP, SKYATP_TOKEN, alert, json, openSite } from './site.ts';

const ASK = `language: v1
playbook: ask-first
description: Ask before a host is blocked.
owner: soc@example.org
inputs:
  ip: { type: string }
  times: { type: integer, default: 1, enum: [1, 2] }
trigger: [ { manual: true } ]
respond:
  - id: sure
    ask: "Block {{inputs.ip}}?"
    who: soc-lead
    within: 1h
    answers:
      block:
        label: Block
        then:
          - id: feed
            do: skyatp.add-infected-host
            with: { ip: "{{inputs.ip}}" }
      leave: { label: Leave it }
`;

const FORM = `    form:
      why: { type: text, label: Why, required: true, max: 20 }
      hosts: { type: number, label: How many }
`;

let site: Site;
let running: Running;
let call: Running['call'];

beforeEach(async () => {
  site = await openSite({ config: 'people: { soc-lead: [alice, local] }\n', poll: '1h' });
  site.write('playbooks/block/playbook.yaml', BLOCK);
  site.write('playbooks/ask-first/playbook.yaml', ASK);
  running = await site.start();
  ({ call } = running);
});
afterEach(() => site.close());

async function read<T>(path: string): Promise<T> {
  const response = await call(path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function refused(path: string, init?: RequestInit): Promise<unknown> {
  const response = await call(path, init);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as { readonly status: number; readonly detail: string };
  expect(problem.status).toBe(response.status);
  return `${problem.status} ${problem.detail}`;
}

test('a form is shown, and filled in as it wants to be or refused', async () => {
  site.write('playbooks/fill-in/playbook.yaml', ASK.replace('ask-first', 'fill-in') + FORM);
  await call('/reload', json({}));
  await call('/playbooks/fill-in/runs', json({ inputs: { ip: IP } }));
  await running.record('asked');
  const [question] = await read<QuestionView[]>('/questions');
  expect(question?.form).toMatchObject([{ id: 'why', type: 'text', required: true, max: 20 }, { id: 'hosts' }]);
  const path = `/questions/${question?.id}/answer`;
  expect(await refused(path, json({ answer: 'leave', fields: { hosts: 'two', y: 1 } }))).toBe(
    '422 there is no field "y"; fields: why, hosts; why must be filled in: a text of at most 20 characters; hosts must be a number, is "two"',
  );
  expect(await refused(path, json({ answer: 'leave', fields: [] }))).toMatch(/^400 the body does not fit: fields/);
  expect((await call(path, json({ answer: 'leave', fields: { why: 'a drill', hosts: 2 } }))).status).toBe(202);
  await running.record('ended');
  expect(await read(`/questions/${question?.id}`)).toMatchObject({
    given: [{ answer: 'leave', by: 'local', fields: { why: 'a drill', hosts: 2 } }],
  });
});

describe('runs', () => {
  test('a playbook is started by hand, asks, is answered, acts, and is taken back', async () => {
    const started = await call('/playbooks/ask-first/runs', json({ inputs: { ip: IP } }));
    expect(started.status).toBe(202);
    const { run } = (await started.json()) as { readonly run: string };
    await running.record('asked');
    const [question] = await read<QuestionView[]>('/questions');
    expect(question).toMatchObject({ run, text: `Block ${IP}?`, who: ['soc-lead'], given: [] });

    expect(await refused(`/questions/${question?.id}/answer`, json({ answer: 'blok' }))).toBe(
      '422 there is no answer "blok"; answers: block, leave',
    );
    expect((await call(`/questions/${question?.id}/answer`, json({ answer: 'block' }))).status).toBe(202);
    await running.record('ended');
    expect(await refused(`/questions/${question?.id}/answer`, json({ answer: 'leave' }))).toBe(
      '409 the question is closed',
    );
    expect(site.skyatp.state()).toMatchObject({ blacklist: [IP] });
    expect(await read('/responses')).toMatchObject([
      {
        run,
        action: 'skyatp.add-infected-host',
        targets: [{ kind: 'ip', value: IP }],
        state: 'in-force',
        undo: 'skyatp.remove-infected-host',
        holds: [{ run }],
      },
    ]);

    const detail = await read<RunDetail>(`/runs/${run}`);
    expect(detail).toMatchObject({
      status: 'done',
      by: 'local',
      inputs: { ip: IP, times: 1 },
      responses: [{ state: 'in-force' }],
    });
    expect(detail.records.map(({ seq }) => seq)).toEqual(detail.records.map((_, index) => index));

    const undone = await call(`/runs/${run}/undo`, json({ because: 'a drill' }));
    expect(await undone.json()).toEqual({ undone: 1, left: 0 });
    expect(site.skyatp.state()).toMatchObject({ blacklist: [] });
    expect(await read('/responses')).toEqual([]);
    expect(await read('/audit')).toMatchObject([
      { by: 'local', did: 'undid a run', about: { run, because: 'a drill' } },
      { by: 'local', did: 'answered' },
      { by: 'local', did: 'started', about: { run } },
    ]);
  });

  test('inputs are held against what the playbook declares, all at once', async () => {
    const response = await call('/playbooks/ask-first/runs', json({ inputs: { ipp: IP, times: 3 } }));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      errors: [
        'there is no input "ipp"; did you mean "ip"?',
        'the input "ip" is needed: string',
        'the input "times" must be one of 1, 2',
      ],
    });
  });

  test('what is not there, or is not started by hand, is said', async () => {
    expect(await refused('/playbooks/ask-frst/runs', json({}))).toBe(
      '404 there is no playbook "ask-frst"; did you mean "ask-first"?',
    );
    expect(await refused('/playbooks/block/runs', json({}))).toBe(
      '409 block is not started by hand: it has no trigger `manual: true`',
    );
    expect(await refused('/runs/nope')).toBe('404 there is no run "nope"');
    expect(await refused('/runs?status=over')).toBe(
      '400 status must be one of queued, open, done, partial, failed, cancelled',
    );
    expect(await refused('/runs?limit=0')).toBe('400 limit must be a whole number from 1 to 1000');
    expect(await refused('/responses/nope/undo', json({}))).toBe('404 there is no response "nope"');
    expect(await refused('/questions/nope/answer', json({ answer: 'x' }))).toBe('404 there is no question "nope"');
    expect(await refused('/nonsense')).toBe('404 there is no GET /api/v1/nonsense');
  });

  test('a run that waits is cancelled, once', async () => {
    const { run } = (await (await call('/playbooks/ask-first/runs', json({ inputs: { ip: IP } }))).json()) as {
      readonly run: string;
    };
    await running.record('asked');
    expect((await call(`/runs/${run}/cancel`, json({ undo: true }))).status).toBe(202);
    await running.record('ended');
    expect(await read<RunView[]>('/runs?status=cancelled')).toMatchObject([{ run, status: 'cancelled' }]);
    expect(await refused(`/runs/${run}/cancel`, json({}))).toBe('409 the run has ended');
  });

  test('a run is followed from its first record to its end, none missed and none twice', async () => {
    const { run } = (await (await call('/playbooks/ask-first/runs', json({ inputs: { ip: IP } }))).json()) as {
      readonly run: string;
    };
    const followed = (await call(`/runs/${run}/follow`)).text();
    await running.record('asked');
    const [question] = await read<QuestionView[]>('/questions');
    await call(`/questions/${question?.id}/answer`, json({ answer: 'leave' }));
    const lines = (await followed)
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { readonly seq: number; readonly body: { readonly kind: string } });
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index));
    expect([lines.at(0)?.body.kind, lines.at(-1)?.body.kind]).toEqual(['woken', 'ended']);
    expect((await (await call(`/runs/${run}/follow`)).text()).trimEnd().split('\n')).toHaveLength(lines.length);
  });

  test('who follows is let go when the daemon stops', async () => {
    const { run } = (await (await call('/playbooks/ask-first/runs', json({ inputs: { ip: IP } }))).json()) as {
      readonly run: string;
    };
    await running.record('asked');
    const response = await call(`/runs/${run}/follow`);
    const text = response.text();
    await running.daemon.stop();
    expect(await text).toContain('"asked"');
  });
});

describe('who asks', () => {
  test('before there is a token it is the person at this machine; after that a token says who', async () => {
    const created = await call('/tokens', json({ name: 'bob' }));
    const { token } = (await created.json()) as { readonly token: string };
    expect(await refused('/status')).toBe('401 a bearer token is needed');
    expect(await refused('/status', { headers: { authorization: 'Bearer guess' } })).toBe('401 the token is not valid');
    expect((await call('/status', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect(await refused('//metrics')).toBe('401 a bearer token is needed');
    expect((await call('//healthz')).status).toBe(200);

    const { run } = (await (await call('/playbooks/ask-first/runs', json({ inputs: { ip: IP } }, token))).json()) as {
      readonly run: string;
    };
    await running.record('asked');
    const bearer = { headers: { authorization: `Bearer ${token}` } };
    const [question] = (await (await call('/questions', bearer)).json()) as QuestionView[];
    expect(await refused(`/questions/${question?.id}/answer`, json({ answer: 'block' }, token))).toBe(
      '403 bob is not among those who may answer',
    );
    const alice = await createToken(running.daemon.engine.store, 'alice', Date.now());
    expect((await call(`/questions/${question?.id}/answer`, json({ answer: 'leave' }, alice))).status).toBe(202);
    const answered = await running.record('answered');
    expect(answered).toMatchObject({ run, body: { by: 'alice', answer: 'leave' } });

    expect(
      (await call('/tokens/bob', { method: 'DELETE', headers: { authorization: `Bearer ${alice}` } })).status,
    ).toBe(204);
    expect(await refused('/status', bearer)).toBe('401 the token is not valid');
  });

  test('a token is nowhere but with its owner', async () => {
    const token = await createToken(running.daemon.engine.store, 'alice', Date.now());
    const kept = JSON.stringify(await running.daemon.engine.store.query.tokens()) + site.log.join('');
    expect(kept).not.toContain(token);
  });

  test('a page that makes its name point here is refused, as is one of another origin', async () => {
    const { request } = await import('node:http');
    const status = (headers: { readonly [name: string]: string }): Promise<number | undefined> =>
      new Promise(resolve =>
        request(`${running.daemon.url}/api/v1/status`, { headers }, response =>
          resolve(response.resume().statusCode),
        ).end(),
      );
    const { host } = new URL(running.daemon.url);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ host, origin: 'https://evil.example' })).toBe(403);
    expect(await status({ host, origin: 'null' })).toBe(403);
    expect(await status({ host: 'localhost' })).toBe(200);
    expect(await status({ host, origin: running.daemon.url })).toBe(200);
  });

  test('a body that a form could send is not taken', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"because":"x"}' };
    expect(await refused('/pause', init)).toBe('415 the body must be application/json');
  });
});

describe('events', () => {
  const send = (
    body: string,
    { type = 'application/json', path = '/hooks/edr', token = HOOK_TOKEN } = {},
  ): [string, RequestInit] => [
    path,
    { method: 'POST', headers: { 'content-type': type, authorization: `Bearer ${token}` }, body },
  ];

  test('a webhook takes one event, a list, or one on each line, and answers for each', async () => {
    const one = await call(...send(JSON.stringify(alert('a'))));
    expect(one.status).toBe(202);
    expect(await one.json()).toMatchObject({
      accepted: 1,
      results: [{ kind: 'accepted', id: 'a', runs: [expect.any(String)] }],
    });
    const list = await call(
      ...send(
        JSON.stringify([alert('a'), alert('b'), { ...alert('c'), severity: 'high' }, alert('d', { type: 'x.y' })]),
      ),
    );
    expect(list.status).toBe(202);
    expect(await list.json()).toMatchObject({
      accepted: 1,
      duplicates: 1,
      rejected: 2,
      results: [
        { kind: 'duplicate', id: 'a' },
        { kind: 'accepted', id: 'b' },
        { kind: 'rejected', reason: expect.stringContaining('severity: must be a number') },
        { kind: 'rejected', reason: expect.stringContaining('unknown event type "x.y"') },
      ],
    });
    const lines = await call(
      ...send(`${JSON.stringify(alert('e'))}\n\n{"id":\n`, { type: 'application/x-ndjson; charset=utf-8' }),
    );
    expect(await lines.json()).toMatchObject({
      accepted: 1,
      results: [{ kind: 'accepted' }, { kind: 'rejected', reason: expect.stringContaining('line 3: not JSON') }],
    });
    expect(await read('/events/rejected')).toMatchObject([
      { origin: 'edr-1', raw: '{"id":' },
      { raw: expect.stringContaining('x.y') },
      { raw: expect.stringContaining('high') },
    ]);
  });

  test('a body without a single event that can be taken is refused, and kept', async () => {
    const response = await call(...send(JSON.stringify([{}])));
    expect(response.status).toBe(422);
    expect(await refused(...send('{"id": 1,,}'))).toMatch(/^400 not JSON at line 1, column 10: /);
    expect(await refused(...send('{\n "id": "a"'))).toMatch(/^400 not JSON at line 2, column 11: /);
    expect(await refused(...send(''))).toBe('400 the body is empty');
    expect(await refused(...send('['.repeat(100_000)))).toBe('400 it nests deeper than 64 levels');
    const reasons = (await read<{ readonly reason: string }[]>('/events/rejected')).map(({ reason }) => reason);
    expect(reasons).toEqual([
      'it nests deeper than 64 levels',
      'the body is empty',
      expect.stringContaining('line 2, column 11'),
      expect.stringContaining('line 1, column 10'),
      expect.stringContaining('unknown event type null'),
    ]);
    expect((await call('/status')).status).toBe(200);
  });

  test('a body that is too large is cut off, and its beginning kept', async () => {
    expect(await refused(...send('x'.repeat(11 * 1024 * 1024)))).toBe('413 the body is larger than 10 MiB');
    expect(await read('/events/rejected')).toMatchObject([
      { reason: 'the body is larger than 10 MiB', raw: expect.stringMatching(/^xxx/) },
    ]);
    expect((await call('/status')).status).toBe(200);
  });

  test('a webhook wants its own token', async () => {
    expect(await refused(...send('{}', { token: 'guess' }))).toBe('401 the token is not valid');
    expect(await refused('/hooks/edr', { method: 'POST', body: '{}' })).toBe('401 a bearer token is needed');
    expect(await refused(...send('{}', { path: '/hooks/nope' }))).toBe('404 there is no webhook "nope"');
    expect((await read<StatusView>('/status')).rejected).toBe(0);
  });

  test('a person hands events over in the name of a product', async () => {
    const taken = await call('/events?origin=edr-1', json(alert('a')));
    expect(taken.status).toBe(202);
    // Over another door it is the same event.
    expect(await (await call(...send(JSON.stringify(alert('a'))))).json()).toMatchObject({ duplicates: 1 });
    expect(await refused('/events', json(alert('b')))).toMatch(/^400 origin must name the product instance/);
  });

  test('while the store takes nothing, senders are told to come again', async () => {
    await running.daemon.engine.store.close();
    const response = await call(...send(JSON.stringify(alert('a'))));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect((await call('//readyz')).status).toBe(503);
    expect((await call('//healthz')).status).toBe(200);
  });
});

describe('the daemon as a whole', () => {
  test('a pause refuses what would act until it ends, with who and why', async () => {
    expect(await (await call('/pause', json({ because: 'a drill' }))).json()).toMatchObject({
      paused: { by: 'local', because: 'a drill' },
    });
    site.carbonblack.addSensor({ name: 'FIN-WS-042', addresses: [IP] });
    await call('/events?origin=edr-1', json(alert('a')));
    await running.record('refused', body => body.rule === 'pause');
    expect(site.skyatp.state()).toMatchObject({ blacklist: [] });
    expect(await (await call('/resume', { method: 'POST' })).json()).not.toHaveProperty('paused');
  });

  test('its playbooks are listed as this environment runs them', async () => {
    expect(await read('/playbooks')).toMatchObject([
      {
        name: 'ask-first',
        mode: 'active',
        triggers: ['manual'],
        inputs: [
          { id: 'ip', type: 'string' },
          { id: 'times', default: 1 },
        ],
      },
      { name: 'block', triggers: ['carbonblack.alert'], inputs: [] },
    ]);
  });

  test('a reload over the API says what it took', async () => {
    site.write('playbooks/ask-first/playbook.yaml', ASK.replace('who:', 'whom:'));
    expect(await (await call('/reload', { method: 'POST' })).json()).toMatchObject({
      applied: true,
      failed: ['ask-first'],
    });
    const { diagnostics } = await read<StatusView>('/status');
    expect(diagnostics.map(({ code, span }) => [code, span.file])).toContainEqual([
      'unknown-key',
      'playbooks/ask-first/playbook.yaml',
    ]);
  });

  test('metrics count runs, attempts and what is in force', async () => {
    site.carbonblack.addSensor({ name: 'FIN-WS-042', addresses: [IP] });
    site.skyatp.fault({ fault: { kind: 'status', status: 503, retryAfter: 0 }, times: 1, method: 'PATCH' });
    await call('/events?origin=edr-1', json(alert('a')));
    await running.record('ended');
    const response = await call('//metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    for (const line of [
      'backline_runs{status="done"} 1',
      'backline_events_accepted 1',
      'backline_responses_in_force 1',
      'backline_attempts_total{action="skyatp.add-infected-host",result="done"} 1',
      'backline_attempts_total{action="skyatp.add-infected-host",result="unavailable"} 1',
      'backline_source_failures{origin="carbonblack",source="alerts"} 0',
      'backline_paused 0',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).not.toContain(SKYATP_TOKEN);
  });
});

describe('incidents', () => {
  const NOTE = `language: v1
playbook: note-it
description: Notes what it is told.
owner: soc@example.org
incident: "drill:{{inputs.name}}"
inputs: { name: { type: string } }
trigger: [ { manual: true } ]
respond:
  - { id: noted, do: backline.note, with: { text: "drill of {{inputs.name}}" } }
  - { do: backline.list-add, with: { list: drilled, value: "{{inputs.name}}", for: 1d } }
`;

  test('are closed by their key, show what was noted, and a list shows what is on it', async () => {
    site.write('lists/drilled.yaml', 'kind: name\nkept: true\n');
    site.write('playbooks/note-it/playbook.yaml', NOTE);
    await running.daemon.reload();
    await call('/playbooks/note-it/runs', json({ inputs: { name: 'FIN-042' } }));
    const { run } = await running.record('ended');
    const incident = 'drill:FIN-042';
    expect(await read(`/incidents/notes?incident=${encodeURIComponent(incident)}`)).toMatchObject([
      { run, text: 'drill of FIN-042' },
    ]);
    expect(await read('/lists/drilled')).toMatchObject([{ run, value: 'FIN-042', until: expect.any(String) }]);
    const closed = await call('/incidents/close', json({ incident, result: 'benign' }));
    expect(await closed.json()).toEqual({ incident, result: 'benign' });
    expect(await read('/audit?limit=1')).toMatchObject([{ by: 'local', did: 'closed an incident' }]);
    const events = await running.daemon.engine.store.query.eventsSince(0, ['backline.incident-closed'], 10);
    expect(events).toMatchObject([{ event: { incident: { key: incident, result: 'benign', by: 'local' } } }]);
    expect(await refused('/incidents/close', json({ incident: 'x', result: 'benign' }))).toBe(
      '404 there is no incident "x"',
    );
    expect(await refused('/incidents/close', json({ incident, result: 'over' }))).toMatch(/^422|^400/);
  });

  test('nobody can hand in that one was closed', async () => {
    const event = { id: 'x', type: 'backline.incident-closed', time: '2026-11-24T09:00:00Z' };
    const forged = await call('/events?origin=backline', json(event));
    expect(forged.status).toBe(422);
    expect(await forged.text()).toContain('no source may bring one');
  });
});
