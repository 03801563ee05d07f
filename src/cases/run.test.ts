import { expect, test } from 'vitest';
import { labCatalogue } from '../../test/kit/lab.ts';
import { install, playbookText } from '../../test/kit/load.ts';
import { NO_GUARDRAILS } from '../engine/guardrails.ts';
import { stepsOf } from '../machine/steps.ts';
import { loadCase } from './case.ts';
import type { CaseResult } from './run.ts';
import { runCase } from './run.ts';

const LISTING = `
respond:
  - id: listed
    do: lab.list
    with: { host: "{{event.host.name}}" }
    hold: { for: 4h, until: [ { event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" } } ] }
`;

const ASKING = `
respond:
  - id: doubt
    ask: Block it?
    who: soc
    within: 1h
    people: 2
    answers:
      block: { label: Block, then: [{ id: listed, do: lab.list, with: { host: h1 } }] }
      leave: { label: Leave }
`;

const FILLED = ASKING.replace('    people: 2\n', '').replace(
  '    answers:',
  '    form: { kind: { type: choice, label: Kind, options: [drill, real], required: true } }\n    answers:',
);

const EVENT = 'event: { type: lab.alarm, with: { id: a1, alarm.id: a1, host.name: h1 } }\n';

async function play(body: string, text: string, read: (path: string) => string = () => '{}'): Promise<CaseResult> {
  const installed = install(playbookText(body));
  const steps = new Set(stepsOf(installed.compiled).keys());
  const { case: found, diagnostics } = loadCase('case.yaml', `case: x\n${text}`, labCatalogue, steps);
  if (found === undefined) throw new Error(JSON.stringify(diagnostics));
  return runCase(found, { catalogue: labCatalogue, installed, read, guardrails: () => NO_GUARDRAILS });
}

test('people fill in forms, and what does not fit is said', async () => {
  const said = (fields: string) =>
    play(FILLED, `${EVENT}answers: { doubt: { answer: block${fields} } }\nexpect: { run: done }\n`);
  expect((await said(', fields: { kind: drill }')).failures).toEqual([]);
  expect((await said('')).failures).toContainEqual(
    'the answer {"answer":"block"} to doubt was not taken: kind must be filled in: one of drill, real',
  );
});

test('what happens later happens at its time, in the order of time', async () => {
  const { failures } = await play(
    LISTING,
    `${EVENT}then:
  - { at: 3h, event: { type: lab.cleared, with: { alarm.id: a1 } }, expect: { in_force: [] } }
  - { at: 2h, expect: { in_force: [ { action: lab.list, target: h1 } ] } }
expect: { run: done }
`,
  );
  expect(failures).toEqual([]);
});

test('what is not so at its time is said with the time', async () => {
  const { failures, passed } = await play(
    LISTING,
    `${EVENT}then: [ { at: 2h, expect: { in_force: [], runs: 2 } } ]\nexpect: { run: done }\n`,
  );
  expect(passed).toBe(false);
  expect(failures.map(line => line.split(':').slice(0, 2).join(':'))).toEqual(['at 2h: runs', 'at 2h: in_force']);
});

test('a later event like the first is another event, and a fresh one has an id of its own', async () => {
  const { failures } = await play(
    LISTING,
    `${EVENT}then:
  - { at: 1h, event: { type: lab.alarm, like: start, with: { id: a2, alarm.id: a2 } } }
  - { at: 2h, event: { type: lab.alarm, with: { alarm.id: a3, host.name: h2 } } }
  - { at: 3h, event: { type: lab.alarm, with: { alarm.id: a4, host.name: h3 } } }
expect: { runs: 4, calls: [ { lab.list: { host: h1 }, times: 1 } ] }
`,
  );
  expect(failures).toEqual([]);
});

test('the same event again is a duplicate and wakes nothing', async () => {
  const { failures } = await play(
    LISTING,
    `${EVENT}then: [ { at: 1h, event: { type: lab.alarm, like: start } } ]\nexpect: { runs: 1 }\n`,
  );
  expect(failures).toEqual([]);
});

test('an event comes from a file that the case names, with its own fields over it', async () => {
  const read = (path: string) =>
    JSON.stringify({ type: 'lab.alarm', id: path, alarm: { id: 'a1' }, host: { name: 'h1' } });
  const { failures } = await play(
    LISTING,
    'event: { file: alarm.json, with: { host.name: h7 } }\nexpect: { calls: [ { lab.list: { host: h7 } } ] }\n',
    read,
  );
  expect(failures).toEqual([]);
});

test('an event that is none is said with what is wrong with it', async () => {
  const { failures } = await play(
    LISTING,
    'event: { type: lab.alarm, with: { host.name: h1 } }\nexpect: { wakes: false }\n',
  );
  expect(failures).toEqual([expect.stringContaining('the event was rejected: needs "alarm"')]);
});

test('people answer in their turn and at their time', async () => {
  const { failures } = await play(
    ASKING,
    `${EVENT}answers: { doubt: [ { answer: block, by: ann, after: 5m }, { answer: block, by: bob, after: 10m } ] }\nexpect: { run: done, lasts: 10m }\n`,
  );
  expect(failures).toEqual([]);
});

test('nobody answers where the script says so, or says nothing', async () => {
  for (const answers of ['answers: { doubt: { answer: expired } }\n', ''])
    expect(
      (await play(ASKING, `${EVENT}${answers}expect: { run: partial, lasts: 1h, outcomes: { doubt: expired } }\n`))
        .failures,
    ).toEqual([]);
});

test('an answer that the question does not have fails the case with a line, and time goes on', async () => {
  const { failures } = await play(
    ASKING,
    `${EVENT}answers: { doubt: { answer: blok } }\nexpect: { run: partial, lasts: 1h }\n`,
  );
  expect(failures).toEqual(['the answer {"answer":"blok"} to doubt was not taken: unknown-answer']);
});

test('a run is cancelled and taken back by people; what has ended cannot be cancelled', async () => {
  const cancelled = await play(
    ASKING,
    `${EVENT}then: [ { at: 10m, cancel: { by: ann } } ]\nexpect: { run: cancelled, lasts: 10m }\n`,
  );
  expect(cancelled.failures).toEqual([]);
  const undone = await play(
    LISTING,
    `${EVENT}then: [ { at: 1h, undo: { by: ann } } ]\nexpect: { run: done, in_force: [], calls: [ { lab.unlist: { host: h1 } } ] }\n`,
  );
  expect(undone.failures).toEqual([]);
  const late = await play(LISTING, `${EVENT}then: [ { at: 1h, cancel: { by: ann } } ]\nexpect: { run: done }\n`);
  expect(late.failures).toEqual(['at 1h: there is nothing to cancel, the run has ended']);
});

test('while responses are paused nothing is done, and afterwards again', async () => {
  const { failures } = await play(
    LISTING,
    `event: { type: lab.cleared, with: { alarm.id: a0 } }
then:
  - { at: 1h, pause: { by: ann } }
  - { at: 2h, event: { type: lab.alarm, with: { alarm.id: a1, host.name: h1 } }, expect: { in_force: [] } }
  - { at: 3h, resume: { by: ann } }
  - { at: 4h, event: { type: lab.alarm, with: { alarm.id: a2, host.name: h2 } } }
expect: { wakes: false, runs: 2, in_force: [ { action: lab.list, target: h2 } ] }
`,
  );
  expect(failures).toEqual([]);
});

test('params of a case stand in for the defaults', async () => {
  const body = `\nparams: { longest: { type: duration, default: 4h } }${LISTING.replace('for: 4h', 'for: "{{params.longest}}"')}`;
  const text = `${EVENT}params: { longest: 30m }\nthen: [ { at: 1h, expect: { in_force: [] } } ]\nexpect: { run: done }\n`;
  expect((await play(body, text)).failures).toEqual([]);
});

test.each([
  ['{ longst: 30m }', 'params.longst: the playbook has no such param; did you mean "longest"?'],
  ['{ longest: soon }', 'params.longest: must be a duration, for example 90s, 15m, 24h or 7d'],
  ['{ longest: 9h }', 'params.longest: must be one of "4h", "30m"'],
])('the params %s are none of the playbook, which fails the case with a line: %s', async (params, line) => {
  const body = `\nparams: { longest: { type: duration, default: 4h, enum: [4h, 30m] } }${LISTING.replace('for: 4h', 'for: "{{params.longest}}"')}`;
  const { failures } = await play(body, `${EVENT}params: ${params}\nexpect: { run: done }\n`);
  expect(failures).toEqual([line]);
});

const BY_HAND = `
trigger: [{ manual: true }]
inputs: { host: { type: string }, level: { type: integer, default: 3 } }
respond:
  - { id: listed, do: lab.list, with: { host: "{{inputs.host}}", level: "{{inputs.level}}" } }
`;

test('a playbook is started by hand by whom the case says, with the defaults of its inputs', async () => {
  const { failures, simulation } = await play(
    BY_HAND,
    'inputs: { host: h5 }\nby: ann\nexpect: { calls: [ { lab.list: { host: h5, level: 3 } } ] }\n',
  );
  expect(failures).toEqual([]);
  const [woken] = simulation.records;
  expect(woken?.body).toMatchObject({ kind: 'woken', birth: { by: 'ann' } });
});

test.each([
  ['{ hots: h5, host: h5 }', 'inputs.hots: the playbook has no such input; did you mean "host"?'],
  ['{ host: 5 }', 'inputs.host: must be a string, is a number (5)'],
  ['{}', 'inputs.host: is needed'],
])('with the inputs %s it is not started, and the case fails with a line: %s', async (inputs, line) => {
  const { failures } = await play(BY_HAND, `inputs: ${inputs}\nexpect: { wakes: false }\n`);
  expect(failures).toEqual([line]);
});

test('a time that is due needs no more than its type', async () => {
  const body = `
trigger: [ { schedule: "0 6 * * *" } ]
respond: [ { do: lab.tell, with: { to: soc, subject: "{{event.schedule.due}} {{event.schedule.last}}" } } ]
`;
  const { failures } = await play(
    body,
    `start: 2026-03-01T06:00:00Z
event: { type: backline.schedule, with: { schedule.last: "2026-02-28T06:00:00Z" } }
expect: { runs: 1, messages: [ { to: soc, subject: "2026-03-01T06:00:00.000Z 2026-02-28T06:00:00Z" } ] }
`,
  );
  expect(failures).toEqual([]);
});

test("Backline's own actions do what they do, on a store of the case's own, unless the case answers for them", async () => {
  const body = `
respond:
  - { id: times, do: backline.count, with: { key: "{{event.host.name}}", within: 1d } }
  - { id: note, if: "steps.times.count > 1", do: backline.note, with: { text: "{{steps.times.count}} times" } }
`;
  const twice = `then: [ { at: 1h, event: { type: lab.alarm, like: start, with: { id: a2 } } } ]\n`;
  const counted = await play(
    body,
    `${EVENT}${twice}expect: { calls: [ { backline.note: { text: 2 times }, times: 1 } ] }\n`,
  );
  expect(counted.failures).toEqual([]);
  const answer = 'answers: { backline.count: { count: 7 } }\n';
  const answered = await play(body, `${EVENT}${answer}expect: { calls: [ { backline.note: { text: 7 times } } ] }\n`);
  expect(answered.failures).toEqual([]);
});

test('of events that are correlated the last one wakes the run that the case is about', async () => {
  const body = `
trigger:
  - correlate: { events: [ { name: a, event: lab.alarm } ], by: [host.name], within: 1h, count: 3 }
respond: [ { id: told, do: lab.tell, with: { to: soc, subject: "{{count events}} until {{event.id}}" } } ]
`;
  const { failures } = await play(
    body,
    `${EVENT}then:
  - { at: 10m, event: { type: lab.alarm, like: start, with: { id: a2 } }, expect: { runs: 0 } }
  - { at: 20m, event: { type: lab.alarm, like: start, with: { id: a3 } } }
expect: { wakes: true, run: done, messages: [ { to: soc, subject: 3 until a3 } ] }
`,
  );
  expect(failures).toEqual([]);
});

test('a record of a Windows log is an event as it is', async () => {
  const record = JSON.stringify({
    Event: {
      System: {
        EventID: 1,
        EventRecordID: 7,
        Channel: 'Security',
        Computer: 'h1',
        TimeCreated: { '#attributes': { SystemTime: '2026-01-01T00:00:00Z' } },
      },
      EventData: { Image: 'evil.exe' },
    },
  });
  const { failures } = await play(
    `
trigger: [ { event: windows.event, match: { raw.Image: evil.exe, logsource.service: security } } ]
respond: [ { do: lab.tell, with: { to: soc, subject: "{{event.id}} {{event.origin}}" } } ]
`,
    'event: { file: record.json }\nexpect: { messages: [ { to: soc, subject: h1/Security/7 windows } ] }\n',
    () => record,
  );
  expect(failures).toEqual([]);
});

test('a person says one thing in one round of a loop and another in the others', async () => {
  const body = `
trigger: [ { manual: true } ]
respond:
  - id: all
    for_each: '["h1", "h2", "h3"]'
    as: host
    max: 5
    steps: [ { id: act, do: lab.list, with: { host: "{{host}}" }, approve: { who: leads, within: 1h, otherwise: deny } } ]
`;
  const { failures } = await play(
    body,
    `inputs: {}
answers: { act: { answer: approve, by: bob }, "all[1].act": { answer: deny, by: bob } }
expect: { outcomes: { "all[0].act": done, "all[1].act": denied, "all[2].act": done }, run: partial }
`,
  );
  expect(failures).toEqual([]);
});
