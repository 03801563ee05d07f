import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explain } from '../../src/cli/commands/explain.ts';
import { plan } from '../../src/cli/commands/plan.ts';
import { PROJECT, expectGolden, listen, projectWith } from './kit.ts';

const EVENT = readFileSync(join(PROJECT, 'events/alert.json'), 'utf8');

test('an event that does not wake a playbook: every leaf with what it wanted, what was there, and one reason', async () => {
  const resolved = EVENT.replace('Unresolved', 'Resolved');
  const { invocation, printed } = listen(projectWith({ 'events/alert.json': resolved }));
  expect(await explain(invocation, 'contain', { event: 'events/alert.json', format: 'pretty' })).toBe(0);
  expectGolden('explain-failed.txt', printed());
});

test('an event that wakes it', async () => {
  const { invocation, printed } = listen();
  await explain(invocation, 'contain', { event: 'events/alert.json', format: 'pretty' });
  expectGolden('explain-passed.txt', printed());
});

test('the same as data', async () => {
  const { invocation, printed } = listen();
  await explain(invocation, 'contain', { event: 'events/alert.json', format: 'json' });
  expect(JSON.parse(printed())).toMatchObject({
    playbook: 'contain',
    wakes: true,
    triggers: [{ matched: true, tree: { kind: 'all' } }],
  });
});

test('a playbook that is paused, and one that no event wakes, say so', async () => {
  const paused = listen(projectWith({ 'backline.yaml': 'playbooks: { contain: { mode: paused } }\n' }));
  await explain(paused.invocation, 'contain', { event: 'events/alert.json', format: 'pretty' });
  expect(paused.printed()).toMatch(/contain does not wake: its mode is paused\.$/);
  const manual = listen();
  await explain(manual.invocation, 'greet', { event: 'events/alert.json', format: 'pretty' });
  expect(manual.printed()).toBe('greet does not wake: no trigger of it is woken by events.');
});

test('a diagnostic code gives its page, and a code of the configuration at least its meaning', async () => {
  const page = listen();
  expect(await explain(page.invocation, 'unknown-input', { format: 'pretty' })).toBe(0);
  expect(page.printed()).toMatch(/^# unknown-input\n/);
  const data = listen();
  await explain(data.invocation, 'literal-secret', { format: 'json' });
  expect(JSON.parse(data.printed())).toMatchObject({
    code: 'literal-secret',
    severity: 'error',
    summary: 'a secret is written into the file',
  });
});

test('a word that is neither is met with the nearest code', async () => {
  await expect(explain(listen().invocation, 'unknown-inputs', { format: 'pretty' })).rejects.toMatchObject({
    code: 3,
    message: '"unknown-inputs" is no diagnostic code; did you mean "unknown-input"?',
  });
});

const NIGHTLY = `language: v1
playbook: nightly
description: Looks after old entries.
owner: soc@example.org
params: { when: { type: string, default: "30 2 * * *" } }
trigger:
  - { schedule: "{{params.when}}", timezone: Europe/Berlin }
respond: []
`;

test('a schedule without an event says when it is due', async () => {
  const { invocation, printed } = listen(projectWith({ 'playbooks/nightly/playbook.yaml': NIGHTLY }));
  await explain(invocation, 'nightly', { at: '2026-03-28T12:00:00Z', format: 'pretty' });
  expect(printed()).toBe(`schedule 30 2 * * * Europe/Berlin, missed: run_once
  due 2026-03-29T01:00:00.000Z
  due 2026-03-30T00:30:00.000Z
  due 2026-03-31T00:30:00.000Z
  due 2026-04-01T00:30:00.000Z
  due 2026-04-02T00:30:00.000Z`);
});

test('with the event of another schedule it says what is not so', async () => {
  const schedule = { due: '2026-03-29T01:00:00Z', playbook: 'nightly', cron: '* * * * *', timezone: 'Europe/Berlin' };
  const event = { id: 's1', type: 'backline.schedule', time: '2026-03-29T01:00:00Z', schedule };
  const folder = projectWith({
    'playbooks/nightly/playbook.yaml': NIGHTLY,
    'events/due.json': JSON.stringify(event),
  });
  const { invocation, printed } = listen(folder);
  await explain(invocation, 'nightly', { event: 'events/due.json', format: 'pretty' });
  expect(printed()).toContain('FAIL schedule.cron is "30 2 * * *"  actual="* * * * *"');
  expect(printed()).toMatch(/nightly does not wake\.$/);
});

test('explain says which Sigma rules fire, and of a few others which parts do not hold', async () => {
  const rule = (title: string, image: string) => `title: ${title}
level: high
logsource: { product: windows, category: process_creation }
detection:
  image: { Image|endswith: '${image}' }
  line: { CommandLine|contains: list }
  condition: image and line
`;
  const folder = projectWith({
    'sigma/one.yml': rule('One', '\\cmdkey.exe'),
    'sigma/two.yml': rule('Two', '\\other.exe'),
    'sigma/linux.yml': rule('Three', 'x').replace('windows', 'linux'),
    'playbooks/ruled/playbook.yaml': `language: v1
playbook: ruled
description: Rules.
owner: soc@example.org
trigger: [ { sigma: "*", if: event.severity > 60.0 } ]
respond: [ { do: notify.send, with: { to: soc, subject: "{{event.rule.name}} on {{event.host.name}}" } } ]
`,
    'events/record.json': readFileSync(
      join(PROJECT, '..', '..', 'fixtures', 'sigma', 'events', '07f8bdc2-c9b3-472a-9817-5a670b872f53.json'),
      'utf8',
    ),
  });
  const heard = listen(folder);
  expect(await explain(heard.invocation, 'ruled', { event: 'events/record.json', format: 'pretty' })).toBe(0);
  expect(heard.printed())
    .toBe(`PASS sigma at playbooks/ruled/playbook.yaml:5: 1 of 2 rules for such a log fire, of 3 in all
  PASS One  high sigma/one.yml
    PASS image
    PASS line
  FAIL Two  high sigma/two.yml
    FAIL image
    PASS line
  PASS if

ruled wakes.`);
  const planning = listen(folder);
  await plan(planning.invocation, 'ruled', { event: 'events/record.json', format: 'pretty', approve: 'all' });
  expect(planning.printed()).toContain('sigma One · high');
  expect(planning.printed()).toMatch(/message to soc: "One on /);
});
