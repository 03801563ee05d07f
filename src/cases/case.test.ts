import { expect, test } from 'vitest';
import { labCatalogue } from '../../test/kit/lab.ts';
import { formatDiagnosticLine } from '../base/diagnostic.ts';
import { loadCase } from './case.ts';

const steps = new Set(['found', 'rounds', 'listed', 'doubt', '_1']);
const load = (text: string) => loadCase('case.yaml', text, labCatalogue, steps);
const linesOf = (text: string) => load(text).diagnostics.map(formatDiagnosticLine);

const HEAD = 'case: it works\nevent: { type: lab.alarm }\n';

test('a case loads with its defaults', () => {
  expect(load(`${HEAD}expect: { run: done }\n`)).toEqual({
    case: {
      name: 'it works',
      file: 'case.yaml',
      event: { type: 'lab.alarm' },
      by: 'local',
      start: Date.parse('2026-01-01T00:00:00Z'),
      params: {},
      before: [],
      answers: {},
      then: [],
      expect: { run: 'done' },
    },
    diagnostics: [],
  });
});

test('people can be named who are asked by a playbook that is called, but nothing is expected of its steps', () => {
  const callable = { inputs: {}, output: {}, changes: false, calls: [], steps: ['sure'] };
  const catalogue = { ...labCatalogue, callables: new Map([['other', callable]]) };
  const text = `${HEAD}answers: { sure: { answer: yes } }\nexpect: { outcomes: { sure: done } }\n`;
  expect(loadCase('case.yaml', text, catalogue, steps).diagnostics.map(formatDiagnosticLine)).toEqual([
    'case.yaml:4:23: error: no step "sure" in the playbook [unknown-step]',
  ]);
});

test('all that a case can say is read', () => {
  const { case: found, diagnostics } = load(`
case: everything
inputs: { host: h1 }
by: alice
start: "2026-11-24T09:00:00Z"
params: { longest: 1h }
guardrails: careful.yaml
before: [ { lab.list: { host: h9 } } ]
answers:
  lab.look: [ { fault: timeout }, { fault: 429, after: 5s }, { score: 9 } ]
  lab.list: { failed: auth }
  doubt: { answer: block, by: bob, after: 5m }
then:
  - { at: 2h, resume: { by: alice } }
  - { at: 1h, pause: { by: alice }, expect: { calls: [ { lab.list: {}, times: 0 } ] } }
expect:
  calls: [ { lab.list: { host: h1 }, times: 2 } ]
  outcomes: { "rounds[0].listed": done, _1: skipped }
`);
  expect(diagnostics).toEqual([]);
  expect(found).toMatchObject({
    inputs: { host: 'h1' },
    by: 'alice',
    start: Date.parse('2026-11-24T09:00:00Z'),
    guardrails: 'careful.yaml',
    before: [{ action: 'lab.list', input: { host: 'h9' } }],
    // In order of time, whatever the order in the file.
    then: [
      { at: 3_600_000, pause: { by: 'alice' }, expect: { calls: [{ action: 'lab.list', input: {}, times: 0 }] } },
      { at: 7_200_000, resume: { by: 'alice' } },
    ],
    expect: { calls: [{ action: 'lab.list', input: { host: 'h1' }, times: 2 }] },
  });
});

test.each([
  [
    'expect: { run: dnoe }',
    'case.yaml:3:16: error: "run" must be done, partial, failed, cancelled or open, not "dnoe"; did you mean "done"?',
  ],
  ['expect: { run: done }\nbefor: []', 'case.yaml:4:1: error: unknown key "befor"'],
  ['then: [ { at: soon } ]\nexpect: { run: done }', 'case.yaml:3:15: error: '],
  [
    'start: yesterday\nexpect: { run: done }',
    'case.yaml:3:1: error: start must be a time such as 2026-01-01T00:00:00Z [bad-value]',
  ],
  [
    'answers: { lab.loook: {} }\nexpect: { run: done }',
    'case.yaml:3:12: error: unknown action "lab.loook"; did you mean "lab.look"? [unknown-action]',
  ],
  [
    'answers: { doutb: { answer: x } }\nexpect: { run: done }',
    'case.yaml:3:12: error: no step "doutb" in the playbook; did you mean "doubt"? [unknown-step]',
  ],
  [
    'answers: { doubt: block }\nexpect: { run: done }',
    'case.yaml:3:12: error: what a person says is written { answer: <id> }, or { answer: expired } [missing-key]',
  ],
  [
    'answers: { doubt: { answer: block, after: soon } }\nexpect: { run: done }',
    'case.yaml:3:36: error: after must be a duration such as 5s [bad-duration]',
  ],
  [
    'answers: { lab.look: { fault: tiemout } }\nexpect: { run: done }',
    'case.yaml:3:24: error: fault must be timeout, lost, unreachable, or a status such as 429 [bad-value]',
  ],
  [
    'answers: { lab.look: [ { score: 1 }, { fault: 200 } ] }\nexpect: { run: done }',
    'case.yaml:3:40: error: fault must be ',
  ],
  [
    'answers: { lab.look: { fault: 429, after: 5 } }\nexpect: { run: done }',
    'case.yaml:3:36: error: after must be a duration such as 5s [bad-duration]',
  ],
  [
    'answers: { lab.look: { failed: atuh } }\nexpect: { run: done }',
    'case.yaml:3:24: error: failed must be a reason; did you mean "auth"? [bad-value]',
  ],
  [
    'answers: { lab.look: { pending: soon } }\nexpect: { run: done }',
    'case.yaml:3:24: error: pending must be a duration such as 5s [bad-duration]',
  ],
  [
    'answers: { lab.list: { with: h1, done: {} } }\nexpect: { run: done }',
    'case.yaml:3:24: error: with must be a map: some of the input that the answer is for [wrong-type]',
  ],
  [
    'answers: { lab.list: [ { done: {} }, { with: { hots: h1 }, fault: lost } ] }\nexpect: { run: done }',
    'case.yaml:3:48: error: unknown input "hots" of lab.list; did you mean "host"? [unknown-input]',
  ],
  [
    'before: [ { lab.lst: {} } ]\nexpect: { run: done }',
    'case.yaml:3:13: error: unknown action "lab.lst"; did you mean "lab.list"? [unknown-action]',
  ],
  [
    'expect: { calls: [ { lab.lst: {} } ] }',
    'case.yaml:3:22: error: unknown action "lab.lst"; did you mean "lab.list"? [unknown-action]',
  ],
  ['expect: { calls: [ { times: 1 } ] }', 'case.yaml:3:22: error: a call needs the name of an action [missing-key]'],
  [
    'expect: { calls: [ { lab.list: {}, time: 1 } ] }',
    'case.yaml:3:36: error: a call has one action and "times"; "time" is neither [unknown-key]',
  ],
  [
    'expect: { calls: [ { lab.list: {}, lab.look: {} } ] }',
    'case.yaml:3:36: error: a call has one action and "times"; "lab.look" is neither [unknown-key]',
  ],
  [
    'expect: { calls: [ { lab.list: {}, times: "1" } ] }',
    'case.yaml:3:36: error: times must be a whole number [wrong-type]',
  ],
  [
    'expect: { calls: [ { lab.list: h1 } ] }',
    'case.yaml:3:22: error: the input of a call must be an object; {} is any [wrong-type]',
  ],
  [
    'expect: { not_called: [ lab.lst ] }',
    'case.yaml:3:25: error: unknown action "lab.lst"; did you mean "lab.list"? [unknown-action]',
  ],
  [
    'expect: { in_force: [ { action: lab.lst } ] }',
    'case.yaml:3:25: error: unknown action "lab.lst"; did you mean "lab.list"? [unknown-action]',
  ],
  [
    'expect: { path: [ fuond ] }',
    'case.yaml:3:19: error: no step "fuond" in the playbook; did you mean "found"? [unknown-step]',
  ],
  [
    'expect: { outcomes: { lsited: skipped } }',
    'case.yaml:3:23: error: no step "lsited" in the playbook; did you mean "listed"? [unknown-step]',
  ],
  ['expect: { outcomes: { "ronds[0].listed": done } }', 'case.yaml:3:23: error: no step "ronds[0]" in the playbook'],
  [
    'then: [ { at: 1h, expect: { not_called: [ lab.lst ] } } ]\nexpect: { run: done }',
    'case.yaml:3:43: error: unknown action "lab.lst"',
  ],
])('%j is a mistake with its place: %s', (body, said) => {
  const { case: found } = load(`${HEAD}${body}\n`);
  const lines = linesOf(`${HEAD}${body}\n`);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(said);
  expect(found).toBeUndefined();
});

test('a case needs something that wakes', () => {
  expect(linesOf('case: nothing\nexpect: { run: done }\n')).toEqual([
    'case.yaml:1:1: error: a case needs the key "event" or "inputs" [missing-key]',
  ]);
});

test.each(['', '[]', 'a: [', 'case: x', '"just text"', '\t'])('%j is no case, and never without a word', text => {
  expect(load(text).case).toBeUndefined();
  expect(linesOf(text).length).toBeGreaterThan(0);
});

test('all mistakes are said at once, in the order of the file', () => {
  const text = `${HEAD}answers: { lab.loook: {}, doutb: { answer: x } }\nexpect: { not_called: [ lab.lst ], path: [ fuond ] }\n`;
  expect(linesOf(text).map(line => line.split(' ')[0])).toEqual([
    'case.yaml:3:12:',
    'case.yaml:3:27:',
    'case.yaml:4:25:',
    'case.yaml:4:44:',
  ]);
});
