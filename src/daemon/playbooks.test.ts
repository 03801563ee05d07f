import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import { formatDiagnosticLine } from '../base/diagnostic.ts';
import { startOf } from '../base/span.ts';
import { connectors } from '../connectors/connectors.ts';
import type { PlaybookEntries, PlaybookEntry } from './config.ts';
import { readPlaybooks, replacePlaybooks } from './playbooks.ts';

const catalogue = catalogueOf(connectors);
let base: string;
beforeEach(() => void (base = mkdtempSync(join(tmpdir(), 'backline-'))));
afterEach(() => rmSync(base, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  writeFileSync(join(base, path), text);
}

function playbook(name: string, more = ''): string {
  return `language: v1
playbook: ${name}
description: Tell the SOC.
owner: soc@example.org
${more}
trigger: [ { event: carbonblack.alert } ]
respond: [ { do: notify.send, with: { to: soc, subject: "an alert" } } ]
`;
}

function read(entries: PlaybookEntries = { byName: new Map() }) {
  return readPlaybooks(
    {
      base,
      folders: {
        playbooks: join(base, 'playbooks'),
        lists: join(base, 'lists'),
        events: join(base, 'events'),
        sigma: join(base, 'sigma'),
      },
      playbooks: entries,
    },
    catalogue,
  );
}

const entry = (set: Partial<PlaybookEntry>): PlaybookEntry => ({ params: {}, span: startOf('backline.yaml'), ...set });

test('a project without playbooks is an empty one', () => {
  expect(read()).toMatchObject({ installed: [], failed: [], diagnostics: [] });
});

test('the more careful mode wins, and an entry of its own replaces the default as a whole', () => {
  write('playbooks/a/playbook.yaml', playbook('a'));
  write('playbooks/b/playbook.yaml', playbook('b'));
  write('playbooks/c/playbook.yaml', playbook('c', 'mode: paused'));
  const { installed } = read({
    default: entry({ mode: 'shadow' }),
    byName: new Map([
      ['b', entry({})],
      ['c', entry({ mode: 'active' })],
    ]),
  });
  expect(installed.map(({ compiled, mode }) => [compiled.playbook.name, mode])).toEqual([
    ['a', 'shadow'],
    ['b', 'active'],
    ['c', 'paused'],
  ]);
});

test('parameters have the value of the environment, else their default', () => {
  write(
    'playbooks/a/playbook.yaml',
    playbook('a', 'params: { sure: { type: integer, default: 60 }, longest: { type: duration, default: 7d } }'),
  );
  const { installed, diagnostics } = read({ byName: new Map([['a', entry({ params: { sure: 50 } })]]) });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(installed[0]?.params).toEqual({ sure: 50, longest: '7d' });
});

test('a playbook with an error keeps its old version, and the others go on', () => {
  write('playbooks/a/playbook.yaml', playbook('a'));
  write('playbooks/b/playbook.yaml', playbook('b'));
  write('playbooks/c/playbook.yaml', playbook('c'));
  const former = read().installed;
  write('playbooks/a/playbook.yaml', playbook('a', 'mod: active'));
  write('playbooks/b/playbook.yaml', playbook('b', 'labels: { new: "yes" }'));
  rmSync(join(base, 'playbooks/c'), { recursive: true });
  const again = read();
  expect(again.failed).toEqual(['a']);
  expect(again.diagnostics.map(formatDiagnosticLine)).toContainEqual(
    expect.stringMatching(/^playbooks\/a\/playbook\.yaml:5:1: error: unknown key "mod" .*did you mean "mode"/),
  );
  const next = replacePlaybooks(former, again);
  expect(next.map(({ compiled }) => compiled.playbook.name)).toEqual(['a', 'b']);
  expect(next[0]).toBe(former[0]);
  expect(next[1]?.compiled.playbook.labels).toEqual({ new: 'yes' });
});

test('an entry for a playbook that is not there is pointed out', () => {
  write('playbooks/block-host/playbook.yaml', playbook('block-host'));
  const { diagnostics } = read({ byName: new Map([['block-hosts', entry({ mode: 'active' })]]) });
  expect(diagnostics.map(formatDiagnosticLine)).toContain(
    'backline.yaml:1:1: warning: there is no playbook "block-hosts"; did you mean "block-host"? [unknown-playbook]',
  );
});

test('a mistake in a list is said once, however many playbooks there are', () => {
  const condition = `vars: { spared: 'in_list(event.host.name, "never-block")' }`;
  write('playbooks/a/playbook.yaml', playbook('a', condition));
  write('playbooks/b/playbook.yaml', playbook('b', condition));
  write('lists/never-block.yaml', 'kind: ips\nvalues: []\n');
  const { diagnostics } = read();
  expect(diagnostics.filter(({ span }) => span.file === 'lists/never-block.yaml').map(({ code }) => code)).toEqual([
    'bad-value',
  ]);
});

test('a playbook that cannot be read keeps its old version; one that is gone leaves', () => {
  write('playbooks/a/playbook.yaml', playbook('a'));
  write('playbooks/b/playbook.yaml', playbook('b'));
  const { installed } = read();
  for (const name of ['a', 'b']) rmSync(join(base, 'playbooks', name, 'playbook.yaml'));
  mkdirSync(join(base, 'playbooks/a/playbook.yaml'));
  const again = read();
  expect(again.failed).toEqual(['a']);
  expect(again.diagnostics.map(({ code }) => code)).toEqual(['unreadable-file']);
  expect(replacePlaybooks(installed, again).map(({ compiled }) => compiled.playbook.name)).toEqual(['a']);
});
