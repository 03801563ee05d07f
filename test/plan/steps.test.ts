import { expect, test } from 'vitest';
import type { Guardrails } from '../../src/engine/guardrails.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import type { Recorded, RecordedAnswer } from '../../src/plan/recorded.ts';
import { startOf } from '../../src/base/span.ts';
import { withMore } from './more-products.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Asked } from './kit.ts';
import { plan } from '../../src/plan/plan.ts';
import { labCatalogue } from '../kit/lab.ts';
import { installTogether, playbookText } from '../kit/load.ts';
import { NINE, outline, planOf, refusalOf, requestFor, stepOf } from './kit.ts';

// What a plan shows of every construct of the language, on the lab's product, which is declared and cannot be called.

function recordedAs(...answers: readonly RecordedAnswer[]): Recorded {
  return { recorded: '2026-11-20', answers };
}

const SCORE_9 = recordedAs({ action: 'lab.look', output: { score: 9, hosts: ['h1', 'h2'] } });

const JUDGED = `
enrich:
  found: { do: lab.look }
verdict:
  - { is: bad, if: enrich.found.score >= 8, because: "score {{enrich.found.score}}" }
  - { is: benign }
respond:
  bad:
    - { id: listed, do: lab.list, with: { host: "{{event.host.name}}" }, hold: { for: 4h } }
  benign: []
  unknown:
    - { do: lab.tell, with: { to: soc, subject: "{{join verdict.missing}} missing" } }
`;

test('a look-up that was recorded decides, and every write on the path is planned', async () => {
  const plan = await planOf(JUDGED, { recorded: SCORE_9 });
  expect(plan.verdict).toMatchObject({ is: 'bad', because: 'score 9' });
  expect(outline(plan)).toEqual(['+ listed | lab.list host h1 | done']);
  expect(plan.otherPaths).toEqual(['benign', 'unknown']);
  expect(plan.reads).toBe('recorded');
});

test('a look-up that nobody can answer is missing, said where it was not looked, and never makes a host benign', async () => {
  const plan = await planOf(JUDGED);
  expect(plan.evidence).toEqual([
    { id: 'found', action: 'lab.look', origin: 'missing', state: 'missing', text: 'missing: no recorded answer' },
  ]);
  expect(plan.verdict).toMatchObject({ is: 'unknown', missing: ['found'], undecided: ['bad'] });
  expect(plan.notLookedAt).toEqual(['lab.look: no recorded answer for {}']);
  expect(plan.reads).toBe('none');
  expect(outline(plan)).toEqual(['~  | lab.tell to soc | done']);
});

test('evidence that is asked for, waited for or gone through is shown round by round', async () => {
  const body = `
enrich:
  found: { do: lab.look }
  rounds:
    for_each: enrich.found.hosts
    as: host
    max: 3
    steps: [{ id: look, if: host != "h1", do: lab.look, with: { what: "{{host}}" } }]
  owner: { ask: Whose?, who: soc, within: 1h, answers: { ours: { label: Ours } } }
  pause: { wait: { for: 5m } }
respond: []
`;
  const rows = (plan: Plan) =>
    plan.evidence.map(({ id, action, state, text }) => [id, action, state, text].join(' | '));
  const none = recordedAs(...SCORE_9.answers.map(answer => ({ ...answer, input: {} })));
  expect(rows(await planOf(body, { recorded: none }))).toEqual([
    'found | lab.look | value | score 9 · hosts h1, h2',
    'rounds | for_each enrich.found.hosts | value | 1 of 2 rounds answered',
    'rounds[0].look | lab.look | absent | absent: host != "h1" is false',
    'rounds[1].look | lab.look | missing | missing: no recorded answer',
    'owner | ask soc | missing | missing: nobody answers (--answer stands in for them)',
    'pause | wait | value | it was time',
  ]);
  const answered = await planOf(body, {
    recorded: none,
    answers: { owner: 'ours' },
    assume: ['enrich.rounds[1].look.score=3'],
  });
  expect(rows(answered).slice(3, 5)).toEqual([
    'rounds[1].look | lab.look | value | score 3',
    'owner | ask soc | value | answer ours · by person 1 · at 2026-11-24T09:00:00.000Z',
  ]);
});

test('an answer recorded for another input does not count, one for any input does', async () => {
  const answers = recordedAs(
    { action: 'lab.look', input: { what: 'h2' }, output: { score: 9 } },
    { action: 'lab.look', output: { score: 1 } },
  );
  const body = JUDGED.replace('do: lab.look', 'do: lab.look, with: { what: h1 }');
  expect((await planOf(body, { recorded: answers })).verdict).toMatchObject({ is: 'benign' });
  expect((await planOf(body.replace('what: h1', 'what: h2'), { recorded: answers })).verdict).toMatchObject({
    is: 'bad',
  });
});

test('an assumption comes before what was recorded', async () => {
  const plan = await planOf(JUDGED, { recorded: SCORE_9, assume: ['enrich.found.score=1'] });
  expect(plan.verdict).toMatchObject({ is: 'benign' });
  expect(plan.assumptions).toBe(1);
});

test('an assumption that does not fit the action is missing evidence, with what is wrong with it', async () => {
  const plan = await planOf(JUDGED, { assume: ['enrich.found.score=high'] });
  expect(plan.evidence).toMatchObject([
    { state: 'missing', text: 'missing: the answer does not fit: score: must be an integer, is a string ("high")' },
  ]);
});

test.each<[asked: Asked, said: string]>([
  [{ assume: ['enrich.fund.score=9'] }, '--assume: there is no step "fund"; did you mean "found"?'],
  [{ assume: ['steps.rounds.done=9'] }, '--assume: rounds calls no action'],
  [{ answers: { dobut: 'yes' } }, '--answer: no step "dobut" asks anything; did you mean "doubt"?'],
  [{ answers: { listed: 'yes' } }, '--answer: no step "listed" asks anything'],
  [{ answers: { doubt: 'yse' } }, '--answer: "yse" is no answer to doubt; its answers are yes, no'],
])('%j stands in for nothing, and the plan is refused: %s', async (asked, said) => {
  const body = `
enrich:
  found: { do: lab.look }
respond:
  - { id: rounds, for_each: '["h1"]', as: name, max: 3, steps: [{ do: lab.look }] }
  - { id: doubt, ask: Sure?, who: soc, within: 1h, answers: { yes: { label: Yes }, no: { label: No } } }
  - { id: listed, do: lab.list, with: { host: h1 } }
`;
  expect(await refusalOf(body, asked)).toBe(said);
});

test('what stands already is not ours, and is not added', async () => {
  const stands = recordedAs({ action: 'lab.list', standing: { stands: true, summary: 'so' } });
  const plan = await planOf('\nrespond:\n  - { id: listed, do: lab.list, with: { host: h1 } }\n', { recorded: stands });
  expect(stepOf(plan, 'listed')).toMatchObject({
    mark: ' ',
    outcome: { status: 'done', already: true },
    details: ['in place already; not ours, nothing to do'],
  });
  expect(plan.totals).toMatchObject({ add: 0 });
  expect(plan.notLookedAt).toEqual(['lab.list: the state as it is now (recorded 2026-11-20)']);
});

const PROTECTED: Guardrails = {
  ...NO_GUARDRAILS,
  protected: [{ name: 'controllers', span: startOf('guardrails.yaml'), values: { host: ['h*'] } }],
};

test('a guardrail refuses in a plan as it would in earnest, and what follows goes on', async () => {
  const body = `
respond:
  - { id: listed, do: lab.list, with: { host: h1 } }
  - { id: told, do: lab.tell, with: { to: soc, subject: "listed: {{outcome.listed.status}}" } }
`;
  const plan = await planOf(body, { guardrails: PROTECTED });
  expect(outline(plan)).toEqual([
    'x listed | lab.list host h1 | refused: controllers',
    '~ told | lab.tell to soc | done',
  ]);
  expect(stepOf(plan, 'listed').details).toEqual([
    'refused: controllers host h1 is protected by h* (guardrails.yaml:1:1)',
  ]);
  expect(plan.totals).toMatchObject({ add: 0, refused: 1, messages: 1 });
});

test('a budget is used up by what is planned before', async () => {
  const budget = { name: 'few', span: startOf('guardrails.yaml'), most: 1, within: 600_000, per: 'all' } as const;
  const body = `
respond:
  - { id: first, do: lab.list, with: { host: h1 } }
  - { id: second, do: lab.list, with: { host: h2 } }
`;
  const plan = await planOf(body, { guardrails: { ...NO_GUARDRAILS, budgets: [budget] } });
  expect(outline(plan)).toEqual(['+ first | lab.list host h1 | done', 'x second | lab.list host h2 | refused: few']);
});

const APPROVED = `
respond:
  - id: wiped
    do: lab.wipe
    with: { host: h1 }
    approve: { who: soc-lead, within: 1h, otherwise: deny, people: 2 }
  - { id: told, do: lab.tell, with: { to: soc, subject: "{{outcome.wiped.status}}" } }
`;

test('with all approvals given, as many people as it takes are assumed', async () => {
  const plan = await planOf(APPROVED, { approve: 'all' });
  expect(stepOf(plan, 'wiped').mark).toBe('+');
  expect(stepOf(plan, 'wiped').details).toContain('approval assumed (by person 1, person 2)');
  expect(plan.totals).toMatchObject({ irreversible: 1, approvals: 1, refused: 0 });
});

test('with none given, nothing that needs one is planned', async () => {
  const plan = await planOf(APPROVED, { approve: 'none' });
  expect(outline(plan)).toEqual(['x wiped | lab.wipe host h1 | denied', '~ told | lab.tell to soc | done']);
  expect(plan.totals).toMatchObject({ irreversible: 0, approvals: 1 });
});

const ASKED = `
respond:
  - id: sure
    ask: "Is {{event.host.name}} ours?"
    who: soc-lead
    within: 1h
    answers:
      ours: { label: Ours, then: [{ id: listed, do: lab.list, with: { host: h1 } }] }
      theirs: { label: Theirs }
    otherwise: [{ id: paged, do: lab.tell, with: { to: oncall, subject: Nobody answered } }]
`;

test('a question that nobody answers expires, and its otherwise is planned', async () => {
  const plan = await planOf(ASKED);
  expect(outline(plan)).toEqual(['! sure | ask soc-lead | expired', '~   paged | lab.tell to oncall | done']);
  expect(stepOf(plan, 'sure').details).toEqual(['expired', 'nobody answers (--answer stands in for them)']);
});

test('an answer that was given leads to its own steps', async () => {
  const plan = await planOf(ASKED, { answers: { sure: 'ours' } });
  expect(outline(plan)).toEqual(['! sure | ask soc-lead | done', '+   listed | lab.list host h1 | done']);
  expect(stepOf(plan, 'sure').details).toEqual(['answered ours']);
});

test('what an answer that was given fills in is known to what follows, and what is missing is asked for', async () => {
  const body = ASKED.replace(
    '    otherwise:',
    '    form: { count: { type: number, label: How many, required: true } }\n    otherwise:',
  )
    .replace('host: h1', 'host: h1, level: "{{steps.sure.fields.count}}"')
    .replace('type: number', 'type: number, max: 3');
  expect(await refusalOf(body, { answers: { sure: 'ours' } })).toBe(
    '--answer: sure: count must be filled in: a number, at most 3 (sure.<field>=<value>)',
  );
  expect(await refusalOf(body, { answers: { sure: 'ours' }, fields: { sure: { count: '4' } } })).toBe(
    '--answer: sure: count must be a number, at most 3, is 4 (sure.<field>=<value>)',
  );
  expect(await refusalOf(body, { fields: { sure: { count: '2' } } })).toBe(
    '--answer: sure is filled in and not answered',
  );
  expect(await refusalOf(body, { fields: { listed: { count: '2' } } })).toBe(
    '--answer: no step "listed" asks anything',
  );
  const plan = await planOf(body, { answers: { sure: 'ours' }, fields: { sure: { count: '2' } } });
  expect(outline(plan)).toEqual(['! sure | ask soc-lead | done', '+   listed | lab.list host h1 | done']);
});

test('a question that is not asked is not said to stay without an answer', async () => {
  const plan = await planOf(ASKED.replace('id: sure', 'id: sure\n    if: "false || event.host.name == \'h9\'"'));
  expect(stepOf(plan, 'sure').details).toEqual(["left out: false || event.host.name == 'h9' is false"]);
});

test('how many rounds there may be is said with what the environment sets', async () => {
  const body = `
params: { most: { type: integer, default: 7 } }
respond:
  - { id: rounds, for_each: '["h1"]', as: name, max: "{{params.most}}", steps: [{ do: lab.look, on_error: continue }] }
`;
  expect(outline(await planOf(body))[0]).toBe('  rounds | for_each ["h1"]: 1 of at most 7 | done');
});

test('the rounds of a loop are planned one by one, each on its own item', async () => {
  const body = `
enrich:
  found: { do: lab.look }
respond:
  - id: rounds
    for_each: enrich.found.hosts
    as: name
    max: 3
    steps:
      - { id: listed, do: lab.list, with: { host: "{{name}}" } }
      - { id: seen, do: lab.look, with: { what: "{{name}}" }, on_error: continue }
`;
  const seen = recordedAs(...SCORE_9.answers.map(answer => ({ ...answer, input: {} })), {
    action: 'lab.look',
    input: { what: 'h2' },
    output: { score: 1 },
  });
  expect(outline(await planOf(body, { recorded: seen }))).toEqual([
    '  rounds | for_each enrich.found.hosts: 2 of at most 3 | done',
    '+   listed | lab.list host h1 | done',
    '    seen | lab.look | failed: unavailable',
    '+   listed | lab.list host h2 | done',
    '    seen | lab.look | done',
  ]);
  const assumed = await planOf(body, { recorded: seen, assume: ['steps.rounds[0].seen.score=2'] });
  expect(assumed.assumptions).toBe(1);
  expect(outline(assumed).filter(line => line.includes('seen'))).toEqual([
    '    seen | lab.look | done',
    '    seen | lab.look | done',
  ]);
  expect((await planOf(body, { recorded: seen, assume: ['steps.seen.score=2'] })).assumptions).toBe(2);
});

test('loops in loops are planned round by round', async () => {
  const body = `
respond:
  - id: teams
    for_each: '[["h1", "h2"], ["h3"]]'
    as: hosts
    max: 3
    steps:
      - id: members
        for_each: hosts
        as: name
        max: 2
        steps: [{ id: listed, do: lab.list, with: { host: "{{name}}" } }]
`;
  expect(outline(await planOf(body))).toEqual([
    '  teams | for_each [["h1", "h2"], ["h3"]]: 2 of at most 3 | done',
    '    members | for_each hosts: 2 of at most 2 | done',
    '+     listed | lab.list host h1 | done',
    '+     listed | lab.list host h2 | done',
    '    members | for_each hosts: 1 of at most 2 | done',
    '+     listed | lab.list host h3 | done',
  ]);
});

test('a list that is too long plans nothing of the loop', async () => {
  const body = `
respond:
  - id: rounds
    for_each: '["h1", "h2"]'
    as: name
    max: 1
    steps: [{ id: listed, do: lab.list, with: { host: "{{name}}" } }]
`;
  const plan = await planOf(body);
  expect(outline(plan)).toEqual(['  rounds | for_each ["h1", "h2"]: no rounds | failed: too-many']);
  expect(plan.totals).toMatchObject({ add: 0 });
});

test('an undecided step fails, its handler is planned, and the list goes on', async () => {
  const body = `
enrich:
  found: { do: lab.look }
respond:
  - id: listed
    if: enrich.found.score >= 8
    do: lab.list
    with: { host: h1 }
    on_error: [{ id: handled, do: lab.tell, with: { to: soc, subject: Undecided } }]
  - { id: after, do: lab.mark, with: { host: h1 } }
`;
  expect(outline(await planOf(body))).toEqual([
    '! listed | lab.list host h1 | failed: undecided',
    '~   handled | lab.tell to soc | done',
    '+ after | lab.mark host h1 | done',
  ]);
});

test('where a step fails the rest is not reached, and finally is planned all the same', async () => {
  const body = `
respond:
  - { id: look, do: lab.look }
  - { id: listed, do: lab.list, with: { host: h1 } }
finally:
  - { id: told, do: lab.tell, with: { to: soc, subject: "{{run.status}}" } }
`;
  const plan = await planOf(body);
  expect(outline(plan)).toEqual([
    '  look | lab.look | failed: unavailable',
    '  listed | lab.list | not reached',
    '~ told | lab.tell to soc | done',
  ]);
  expect(stepOf(plan, 'listed').details).toEqual(['not reached']);
});

test('choose, stop, wait and undo are planned as they would go', async () => {
  const body = `
respond:
  - choose:
      - { if: "event.host.name == 'h2'", then: [{ id: other, do: lab.list, with: { host: h2 } }] }
      - { if: "event.host.name == 'h1'", then: [{ id: ours, do: lab.list, with: { host: h1 } }] }
      - else: [{ id: neither, do: lab.tell, with: { to: soc, subject: Whose? } }]
  - { id: pause, wait: { for: 24h } }
  - { id: until, wait: { until: "2026-11-25T10:00:00Z", within: 2d } }
  - id: night
    wait: { window: nights, within: 1d }
    otherwise: [{ id: missed, do: lab.tell, with: { to: soc, subject: Missed } }]
  - id: cleared
    wait: { event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" }, within: 2h }
    otherwise: [{ id: late, do: lab.tell, with: { to: soc, subject: Not cleared } }]
  - { id: back, undo: ours, because: over }
  - { stop: done, because: enough }
  - { id: never, do: lab.wipe, with: { host: h1 } }
`;
  const nights = {
    name: 'nights',
    days: [3],
    from: 1_320,
    to: 1_380,
    timezone: 'UTC',
    span: startOf('guardrails.yaml'),
  };
  const plan = await planOf(body, { guardrails: { ...NO_GUARDRAILS, windows: [nights] } });
  expect(outline(plan)).toEqual([
    '   | choose | done',
    '+   ours | lab.list host h1 | done',
    '  pause | wait | done',
    '  until | wait until 2026-11-25T10:00:00Z | done',
    '  night | wait for window nights | done',
    '  cleared | wait for lab.cleared | expired',
    '~   late | lab.tell to soc | done',
    '- back | undo ours | done',
    '   | stop: done | done',
    '  never | lab.wipe | not reached',
  ]);
  // The clock of a plan is its own: days pass at once, and the heading keeps the time that was asked for.
  expect(stepOf(plan, 'cleared').outcome?.at).toBe(Date.parse('2026-11-26T00:00:00Z'));
  expect(plan.at).toBe(NINE);
});

test('branches are planned side by side, each with its steps, and where one fails what comes next is not reached', async () => {
  const body = `
respond:
  - id: both
    parallel:
      one: [{ id: look, do: lab.look }, { id: unseen, do: lab.list, with: { host: h1 } }]
      two: [{ id: listed, do: lab.list, with: { host: h2 } }]
  - { id: next, do: lab.mark, with: { host: h3 } }
`;
  expect(outline(await planOf(body))).toEqual([
    '  both | parallel | failed: unavailable',
    '    one | branch | not reached',
    '      look | lab.look | failed: unavailable',
    '      unseen | lab.list | not reached',
    '    two | branch | not reached',
    '+     listed | lab.list host h2 | done',
    '  next | lab.mark | not reached',
  ]);
  expect(outline(await planOf(body, { recorded: SCORE_9 })).filter(line => line.startsWith('+'))).toEqual([
    '+     unseen | lab.list host h1 | done',
    '+     listed | lab.list host h2 | done',
    '+ next | lab.mark host h3 | done',
  ]);
});

test('an event that would be raised is shown with its fields, and is no message', async () => {
  const plan = await planOf(`
respond:
  - { id: spread, emit: local.spread, with: { level: 3, host: { name: "{{event.host.name}}" } } }
`);
  expect(outline(plan)).toEqual(['~ spread | emit local.spread | done']);
  expect(stepOf(plan, 'spread').details).toEqual(['level 3 · host {"name":"h1"}']);
  expect(plan.totals).toMatchObject({ add: 0, messages: 0 });
});

test('what a called playbook would do is planned below its call, and counted', async () => {
  const called = playbookText(
    `
trigger: [{ call: true }]
inputs: { host: { type: string } }
respond:
  - { id: listed, do: lab.list, with: { host: "{{inputs.host}}" } }
  - { id: told, do: lab.tell, with: { to: soc, subject: Listed } }
`,
    'contain',
  );
  const caller = playbookText('\nrespond: [{ id: contain, call: contain, with: { host: "{{event.host.name}}" } }]\n');
  const [installed, ...others] = installTogether(caller, called);
  if (installed === undefined) throw new Error('two playbooks');
  const planned = await plan({ ...requestFor(installed, labCatalogue), others });
  if ('refused' in planned) throw new Error(planned.refused);
  expect(outline(planned)).toEqual([
    '  contain | call contain | done',
    '+   listed | lab.list host h1 | done',
    '~   told | lab.tell to soc | done',
  ]);
  expect(planned.totals).toMatchObject({ add: 1, messages: 1 });
});

test('a read about what is planned is known after the run, whatever the case it is written in', async () => {
  const body = `
respond:
  - { id: listed, do: lab.list, with: { host: h1 } }
  - { id: again, do: lab.see, with: { host: H1 } }
  - { id: other, do: lab.see, with: { host: h2 }, on_error: continue }
`;
  const plan = await planOf(body, { catalogue: withMore(), recorded: recordedAs() });
  expect(outline(plan)).toEqual([
    '+ listed | lab.list host h1 | done',
    '? again | lab.see host H1 | done',
    '  other | lab.see host h2 | failed: unavailable',
  ]);
  expect(plan.totals).toMatchObject({ unknown: 1 });
});

test('a message about a host makes no look at it unknown: it changes nothing', async () => {
  const body = `
respond:
  - { id: told, do: lab.page, with: { host: h1 } }
  - { id: seen, do: lab.see, with: { host: h1 }, on_error: continue }
`;
  const plan = await planOf(body, { catalogue: withMore(), recorded: recordedAs({ action: 'lab.see', output: {} }) });
  expect(outline(plan)).toEqual(['~ told | lab.page host h1 | done', '  seen | lab.see host h1 | done']);
});

test('what a message would say is shown as it would be said, not as it would be said later', async () => {
  const body = `
respond:
  - { id: told, do: lab.say, with: { text: "list: {{outcome.listed.status}}" } }
  - { id: listed, do: lab.list, with: { host: h1 } }
`;
  const plan = await planOf(body, { catalogue: withMore() });
  expect(stepOf(plan, 'told').details).toEqual(['says list: skipped']);
});

test('a playbook that is paused is planned, and its mode said', async () => {
  const plan = await planOf('\nmode: paused\nrespond:\n  - { id: listed, do: lab.list, with: { host: h1 } }\n');
  expect(plan.mode).toBe('paused');
  expect(plan.totals).toMatchObject({ add: 1 });
});

test('a playbook that is started by hand is planned with its inputs', async () => {
  const body = `
trigger:
  - manual: true
inputs:
  host: { type: string }
incident: "by-hand:{{inputs.host}}"
lock: "host:{{inputs.host}}"
respond:
  - { id: listed, do: lab.list, with: { host: "{{inputs.host}}" } }
`;
  const plan = await planOf(body, { subject: { inputs: { host: 'h7' } } });
  expect(outline(plan)).toEqual(['+ listed | lab.list host h7 | done']);
  expect(plan).toMatchObject({ incident: 'by-hand:h7', lock: 'host:h7' });
  expect(plan.event).toBeUndefined();
});
