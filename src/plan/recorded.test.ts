import { expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import { formatDiagnosticLine } from '../base/diagnostic.ts';
import { connectors } from '../connectors/connectors.ts';
import type { Recorded } from './recorded.ts';
import { findRecorded, loadRecorded } from './recorded.ts';

const catalogue = catalogueOf(connectors);
const linesOf = (text: string) => loadRecorded('recorded.yaml', text, catalogue).diagnostics.map(formatDiagnosticLine);

test('a file of recorded answers loads with what it says', () => {
  const text = `
recorded: "2026-11-20"
answers:
  - { action: skyatp.lookup-hash, output: { found: false } }
  - { action: skyatp.add-infected-host, standing: { stands: true, summary: listed } }
`;
  expect(loadRecorded('recorded.yaml', text, catalogue)).toEqual({
    recorded: {
      recorded: '2026-11-20',
      answers: [
        { action: 'skyatp.lookup-hash', output: { found: false } },
        { action: 'skyatp.add-infected-host', standing: { stands: true, summary: 'listed' } },
      ],
    },
    diagnostics: [],
  });
});

test('an action that nobody has is named with its place, and nothing is loaded', () => {
  const text = 'recorded: "2026-11-20"\nanswers:\n  - { action: skyatp.lookup-hsh, output: {} }\n';
  expect(linesOf(text)).toEqual([
    'recorded.yaml:3:15: error: unknown action "skyatp.lookup-hsh"; did you mean "skyatp.lookup-hash"? [unknown-action]',
  ]);
  expect(loadRecorded('recorded.yaml', text, catalogue).recorded).toBeUndefined();
});

test.each([
  ['an empty file', '', /\[/],
  ['a list', '[]', /\[wrong-type\]/],
  ['a misspelt key', 'recorded: "x"\nanswers: []\nanswer: []\n', /3:1: .*"answer".*\[unknown-key\]/],
  ['an answer without an action', 'recorded: "x"\nanswers: [{ output: {} }]\n', /2:13: .*\[missing-key\]/],
  ['an answer that is no object', 'recorded: "x"\nanswers: [{ action: a.b, output: 3 }]\n', /\[wrong-type\]/],
  ['text that is no YAML', 'recorded: "x', /\[/],
])('%s is a diagnostic with its place', (_, text, said) => {
  const lines = linesOf(text);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('\n')).toMatch(said);
});

const recorded: Recorded = {
  recorded: '2026-11-20',
  answers: [
    { action: 'a.b', output: { n: 'any' } },
    { action: 'a.b', input: { x: 1 }, output: { n: 'one' } },
    { action: 'a.b', input: { x: 1 }, output: { n: 'later' } },
    { action: 'a.c', input: { x: 1 }, standing: { stands: true, summary: 'so' } },
  ],
};

test.each([
  ['the answer to this very input wins, the first of them', 'a.b', { x: 1 }, 'output', 'one'],
  ['the order of keys does not matter, their values do', 'a.b', { x: 2 }, 'output', 'any'],
  ['a standing is no output', 'a.c', { x: 1 }, 'output', undefined],
  ['another action has no answer', 'a.d', { x: 1 }, 'output', undefined],
] as const)('%s', (_, action, input, want, found) => {
  expect(findRecorded(recorded, action, input, want)?.output).toEqual(found === undefined ? undefined : { n: found });
});

test('a standing is found by its input, and for no other', () => {
  expect(findRecorded(recorded, 'a.c', { x: 1 }, 'standing')?.standing).toMatchObject({ stands: true });
  expect(findRecorded(recorded, 'a.c', { x: 2 }, 'standing')).toBeUndefined();
  expect(findRecorded(undefined, 'a.c', { x: 1 }, 'standing')).toBeUndefined();
});
