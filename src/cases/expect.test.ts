import { expect, test } from 'vitest';
import { labCatalogue } from '../../test/kit/lab.ts';
import { install, playbookText } from '../../test/kit/load.ts';
import type { JsonObject } from '../base/json.ts';
import { canonical } from '../base/json.ts';
import { stepsOf } from '../machine/steps.ts';
import { loadCase } from './case.ts';
import { runCase } from './run.ts';

const installed = install(
  playbookText(`
enrich:
  found: { do: lab.look }
verdict:
  - { is: bad, if: enrich.found.score >= 8, because: "score {{enrich.found.score}}" }
  - { is: benign }
respond:
  bad:
    - id: rounds
      for_each: fallback(enrich.found.hosts, ["h1"])
      as: name
      max: 3
      steps: [{ id: listed, do: lab.list, with: { host: "{{name}}" }, hold: { for: 4h } }]
    - { id: told, do: lab.tell, with: { to: soc, subject: "{{event.host.name}} is listed" } }
    - { id: pause, wait: { for: 1h } }
  benign: []
  unknown: []
`),
);

/** What the case says is not as expected, of a run that lists h1 and h2 and tells the soc. */
async function unmetOf(
  expectation: string,
  event = '{ type: lab.alarm, with: { alarm.id: a1, host.name: h1 } }',
): Promise<readonly string[]> {
  const text = `case: x\nevent: ${event}\nanswers: { lab.look: { score: 9, hosts: [h1, h2] } }\nexpect: ${expectation}\n`;
  const { case: found, diagnostics } = loadCase(
    'case.yaml',
    text,
    labCatalogue,
    new Set(stepsOf(installed.compiled).keys()),
  );
  if (found === undefined) throw new Error(JSON.stringify(diagnostics));
  const { failures } = await runCase(found, {
    catalogue: labCatalogue,
    installed,
    read: () => '{}',
    guardrails: () => {
      throw new Error('the case names none');
    },
  });
  return failures;
}

test.each([
  ['{ wakes: true }', '{ wakes: false }', 'wakes: expected false, found true'],
  ['{ verdict: bad }', '{ verdict: benign }', 'verdict: expected "benign", found "bad"'],
  ['{ because: score 9 }', '{ because: score 8 }', 'because: expected "score 8", found "score 9"'],
  ['{ missing: [] }', '{ missing: [found] }', 'missing: expected ["found"], found []'],
  ['{ undecided: [] }', '{ undecided: [bad] }', 'undecided: expected ["bad"], found []'],
  [
    '{ path: [found, listed, listed, told, pause] }',
    '{ path: [found, told, listed, listed, pause] }',
    'path: expected ["found","told","listed","listed","pause"], found ["found","listed","listed","told","pause"]',
  ],
  [
    '{ outcomes: { "rounds[1].listed": done } }',
    '{ outcomes: { told: denied } }',
    'outcome of told: expected "denied", found "done"',
  ],
  [
    '{ outcomes: { "rounds[2].listed": skipped } }',
    '{ outcomes: { "rounds[0].listed": skipped } }',
    'outcome of rounds[0].listed: expected "skipped", found "done"',
  ],
  [
    '{ calls: [ { lab.list: { host: h2 }, times: 1 }, { lab.list: {}, times: 2 } ] }',
    '{ calls: [ { lab.list: { host: h2 }, times: 2 } ] }',
    'calls: expected 2 × lab.list {"host":"h2"}, found 1 of [{"host":"h1"},{"host":"h2"}]',
  ],
  [
    '{ calls: [ { lab.tell: { subject|contains: listed } } ] }',
    '{ calls: [ { lab.wipe: {} } ] }',
    'calls: expected lab.wipe {}, found 0 of []',
  ],
  ['{ not_called: [lab.wipe] }', '{ not_called: [lab.tell] }', 'calls of lab.tell: expected 0, found 1'],
  [
    '{ messages: [ { to: soc, subject|contains: h1 } ] }',
    '{ messages: [ { to: oncall } ] }',
    'messages: none fits {"to":"oncall"}; sent: [{"subject":"h1 is listed","to":"soc"}]',
  ],
  ['{ run: done }', '{ run: partial }', 'run: expected "partial", found "done"'],
  ['{ lasts: 1h }', '{ lasts: 2h }', 'lasts: expected "2h", found "1h"'],
  ['{ runs: 1 }', '{ runs: 2 }', 'runs: expected 2, found 1'],
])('%s is met, and %s is not', async (met, unmet, line) => {
  expect(await unmetOf(met)).toEqual([]);
  expect(await unmetOf(unmet)).toEqual([line]);
});

const IN_FORCE = [
  { action: 'lab.list', holds: 1, state: 'in-force', target: 'h2' },
  { action: 'lab.list', holds: 1, state: 'in-force', target: 'h1' },
];

test('in_force is all that is in force, in any order and as exact as it says', async () => {
  expect(await unmetOf('{ in_force: [ { action: lab.list, target: h1 }, { action: lab.list } ] }')).toEqual([]);
  expect(await unmetOf(`{ in_force: ${JSON.stringify(IN_FORCE)} }`)).toEqual([]);
});

test.each([
  [],
  [IN_FORCE[0]],
  [...IN_FORCE, IN_FORCE[0]],
  [IN_FORCE[0], { ...IN_FORCE[1], holds: 2 }],
  [IN_FORCE[0], { ...IN_FORCE[1], state: 'unconfirmed' }],
  [IN_FORCE[0], { ...IN_FORCE[1], target: 'h3' }],
  [IN_FORCE[0], { ...IN_FORCE[1], action: 'lab.isolate' }],
])('more, less or something else in force is said: %j, %j', async (...wanted) => {
  const rows = wanted.filter(row => row !== undefined);
  const [line] = await unmetOf(`{ in_force: ${JSON.stringify(rows)} }`);
  expect(line).toBe(`in_force: expected ${canonical(rows)}, found ${canonical(IN_FORCE)}`);
});

test.each([
  'verdict: bad',
  'because: x',
  'missing: []',
  'undecided: []',
  'path: []',
  'outcomes: { told: done }',
  'run: done',
  'lasts: 1h',
])('of a run that nothing woke, %s cannot be so', async expectation => {
  const [key = ''] = expectation.split(':');
  expect(await unmetOf(`{ ${expectation} }`, '{ type: lab.cleared, with: { alarm.id: a1 } }')).toEqual([
    `${key}: the event woke no run`,
  ]);
});

test('what is long is cut in the line', async () => {
  const long: JsonObject = { to: 'x'.repeat(1_000) };
  const [line = ''] = await unmetOf(`{ messages: [ ${JSON.stringify(long)} ] }`);
  expect(line.length).toBeLessThan(600);
});
