import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explain } from '../../src/cli/commands/explain.ts';
import { plan } from '../../src/cli/commands/plan.ts';
import type { PlanOptions } from '../../src/cli/commands/plan.ts';
import { createSimulator } from '../../src/connectors/skyatp/simulator.ts';
import { serve } from '../../src/lab/serve.ts';
import { PROJECT, expectGolden, listen, projectWith } from './kit.ts';

const OPTIONS: PlanOptions = {
  format: 'pretty',
  approve: 'all',
  at: '2026-11-24T09:00:00Z',
  event: 'events/alert.json',
};
const EVENT = readFileSync(join(PROJECT, 'events/alert.json'), 'utf8');

async function planned(options: Partial<PlanOptions> = {}, word = 'contain', folder = PROJECT) {
  const heard = listen(folder);
  const code = await plan(heard.invocation, word, { ...OPTIONS, ...options });
  return { code, printed: heard.printed() };
}

test('a plan shows what would be looked up, why it is judged so, and what would be done', async () => {
  const { code, printed } = await planned();
  expect(code).toBe(0);
  expectGolden('plan.txt', printed);
});

test('the same plan is a comment for a pull request', async () => {
  expectGolden('plan.md', (await planned({ format: 'markdown' })).printed);
});

test('assumptions stand in for evidence, answers for people, and both are said', async () => {
  const { printed } = await planned({ assume: ['enrich.file.score=2'], answer: ['doubt=look'] });
  expectGolden('plan-assumed.txt', printed);
});

test('without recorded answers the evidence is missing, and so is the verdict', async () => {
  const folder = projectWith({ 'none.yaml': 'recorded: "2026-11-20"\nanswers: []\n' });
  const { printed } = await planned({ answers: 'none.yaml' }, 'contain', folder);
  expect(printed).toContain('missing: sensor');
  expect(printed).toContain('Plan: 0 to add');
});

test('text of an event cannot move the cursor, break a table or mention anybody', async () => {
  const name = '\u001B[31mFIN\n| x | @everyone ![](https://evil.example/x.png) <b>';
  const folder = projectWith({ 'events/alert.json': EVENT.replace('"経理-042"', JSON.stringify(name)) });
  const { printed } = await planned({}, 'contain', folder);
  expect(printed).not.toContain('\u001B');
  expect(printed.split('\n').some(line => line.startsWith('| x |'))).toBe(false);
  const markdown = (await planned({ format: 'markdown' }, 'contain', folder)).printed;
  const outsideCode = markdown.replaceAll(/`[^`\n]*`/g, '');
  expect(outsideCode).not.toMatch(/<b>|@everyone|!\[\]/);
  expect(markdown.split('\n').filter(line => line.startsWith('| x |'))).toEqual([]);
});

test('data formats carry the whole plan', async () => {
  const { printed } = await planned({ format: 'json' });
  expect(JSON.parse(printed)).toMatchObject({
    playbook: 'contain',
    verdict: { is: 'malicious' },
    totals: { add: 1, refused: 1, messages: 1 },
    wakes: expect.arrayContaining(['severity 50 >= 40']),
  });
});

test('effects are exit code 10 where that is asked for, and none are 0', async () => {
  expect((await planned({ detailedExitcode: true })).code).toBe(10);
  const { event: _, ...manual } = OPTIONS;
  const quiet = projectWith({
    'playbooks/greet/playbook.yaml': readFileSync(join(PROJECT, 'playbooks/greet/playbook.yaml'), 'utf8').replace(
      /respond:[^]*/,
      'respond: []\n',
    ),
  });
  const { invocation } = listen(quiet);
  expect(await plan(invocation, 'greet', { ...manual, input: ['to=soc'], detailedExitcode: true })).toBe(0);
});

test.each<[Partial<PlanOptions>, string, string]>([
  [{ assume: ['file.score=1'] }, 'contain', '--assume file.score=1: must look like'],
  [
    { assume: ['enrich.file.scroe=1'] },
    'contain',
    '--assume: the answer of skyatp.lookup-hash has no field "scroe"; did you mean "score"?',
  ],
  [{ assume: ['enrich.fil.score=1'] }, 'contain', '--assume: there is no step "fil"; did you mean "file"?'],
  [{ answer: ['doubt=lok'] }, 'contain', '"lok" is no answer to doubt; its answers are look, leave'],
  [{ at: 'tomorrow' }, 'contain', '--at tomorrow: must be a time'],
  [{ answer: ['doubt'] }, 'contain', '--answer doubt: must look like step=answer'],
  [{ event: 'events/none.json' }, 'contain', 'events/none.json is not there'],
  [{ event: 'backline.yaml' }, 'contain', 'backline.yaml is not JSON'],
  [{ input: ['to=soc'] }, 'contain', 'give --event or --input, not both'],
  [{}, 'contian', 'there is no playbook "contian"; did you mean "contain"?'],
])('what cannot be meant is said in a sentence: %j %s', async (options, word, message) => {
  await expect(planned(options, word)).rejects.toMatchObject({ code: 3, message: expect.stringContaining(message) });
});

test.each([
  [[], 'greet needs --input to=<string>'],
  [['to=soc', 'tims=2'], 'greet has no input "tims"; did you mean "times"?'],
  [['to=soc', 'times=two'], '--input times: must be a whole number, is "two"'],
])('inputs are held against the playbook: %j', async (input, message) => {
  const { event: _, ...manual } = OPTIONS;
  await expect(plan(listen().invocation, 'greet', { ...manual, input })).rejects.toMatchObject({ code: 3, message });
});

test('an event that wakes nobody is a finding, and says who knows why', async () => {
  const folder = projectWith({ 'events/alert.json': EVENT.replace('"severity": 50', '"severity": 5') });
  await expect(planned({}, 'contain', folder)).rejects.toMatchObject({
    code: 1,
    message: expect.stringContaining('backline explain contain'),
  });
});

test('a playbook that cannot be loaded is exit code 2, after its errors', async () => {
  const folder = projectWith({ 'playbooks/contain/playbook.yaml': 'language: v1\n' });
  const heard = listen(folder);
  await expect(plan(heard.invocation, 'contain', OPTIONS)).rejects.toMatchObject({ code: 2 });
  expect(heard.said()).toContain('playbooks/contain/playbook.yaml:1:1: error: ');
});

const LOOK = `language: v1
playbook: look
description: Lists an address that is not listed yet.
owner: soc@example.org
inputs: { ip: { type: string } }
trigger: [{ manual: true }]
enrich:
  listed: { do: skyatp.check-infected-host, with: { ip: "{{inputs.ip}}" }, required: true }
verdict: [{ is: new, if: enrich.listed.listed == false }]
respond:
  new: [{ id: feed, do: skyatp.add-infected-host, with: { ip: "{{inputs.ip}}" }, hold: { for: 1d } }]
  unknown: []
`;

test('--read-live asks the products themselves, and nothing but GET and HEAD leaves', async () => {
  const methods: string[] = [];
  const simulator = createSimulator({ token: 'sky' });
  const served = await serve(request => {
    methods.push(request.method);
    return simulator.fetch(request);
  });
  const folder = projectWith({
    'playbooks/look/playbook.yaml': LOOK,
    'backline.yaml': `connections:\n  skyatp: { settings: { url: "${served.url}", token: "\${env:SKY}" } }\n`,
  });
  const { event: _, ...manual } = OPTIONS;
  const options: PlanOptions = { ...manual, readLive: true, input: ['ip=10.0.0.7'] };
  const heard = listen(folder, { variables: { SKY: 'sky' } });
  expect(await plan(heard.invocation, 'look', options)).toBe(0);
  await served.close();
  expect(heard.printed()).toContain('reads: live');
  expect(heard.printed()).toMatch(/^\+ feed +reversible/m);
  expect(methods.length).toBeGreaterThan(0);
  expect(methods.filter(method => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  // Then the secrets are needed.
  await expect(plan(listen(folder).invocation, 'look', options)).rejects.toMatchObject({ code: 3 });
});

test('--simulated asks the products of the lab, and changes nothing in them', async () => {
  const folder = projectWith({ 'playbooks/look/playbook.yaml': LOOK });
  const { event: _, ...manual } = OPTIONS;
  const options: PlanOptions = { ...manual, simulated: true, input: ['ip=192.168.1.163'] };
  const heard = listen(folder);
  expect(await plan(heard.invocation, 'look', options)).toBe(0);
  expect(heard.printed()).toContain('reads: simulated');
  expect(heard.printed()).toMatch(/infected hosts: not listed -> listed/);
  await expect(plan(listen(folder).invocation, 'look', { ...options, readLive: true })).rejects.toMatchObject({
    code: 3,
  });
});

test('an event can come in from a pipe', async () => {
  const heard = listen(PROJECT, { input: EVENT });
  expect(await plan(heard.invocation, 'contain', { ...OPTIONS, event: '-' })).toBe(0);
});

test('a schedule needs no event: the next time that it is due is planned, as if it were then', async () => {
  const folder = projectWith({
    'playbooks/nightly/playbook.yaml': `language: v1
playbook: nightly
description: Looks after old entries.
owner: soc@example.org
trigger:
  - { schedule: "30 2 * * *", timezone: Europe/Berlin }
respond:
  - { do: notify.send, with: { to: soc, subject: "since {{event.schedule.last}}" } }
`,
  });
  const { event: _, ...manual } = OPTIONS;
  const { invocation, printed } = listen(folder);
  expect(await plan(invocation, 'nightly', manual)).toBe(0);
  expect(printed()).toContain('clock: 2026-11-25 01:30 UTC');
  expect(printed()).toContain(
    'schedule 30 2 * * * Europe/Berlin · due 2026-11-25T01:30:00.000Z · last 2026-11-24T01:30:00.000Z',
  );
  expect(printed()).toContain('message to soc: "since 2026-11-24T01:30:00.000Z"');
});

test('a plan neither changes nor looks at what Backline keeps', async () => {
  const folder = projectWith({
    'lists/blocked.yaml': 'kind: name\nkept: true\n',
    'playbooks/keep/playbook.yaml': `language: v1
playbook: keep
description: Keeps.
owner: soc@example.org
trigger: [ { manual: true } ]
enrich:
  listed: { do: backline.list-check, with: { list: blocked, value: x } }
respond:
  - { do: backline.list-add, with: { list: blocked, value: x } }
  - { do: backline.note, id: noted, with: { text: "listed: {{enrich.listed.found}}" } }
`,
  });
  const { event: _, ...manual } = OPTIONS;
  const bare = listen(folder);
  expect(await plan(bare.invocation, 'keep', manual)).toBe(0);
  expect(bare.printed()).toContain('Not looked at: backline.list-check: no recorded answer');
  expect(bare.printed()).toMatch(/\? +read +backline\.list-add/);
  expect(bare.printed()).toContain('0 to add, 0 irreversible, 1 message, 0 approvals, 1 unknown');
  expect(bare.printed()).toContain('note: "listed: (unknown)"');
  const assumed = listen(folder);
  await plan(assumed.invocation, 'keep', { ...manual, assume: ['enrich.listed.found=true'] });
  expect(assumed.printed()).toContain('listed: true');
});

const BURST = `language: v1
playbook: burst
description: Several alerts on one host.
owner: soc@example.org
trigger:
  - correlate:
      events: [ { name: alert, event: carbonblack.alert, match: { severity|gte: 40 } } ]
      by: [host.name]
      within: 15m
      count: 3
    if: events.exists(e, e.severity > 45.0)
respond: [ { do: notify.send, with: { to: soc, subject: "{{count events}} on {{event.host.name}}" } } ]
`;

/** So many alerts on one host, a minute apart. */
function alerts(count: number): string {
  const alert = JSON.parse(EVENT) as object;
  return JSON.stringify(
    Array.from({ length: count }, (_, index) => ({ ...alert, id: `a${index}`, time: `2026-11-24T08:0${index}:00Z` })),
  );
}

test('a plan of a correlation takes several events', async () => {
  const folder = projectWith({ 'playbooks/burst/playbook.yaml': BURST, 'events/burst.json': alerts(4) });
  const { printed } = await planned({ event: 'events/burst.json' }, 'burst', folder);
  expect(printed).toContain('carbonblack.alert a2');
  expect(printed).toContain('host.name "経理-042" · count 3 >= 3 · if events.exists(e, e.severity > 45.0)');
  expect(printed).toContain('message to soc: "3 on 経理-042"');
  await expect(planned({}, 'burst', folder)).rejects.toMatchObject({
    message: 'the event does not wake burst; `backline explain burst` says why',
  });
});

test('explain shows what has gathered, and what is wanting', async () => {
  const folder = projectWith({ 'playbooks/burst/playbook.yaml': BURST, 'events/burst.json': alerts(2) });
  const heard = listen(folder);
  expect(await explain(heard.invocation, 'burst', { event: 'events/burst.json', format: 'pretty' })).toBe(0);
  expect(heard.printed()).toContain(
    'FAIL correlation at playbooks/burst/playbook.yaml:6: host.name "経理-042", 2 events\n  FAIL count >= 3  actual=2',
  );
  expect(heard.printed()).toMatch(/burst does not wake\.$/);
  const enough = listen(projectWith({ 'playbooks/burst/playbook.yaml': BURST, 'events/burst.json': alerts(3) }));
  await explain(enough.invocation, 'burst', { event: 'events/burst.json', format: 'pretty' });
  expect(enough.printed()).toMatch(/PASS count >= 3 {2}actual=3\n {2}PASS if\n\nburst wakes\.$/);
  const none = listen(folder);
  await explain(none.invocation, 'burst', { event: 'events/alert.json', format: 'json' });
  expect(JSON.parse(none.printed())).toMatchObject({ wakes: false, correlations: [{ groups: [{ events: 1 }] }] });
});
