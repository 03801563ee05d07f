import { expect, test } from 'vitest';
import type { Action } from '../action/action.ts';
import { catalogueOf } from '../action/connector.ts';
import type { CommandId, RunId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { connectors } from '../connectors/connectors.ts';
import type { Call } from '../engine/performer.ts';
import { createPlanner, parseAssumptions, stepIn } from './planner.ts';

const { actions } = catalogueOf(connectors);

function call(name: string, input: Json, command = 'a'): Call {
  const facts = {
    run: 'r' as RunId,
    playbook: 'p',
    mode: 'active',
    started: 0,
    incident: 'i',
    url: '',
    params: {},
  } as const;
  const action = actions.get(name) as Action;
  return {
    action,
    input,
    key: 'r/a',
    facts,
    command: command as CommandId,
    attempt: 1,
    lists: {},
    signal: AbortSignal.abort(),
  };
}

const HOST = { ip: '192.168.1.163' };

test.each([
  ['enrich.file.score=10', 'file', { score: 10 }],
  ['steps.dropped.effective=true', 'dropped', { effective: true }],
  ['steps.block[0].dropped.effective=true', 'block[0].dropped', { effective: true }],
  ['steps.a[0].b[12].c.x.y=null', 'a[0].b[12].c', { x: { y: null } }],
  ['enrich.file.name=invoice.exe', 'file', { name: 'invoice.exe' }],
  ['enrich.file.name=', 'file', { name: '' }],
  ['enrich.file.query=a=b', 'file', { query: 'a=b' }],
  ['enrich.sensor.addresses=["10.0.0.5"]', 'sensor', { addresses: ['10.0.0.5'] }],
  ['enrich.file.note=two\nlines', 'file', { note: 'two\nlines' }],
])('%j assumes of %s %j', (text, command, fields) => {
  expect(parseAssumptions([text])).toEqual({ assumed: new Map([[command, fields]]) });
});

test('assumptions of one step are put together, a later one over an earlier', () => {
  expect(parseAssumptions(['enrich.f.a.b=1', 'enrich.f.a.c=2', 'enrich.f.a.b=3'])).toEqual({
    assumed: new Map([['f', { a: { b: 3, c: 2 } }]]),
  });
});

test.each([
  'enrich.file',
  'enrich.file=1',
  'file.score=1',
  'enrich..score=1',
  'enrich.file.score',
  '',
  '=1',
  'vars.x.y=1',
])('%j is no assumption, and what one looks like is said', text => {
  expect(parseAssumptions([text])).toEqual({
    problem: `--assume ${text}: must look like enrich.<id>.<field>=<value> or steps.<id>.<field>=<value>`,
  });
});

test.each([
  ['file', 'file'],
  ['block[0].dropped', 'dropped'],
  ['a[0].b[1].c', 'c'],
])('the command %s is of the step %s', (command, step) => {
  expect(stepIn(command)).toBe(step);
});

test('a write is planned with the output that its action predicts from how things stood', async () => {
  const planner = createPlanner({
    assumed: new Map(),
    recorded: {
      recorded: 'today',
      answers: [
        {
          action: 'skyatp.add-infected-host',
          standing: { stands: false, summary: 'not listed', state: { allowed: true } },
        },
      ],
    },
  });
  await planner.verify(call('skyatp.add-infected-host', HOST));
  expect(await planner.perform(call('skyatp.add-infected-host', HOST))).toEqual({
    kind: 'planned',
    output: { ...HOST, listed: true, allowed: true, effective: false },
  });
  expect([...planner.notLookedAt]).toEqual(['skyatp.add-infected-host: the state as it is now (recorded today)']);
});

test('a write whose state was never recorded is taken as not in place, and that is said', async () => {
  const planner = createPlanner({ assumed: new Map() });
  expect(await planner.verify(call('skyatp.add-infected-host', HOST))).toEqual({ stands: false, summary: 'unknown' });
  expect(await planner.perform(call('skyatp.add-infected-host', HOST))).toEqual({ kind: 'planned' });
  expect([...planner.notLookedAt]).toEqual(['skyatp.add-infected-host: the state before; it is taken as not in place']);
});

test('an assumption of a write stands in for what it would answer', async () => {
  const planner = createPlanner({ assumed: new Map([['a', { effective: true }]]) });
  expect(await planner.perform(call('skyatp.add-infected-host', HOST))).toMatchObject({
    kind: 'planned',
    output: { effective: true },
  });
  expect(planner.origins.get('a')).toBe('assumed');
});

test('a look at what is planned is open; an assumption closes it', async () => {
  const planner = createPlanner({ assumed: new Map([['block[1].dropped', { effective: true }]]) });
  await planner.perform(call('skyatp.add-infected-host', HOST));
  expect(await planner.perform(call('skyatp.check-infected-host', HOST, 'block[0].dropped'))).toEqual({
    kind: 'planned',
  });
  expect(await planner.perform(call('skyatp.check-infected-host', HOST, 'block[1].dropped'))).toMatchObject({
    kind: 'done',
    output: { effective: true },
  });
  expect([...planner.origins]).toEqual([
    ['block[0].dropped', 'known after run'],
    ['block[1].dropped', 'assumed'],
  ]);
});
