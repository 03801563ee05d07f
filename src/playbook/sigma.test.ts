import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatDiagnosticLine } from '../base/diagnostic.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import { normalise } from '../event/event.ts';
import { windowsEventType } from '../event/windows-type.ts';
import { buildIndex, fullScan } from '../match/match.ts';
import type { SigmaRule } from '../match/sigma-rule.ts';
import { filledBy } from '../match/sigma-rule.ts';
import { fits } from './sigma-files.ts';
import { loadSigma } from './sigma.ts';

const FIXTURES = new URL('../../test/fixtures/sigma/', import.meta.url);

function files(folder: string, ending: string): string[] {
  return readdirSync(new URL(folder, FIXTURES), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ending))
    .map(name => `${folder}${name}`)
    .toSorted();
}

function textOf(file: string): string {
  return readFileSync(new URL(file, FIXTURES), 'utf8');
}

function windowsEvent(record: Json): Event {
  const normalised = normalise(record, 'windows', new Map([[windowsEventType.name, windowsEventType]]));
  if ('problems' in normalised) throw new Error(JSON.stringify(normalised.problems));
  return normalised.event;
}

function entriesOf(rules: readonly SigmaRule[]) {
  return rules.map(rule => ({ id: rule.id, event: '', rule, params: {}, lists: {} }));
}

const loaded = files('rules/', '.yml').map(file => ({ file, ...loadSigma(file, textOf(file)) }));
const rules = loaded.flatMap(found => found.rules);
const entries = entriesOf(rules);
const index = buildIndex(entries);

test('rules of SigmaHQ are read without a word', () => {
  expect(loaded.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnosticLine))).toEqual([]);
  expect(rules).toHaveLength(101);
});

test.each(files('events/', '.json'))(
  'the rule of %s fires for it, and the index finds what asking every rule finds',
  file => {
    // Some are several records, one after another.
    const events = textOf(file)
      .trim()
      .split(/\n(?=\{)/)
      .map(text => windowsEvent(JSON.parse(text) as JsonObject));
    const fired = events.map(event => index.matching(event).map(({ id }) => id));
    expect(fired.flat()).toContain(file.slice('events/'.length, -'.json'.length));
    expect(fired).toEqual(events.map(event => fullScan(entries, event).map(({ id }) => id)));
  },
);

/** Whether a rule fires for an event of its log with these fields. */
function fires(detection: string, raw: JsonObject, more: JsonObject = {}): boolean {
  const {
    rules: [rule],
    diagnostics,
  } = loadSigma('rule.yml', ruleText(detection));
  if (rule === undefined) throw new Error(diagnostics.map(formatDiagnosticLine).join('\n'));
  const event = { id: '1', origin: 'o', type: 't', time: '2026-03-01T09:00:00Z', ...more } as Event;
  return buildIndex(entriesOf([rule])).matching({ ...event, logsource: { product: 'windows' }, raw }).length > 0;
}

function ruleText(detection: string): string {
  return `title: A rule\nid: r1\nlogsource: { product: windows }\n${detection}\n`;
}

test.each<[string, string, JsonObject, boolean]>([
  ['a and b', 'a: { X: 1 }\n  b: { Y: 2 }\n  condition: a and b', { X: 1, Y: 2 }, true],
  ['a and not b', 'a: { X: 1 }\n  b: { Y: 2 }\n  condition: a and not b', { X: 1, Y: 2 }, false],
  ['a and not b, without b', 'a: { X: 1 }\n  b: { Y: 2 }\n  condition: a and not b', { X: 1 }, true],
  ['or binds less than and', 'a: { X: 1 }\n  b: { Y: 2 }\n  condition: a or a and b', { X: 1 }, true],
  ['parentheses', 'a: { X: 1 }\n  b: { Y: 2 }\n  condition: (a or a) and b', { X: 1 }, false],
  ['1 of a*', 'a1: { X: 1 }\n  a2: { X: 2 }\n  condition: 1 of a*', { X: 2 }, true],
  ['all of a*', 'a1: { X: 1 }\n  a2: { Y: 2 }\n  condition: all of a*', { X: 1 }, false],
  [
    'not 1 of f_*',
    'a: { X: 1 }\n  f_1: { Y: 1 }\n  f_2: { Y: 2 }\n  condition: a and not 1 of f_*',
    { X: 1, Y: 2 },
    false,
  ],
  ['all of them', 'a: { X: 1 }\n  _b: { Y: 2 }\n  condition: all of them', { X: 1 }, true],
  ['a list of maps', 'a: [ { X: 1 }, { Y: 2 } ]\n  condition: a', { Y: 2 }, true],
  ['keywords', "a: [ 'evil', 'b?d' ]\n  condition: a", { Z: { deep: 'so BAD it is' } }, true],
  ['all keywords', "a: { '|all': [ 'evil', 'bad' ] }\n  condition: a", { Z: 'evil', Y: 'bad' }, true],
  ['all keywords, one missing', "a: { '|all': [ 'evil', 'bad' ] }\n  condition: a", { Z: 'evil' }, false],
  ['a field that is null', 'a: { X: 1, Y: null }\n  condition: a', { X: 1 }, true],
  ['contains all', "a: { X|contains|all: [ 'a', 'c' ] }\n  condition: a", { X: 'abc' }, true],
  ['re', "a: { X|re: '^A.c$' }\n  condition: a", { X: 'abc' }, false],
  ['re without case', "a: { X|re|i: '^A.c$' }\n  condition: a", { X: 'abc' }, true],
  ['windash', "a: { X|windash|contains: ' -enc ' }\n  condition: a", { X: 'x /enc y' }, true],
  [
    'base64offset of wide text',
    "a: { X|wide|base64offset|contains: 'http' }\n  condition: a",
    { X: `x${Buffer.from('-http:', 'utf16le').toString('base64')}` },
    true,
  ],
  ['base64', "a: { X|base64|contains: 'abc' }\n  condition: a", { X: 'xxYWJjyy' }, true],
  [
    'two backslashes are one',
    String.raw`a: { X|endswith: '\\cmd.exe' }` + '\n  condition: a',
    { X: String.raw`C:\cmd.exe` },
    true,
  ],
])('%s', (_, detection, raw, expected) => {
  expect(fires(`detection:\n  ${detection}`, raw)).toBe(expected);
});

test('a field of the rule is the one of ECS that means the same, where the vendor has not his own', () => {
  const detection = "detection:\n  a: { Image|endswith: '\\cmd.exe' }\n  condition: a";
  const process = { executable: String.raw`C:\Windows\cmd.exe` };
  expect(fires(detection, {}, { process })).toBe(true);
  expect(fires(detection, { Image: 'other.exe' }, { process })).toBe(false);
  expect(fires("detection:\n  a: { process.executable|endswith: '\\cmd.exe' }\n  condition: a", {}, { process })).toBe(
    true,
  );
});

test('a rule is about the logs that say what it says', () => {
  const {
    rules: [rule],
  } = loadSigma(
    'rule.yml',
    'title: A\nlogsource: { product: windows, category: process_creation }\ndetection: { a: { X: 1 }, condition: a }\n',
  );
  if (rule === undefined) throw new Error('no rule');
  const matching = (logsource: JsonObject) =>
    buildIndex(entriesOf([rule])).matching({ id: '1', origin: 'o', type: 't', time: '', logsource, raw: { X: 1 } })
      .length;
  expect(matching({ product: 'Windows', category: ['process_creation'], service: 'sysmon' })).toBe(1);
  expect(matching({ product: 'windows', category: ['registry_event', 'process_creation'] })).toBe(1);
  expect(matching({ product: 'windows' })).toBe(0);
  expect(matching({ product: 'linux', category: ['process_creation'] })).toBe(0);
});

test('a rule fills in what the event does not say', () => {
  const text = `${ruleText('detection: { a: { X: 1 }, condition: a }')}level: high\ntags: [attack.defense_evasion, attack.t1562.001, cve.2021]\n`;
  const {
    rules: [rule],
  } = loadSigma('rule.yml', text);
  if (rule === undefined) throw new Error('no rule');
  const event: Event = { id: '1', origin: 'o', type: 't', time: '' };
  expect(filledBy(rule, event)).toMatchObject({
    severity: 75,
    rule: { id: 'r1', name: 'A rule' },
    threat: { tactic: 'defense-evasion', technique: 'T1562.001' },
  });
  const said = { severity: 10, rule: { name: 'its own' }, threat: { technique: 'T1000' } };
  expect(filledBy(rule, { ...event, ...said })).toMatchObject({
    severity: 10,
    rule: { id: 'r1', name: 'its own' },
    threat: { tactic: 'defense-evasion', technique: 'T1000' },
  });
});

test.each([
  ['windows/a.yml', 'windows/*', true],
  ['windows/b/a.yml', 'windows/*', false],
  ['windows/b/a.yml', 'windows/**', true],
  ['a.yaml', '**/a', true],
  ['windows/b/a.yml', '**/a.yml', true],
  ['windows/b/xa.yml', '**/a', false],
  ['windows/a+b.yml', 'windows/a+b', true],
])('%s fits %s: %s', (path, glob, expected) => {
  expect(fits(path, glob)).toBe(expected);
});
