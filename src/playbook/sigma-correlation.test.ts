import { expect, test } from 'vitest';
import { formatDiagnosticLine } from '../base/diagnostic.ts';
import { rulesFor } from './sigma-files.ts';

const rule = (name: string, more = '') => `title: The rule ${name}
id: id-${name}
name: ${name}
logsource: { product: windows }
detection: { a: { X: ${name} }, condition: a }
${more}`;

const correlation = (body: string) => `title: Many of them
id: many
level: high
tags: [attack.t1110]
correlation:
  rules: [one, id-two]
  group-by: [User, host.name]
  timespan: 15m
${body.replaceAll(/^/gm, '  ')}
`;

/** Files of a project, all of them meant. */
function read(...texts: readonly string[]) {
  const files = new Map(texts.map((text, index) => [`${index}.yml`, { file: `sigma/${index}.yml`, text }]));
  const { diagnostics, ...found } = rulesFor('*', files);
  return { ...found, said: diagnostics.map(formatDiagnosticLine) };
}

test.each<[body: string, asked: object]>([
  ['type: event_count\ncondition: { gte: 10 }', { count: 10, each: {}, distinct: {}, ordered: false }],
  ['type: event_count\ncondition: { gt: 10 }', { count: 11 }],
  ['type: value_count\ncondition: { field: Target, gte: 3 }', { distinct: { Target: 3 } }],
  ['type: temporal', { each: { one: 1, 'id-two': 1 }, ordered: false }],
  ['type: temporal_ordered', { each: { one: 1, 'id-two': 1 }, ordered: true }],
  ['type: temporal\ncondition: { gte: 2 }', { each: { one: 1, 'id-two': 1 } }],
])('%j is a correlation', (body, asked) => {
  const { correlations, rules, said } = read(rule('one'), rule('two'), rule('three'), correlation(body));
  expect(said).toEqual([]);
  expect(correlations).toMatchObject([
    {
      title: 'Many of them',
      level: 'high',
      by: ['User', 'host.name'],
      within: 900_000,
      events: [
        { name: 'one', rule: { title: 'The rule one' } },
        { name: 'id-two', rule: { title: 'The rule two' } },
      ],
      ...asked,
    },
  ]);
  // What is counted does not wake by itself.
  expect(rules.map(({ title }) => title)).toEqual(['The rule three']);
});

test('rules that a correlation counts wake as well where it says `generate`', () => {
  const { rules } = read(rule('one'), rule('two'), correlation('type: temporal\ngenerate: true'));
  expect(rules).toHaveLength(2);
});

test('a correlation may stand in one file with its rules, and everything keeps its place', () => {
  const { correlations, rules, said } = read(
    `---\n${rule('one')}---\n${rule('two')}\n---\n${correlation('type: event_count\ncondition: { lte: 2 }')}`,
    `${rule('three')}---\ntitle: none\n`,
  );
  expect(correlations).toEqual([]);
  expect(rules.map(({ title }) => title)).toEqual(['The rule one', 'The rule two', 'The rule three']);
  expect(said).toEqual([
    'sigma/0.yml:24:16: warning: this rule is left out: it is or uses a condition on how few events there are [bad-sigma-rule]',
    'sigma/1.yml:7:1: error: a Sigma rule needs the key "logsource" [bad-sigma-rule]',
    'sigma/1.yml:7:1: error: a Sigma rule needs the key "detection" [bad-sigma-rule]',
  ]);
});

test('it may be about rules of other files than those that are meant', () => {
  const files = new Map(
    Object.entries({
      'a/one.yml': rule('one'),
      'a/two.yml': rule('two'),
      'b/both.yml': correlation('type: temporal'),
    }).map(([path, text]) => [path, { file: path, text }]),
  );
  const { correlations, rules, found } = rulesFor('b/*', files);
  expect(correlations).toHaveLength(1);
  expect([rules, found]).toEqual([[], 1]);
});

test.each([
  ['type: value_avg\ncondition: { field: X, gte: 1 }', 'the type of correlation "value_avg"'],
  ['type: event_count\ncondition: { gte: 2 }\naliases: { ip: { one: X } }', 'aliases of fields'],
  ['type: temporal\ncondition: { gte: 1 }', 'a condition that not all of its rules must meet'],
  ['type: event_count', 'a condition says how many are enough'],
  ['type: event_count\ncondition: { gte: ten }', 'a condition says how many are enough'],
  ['type: value_count\ncondition: { gte: 2 }', 'a value_count needs one field'],
])('%j is left out, or wrong, and said to be', (body, why) => {
  const { correlations, said } = read(rule('one'), rule('two'), correlation(body));
  expect(correlations).toEqual([]);
  expect(said.join('\n')).toContain(why);
});

test.each([
  ['timespan: 30d', 'of more than 29 days'],
  ['timespan: soon', 'a timespan is a whole number'],
  ['timespan: 2w', undefined],
  ['rules: [one, nobody]\n  timespan: 1m', 'has the name or id "nobody"'],
  ['timespan: 1m\n  rules: []', 'names at least one rule'],
])('%j: %s', (line, why) => {
  const text = correlation('type: temporal')
    .replace(/ {2}rules: .*\n/, line.includes('rules') ? '' : '$&')
    .replace('timespan: 15m', line);
  const { correlations, said } = read(rule('one'), rule('two'), text);
  expect(correlations).toHaveLength(why === undefined ? 1 : 0);
  if (why === undefined) expect(said).toEqual([]);
  else expect(said.join('\n')).toContain(why);
});
