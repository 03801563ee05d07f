import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explain } from '../../src/cli/commands/explain.ts';
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
