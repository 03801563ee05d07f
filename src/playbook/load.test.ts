import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { testCatalogue } from '../../test/kit/catalogue.ts';
import type { Environment, Playbook } from './load.ts';
import { loadPlaybook } from './load.ts';
import type { Step } from './playbook.ts';
import { everyStep, topLists } from './playbook.ts';

const EXAMPLE = readFileSync(new URL('../../test/golden/playbooks/block-infected-host.yaml', import.meta.url), 'utf8');
const LISTS = new Map([['never-block', { file: 'lists/never-block.yaml', text: 'kind: ip\nvalues: ["10.0.0.1"]\n' }]]);

function load(text: string, environment?: Environment) {
  return loadPlaybook({ file: 'playbook.yaml', text, lists: LISTS }, testCatalogue, environment);
}

/** What stands in a body after the keys that every playbook has: `line:column code`. */
function found(body: string, environment?: Environment): string[] {
  const head = `language: v1\nplaybook: p\ndescription: d\nowner: o\n${body.includes('trigger:') ? '' : 'trigger: [{ event: carbonblack.alert }]\n'}`;
  const text = head + body + (/^respond:/m.test(body) ? '' : '\nrespond: []\n');
  return load(text, environment).diagnostics.map(({ code }) => code);
}

function stepsOf(playbook: Playbook | undefined): Step[] {
  return playbook === undefined ? [] : topLists(playbook).flatMap(list => [...everyStep(list)]);
}

test('the example of the language reference loads without a word', () => {
  const { playbook, diagnostics } = load(EXAMPLE);
  expect(diagnostics).toEqual([]);
  expect(playbook?.name).toBe('block-infected-host');
  expect(stepsOf(playbook).map(({ id }) => id)).toEqual([
    'block',
    'feed',
    'dropped',
    'blind',
    'blind_block',
    'blind_feed',
    '_1',
    '_2',
  ]);
});

test('every construct that this build runs loads without a word', () => {
  const text = readFileSync(new URL('../../test/golden/playbooks/every-construct.yaml', import.meta.url), 'utf8');
  const { playbook, diagnostics } = load(text);
  expect(diagnostics).toEqual([]);
  expect(new Set(stepsOf(playbook).map(({ kind }) => kind))).toEqual(
    new Set(['do', 'ask', 'wait', 'parallel', 'choose', 'for_each', 'call', 'emit', 'undo', 'stop']),
  );
});

test('loading generates no code', () => {
  const script = `
    import { testCatalogue } from '${new URL('../../test/kit/catalogue.ts', import.meta.url).href}';
    import { loadPlaybook } from '${new URL('load.ts', import.meta.url).href}';
    const text = ${JSON.stringify(EXAMPLE)};
    const lists = new Map(${JSON.stringify([...LISTS])});
    console.log(loadPlaybook({ file: 'playbook.yaml', text, lists }, testCatalogue).playbook.version);`;
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script];
  expect(execFileSync(process.execPath, flags, { encoding: 'utf8' }).trim()).toBe(load(EXAMPLE).playbook?.version);
});

describe('the playbook that comes out', () => {
  const { playbook } = load(EXAMPLE);

  test('keeps every place', () => {
    const feed = stepsOf(playbook).find(({ id }) => id === 'feed');
    expect(feed?.span.start).toMatchObject({ line: 46, column: 11 });
    expect(feed?.kind === 'do' && feed.withSpans['/ip']?.start).toMatchObject({ line: 48, column: 23 });
    expect(playbook?.verdict?.[1]?.if?.span.start.line).toBe(35);
  });

  test('takes the defaults of the reference', () => {
    expect(playbook).toMatchObject({
      mode: 'active',
      timeout: { value: 7 * 86_400_000 },
      labels: {},
      finally: [{ onError: { kind: 'fail' } }],
    });
    expect(playbook?.verdict?.map(({ certain }) => certain)).toEqual([false, false, true]);
  });

  test('has a version that follows from its text, its lists and nothing else', () => {
    expect(load(EXAMPLE).playbook?.version).toBe(playbook?.version);
    expect(load(`${EXAMPLE}# more\n`).playbook?.version).not.toBe(playbook?.version);
    const lists = new Map([
      ['never-block', { file: 'lists/never-block.yaml', text: 'kind: ip\nvalues: ["10.0.0.2"]\n' }],
    ]);
    expect(loadPlaybook({ file: 'x.yaml', text: EXAMPLE, lists }, testCatalogue).playbook?.version).not.toBe(
      playbook?.version,
    );
  });

  test('holds only the lists that it names', () => {
    const more = new Map([...LISTS, ['other', { file: 'lists/other.yaml', text: 'kind: text\nvalues: [a]\n' }]]);
    const other = loadPlaybook({ file: 'playbook.yaml', text: EXAMPLE, lists: more }, testCatalogue).playbook;
    expect(Object.keys(other?.lists ?? {})).toEqual(['never-block']);
    expect(other?.version).toBe(playbook?.version);
  });
});

test('all mistakes are told at once, and none hides another', () => {
  expect(
    found(`
vars: { Bad: 1, worse: steps.nothing }
enrich:
  a: { do: carbonblack.find-sensor, needs: [b], with: { nam: x } }
respond:
  - { do: notify.send, with: { to: soc }, timeout: 5 minutes }
  - { ask: x, who: [1], answers: { a: { label: A, then: [ { do: notify.sendd } ] } } }
  - { id: l, for_each: event.host.ip, as: ip, max: many, steps: [ { do: srx.check-address, with: { ip: "{{ipp}}" } } ] }
  - { stop: finished }
`).toSorted(),
  ).toEqual(
    [
      'bad-id',
      'unknown-reference', // steps.nothing
      'unknown-key', // needs
      'unknown-input',
      'bad-duration',
      'missing-id',
      'question-without-limit',
      'wrong-type', // who
      'unknown-action', // inside an answer of a step that is wrong itself
      'bad-value', // max
      'unknown-reference', // inside a loop that is wrong itself
      'bad-value', // stop
    ].toSorted(),
  );
});

test('what was not understood is not said to be missing', () => {
  expect(found('respond: [ { id: k, do: carbonblack.kill-process, with: [1], approve: 5 } ]')).toEqual([
    'wrong-type',
    'wrong-type',
  ]);
  expect(found('respond:\n  - do: notify.send\n    with: { to: soc, subject: {{ event.id }} }\n')).toEqual([
    'unquoted-template',
  ]);
});

test('an environment sets parameters, and is held to their types', () => {
  const body = 'params: { n: { type: integer }, d: { type: duration, default: 1h } }\ntimeout: "{{params.d}}"\n';
  expect(found(body)).toEqual([]);
  expect(found(body, { params: {} })).toEqual(['param-without-value']);
  expect(found(body, { params: { n: 5 } })).toEqual([]);
  expect(found(body, { params: { n: 'five', d: '2h' } })).toEqual(['param-type']);
  expect(found(body, { params: { n: 5, m: 1 } })).toEqual(['unknown-param']);
});

test('limits that are parameters count with the value they have here', () => {
  const body = `params: { longest: { type: duration, default: 1h } }
timeout: "{{params.longest}}"
respond: [ { id: w, wait: { for: 2h } } ]`;
  expect(found(body)).toEqual(['within-too-long']);
  expect(found(body, { params: { longest: '3h' } })).toEqual([]);
});

describe('what is in scope where', () => {
  const isolate = '{ id: isolate, do: carbonblack.isolate-host, with: { sensor: 31 } }';
  const use = (id: string) =>
    `{ id: ${id}, if: timestamp(steps.isolate.since) < now, do: carbonblack.release-host, with: { sensor: 31 } }`;
  const enrich = 'enrich: { file: { do: skyatp.lookup-hash, with: { sha256: "{{event.file.hash.sha256}}" } } }\n';
  const send = (text: string) => `{ do: notify.send, with: { to: "${text}", subject: Alert } }`;

  test.each([
    ['a step is not seen before itself', `respond: [ ${use('a')}, ${isolate} ]`, ['out-of-scope']],
    ['a write can be refused by a guardrail', `respond: [ ${isolate}, ${use('a')} ]`, ['maybe-not-run']],
    [
      'an outcome can be asked of steps to come',
      'respond: [ { if: outcome.isolate.status == "done", stop: done }, ' + isolate + ' ]',
      [],
    ],
    [
      'a condition on the outcome makes the output certain',
      `respond: [ ${isolate}, { if: outcome.isolate.status == "done", do: notify.send, with: { to: "{{steps.isolate.since}}", subject: x } } ]`,
      [],
    ],
    [
      'so does a branch of choose',
      `respond: [ ${isolate}, { choose: [ { if: outcome.isolate.status == "done", then: [ ${send('{{steps.isolate.since}}')} ] }, { else: [] } ] } ]`,
      [],
    ],
    [
      'steps of another branch are not seen',
      `verdict: [ { is: a } ]\nrespond: { a: [ ${isolate} ], unknown: [ ${use('b')} ] }`,
      ['out-of-scope'],
    ],
    ['steps of respond are not seen in finally', `respond: [ ${isolate} ]\nfinally: [ ${use('b')} ]`, ['out-of-scope']],
    [
      'a read that failed ends the run, so after it its output is there',
      `respond: [ { id: p, do: carbonblack.search-processes, with: { md5: "d41d8cd98f00b204e9800998ecf8427e" } }, { id: l, for_each: steps.p.processes, as: q, max: 3, steps: [ ${send('{{q.host}}')} ] } ]`,
      [],
    ],
    [
      'an answer is certain in what follows it',
      `respond: [ { id: q, ask: x, who: a, within: 1h, answers: { y: { label: Y, then: [ ${send('{{steps.q.by}}')} ] } } } ]`,
      [],
    ],
    [
      'and not when nobody answered',
      `respond: [ { id: q, ask: x, who: a, within: 1h, answers: { y: { label: Y } }, otherwise: [ ${send('{{steps.q.by}}')} ] } ]`,
      ['maybe-not-run'],
    ],
    [
      'the item of a loop has the type of its list',
      `respond: [ { id: l, for_each: event.host.ip, as: address, max: 3, steps: [ { do: srx.check-address, with: { ip: "{{address.x}}" } } ] } ]`,
      ['unknown-reference'],
    ],
    [
      'the item of a loop is not seen outside it',
      `respond: [ { id: l, for_each: event.host.ip, as: address, max: 3, steps: [] }, ${send('{{address}}')} ]`,
      ['bare-name'],
    ],
    [
      'a branch does not see the steps of another, only their outcomes',
      `respond: [ { parallel: { one: [ ${isolate} ], two: [ ${use('a')}, { if: outcome.isolate.status == "done", stop: done } ] } } ]`,
      ['out-of-scope'],
    ],
    [
      'what follows branches sees the steps of all of them',
      `respond: [ { parallel: { one: [ { id: p, do: carbonblack.search-processes, with: { md5: "d41d8cd98f00b204e9800998ecf8427e" } } ], two: [] } }, { id: l, for_each: steps.p.processes, as: q, max: 3, steps: [ ${send('{{q.host}}')} ] } ]`,
      [],
    ],
    [
      'unless branches may have failed before',
      `respond: [ { parallel: { one: [ { id: p, do: carbonblack.search-processes, with: { md5: "d41d8cd98f00b204e9800998ecf8427e" } } ] }, on_error: continue }, { if: size(steps.p.processes) > 1, stop: done } ]`,
      ['maybe-not-run'],
    ],
    [
      'a round in enrich sees what came before in it, and the entries around',
      `${enrich.trimEnd().replace(/ \}$/, '')}, l: { for_each: event.host.ip, as: a, max: 3, steps: [ { id: c, do: srx.check-address, with: { ip: "{{a}}" } }, { if: steps.c.dropped && enrich.file.found, do: skyatp.lookup-hash, with: { sha256: "3f7a9c1e5b2d8f4a6c0e1b3d5f7a9c1e5b2d8f4a6c0e1b3d5f7a9c1e5b2d8f4a" } } ] } }`,
      [],
    ],
    [
      'nothing of the run is known in enrich, not in its loops either',
      'enrich: { l: { for_each: event.host.ip, as: a, max: 3, steps: [ { if: outcome.l.status == "done", do: srx.check-address, with: { ip: "{{a}}" } } ] } }',
      ['out-of-scope'],
    ],
    [
      'the steps of a loop in enrich are in its results, and may be missing there',
      'enrich: { l: { for_each: event.host.ip, as: a, max: 3, steps: [ { id: c, do: srx.check-address, with: { ip: "{{a}}" } } ] } }\nrespond: [ { if: "enrich.l.results.exists(r, r.steps.c.dropped && r.steps.d.dropped)", stop: done }, { if: "known(enrich.l) && enrich.l.results.exists(r, r.steps.c.dropped)", stop: done } ]',
      ['undecided-condition', 'undecided-condition', 'unknown-reference', 'undecided-condition'],
    ],
    [
      'result is in poll.until only',
      `respond: [ { id: l, for_each: event.host.ip, as: a, max: 3, steps: [ { do: srx.check-address, with: { ip: "{{a}}" }, poll: { every: 5s, until: result.dropped } }, { if: result.dropped, stop: done } ] } ]`,
      ['out-of-scope'],
    ],
    [
      'arrived is the event that came',
      'respond: [ { id: w, wait: { event: carbonblack.alert-status, if: "arrived.alert.id == event.alert.id", within: 1h } } ]',
      [],
    ],
    [
      'arrived has the fields of its own type',
      'respond: [ { id: w, wait: { event: idp.sign-in, if: arrived.alert.id == event.alert.id, within: 1h } } ]',
      ['unknown-reference'],
    ],
    [
      'nothing of a run is known to its trigger',
      'trigger: [ { event: carbonblack.alert, if: enrich.file.found } ]\n' + enrich,
      ['out-of-scope'],
    ],
    [
      'a required enrichment is certain in every branch but unknown',
      `${enrich.replace(' } } }', ' }, required: true } }')}verdict: [ { is: a } ]\nrespond:\n  a: [ { if: enrich.file.found, stop: done } ]\n  unknown: [ { if: enrich.file.found, stop: done } ]`,
      ['undecided-condition'],
    ],
    [
      'has() makes a field of the event certain',
      `respond: [ { if: has(event.user.name), do: notify.send, with: { to: "{{event.user.name}}", subject: x } } ]`,
      [],
    ],
    [
      'has() through a variable does so too',
      `vars: { known_user: has(event.user.name) }\nrespond: [ { if: vars.known_user, do: notify.send, with: { to: "{{event.user.name}}", subject: x } } ]`,
      [],
    ],
    [
      'has() does so for a field that no schema names',
      `respond: [ { if: has(event.raw.owner), do: notify.send, with: { to: "{{event.raw.owner}}", subject: "{{event.raw.owner.x}}" } } ]`,
      [],
    ],
    [
      'and only for that field',
      `respond: [ { if: has(event.raw.owner), do: notify.send, with: { to: "{{event.raw.other}}", subject: x } } ]`,
      ['maybe-missing'],
    ],
    [
      'known() and has() make an answer of a round certain',
      `respond:
  - { id: l, for_each: event.host.ip, as: ip, max: 9, steps: [ { id: seen, do: carbonblack.find-sensor, with: { name: "{{ip}}" } } ] }
  - id: m
    if: outcome.l.status == "done"
    for_each: steps.l.results
    as: r
    max: 9
    steps:
      - { if: known(r.steps.seen) && has(r.steps.seen.name), do: notify.send, with: { to: "{{r.steps.seen.name}}", subject: x } }
      - { do: notify.send, with: { to: "{{r.steps.seen.name}}", subject: x } }`,
      ['maybe-missing'],
    ],
    [
      'what the condition of a trigger asks for is there',
      `trigger: [ { event: carbonblack.alert, if: has(event.user.name) } ]\nrespond: [ ${send('{{event.user.name}}')} ]`,
      [],
    ],
    [
      'unless another trigger does without',
      `trigger: [ { event: carbonblack.alert, if: has(event.user.name) }, { event: idp.sign-in } ]\nrespond: [ ${send('{{event.user.name}}')} ]`,
      ['maybe-missing'],
    ],
    [
      'what events are correlated by is there, in each of them',
      `vars: { names: 'events.map(e, e.user.name)' }
trigger: [ { correlate: { events: [ { name: a, event: idp.sign-in } ], by: [user.name], within: 1h, count: 3 } } ]
respond: [ ${send('{{event.user.name}}')}, { if: 'vars.names.all(n, n != "root")', do: notify.send, with: { to: soc, subject: x } } ]`,
      [],
    ],
    [
      'a field that only one of two triggers has may be absent',
      `trigger: [ { event: carbonblack.alert }, { event: idp.sign-in } ]\nrespond: [ ${send('{{event.alert.id}}')} ]`,
      ['maybe-missing'],
    ],
    [
      'inputs replace the event',
      `trigger: [ { manual: true } ]\ninputs: { user: { type: string } }\nrespond: [ ${send('{{inputs.user}}')}, ${send('{{event.id}}')} ]`,
      ['out-of-scope'],
    ],
    ['without a verdict there is none to ask', `respond: [ ${send('{{verdict.is}}')} ]`, ['out-of-scope']],
    [
      'run.status is known in finally only',
      `respond: [ ${send('{{run.status}}')} ]\nfinally: [ ${send('{{run.status}}')} ]`,
      ['unknown-reference'],
    ],
  ])('%s', (_, body, codes) => {
    expect(found(body)).toEqual(codes);
  });
});

describe('what the checks know beyond their golden pair', () => {
  test.each([
    [
      'a loop goes over a list',
      'respond: [ { id: a, for_each: event.host.name, as: x, max: 1, steps: [] } ]',
      ['type-mismatch'],
    ],
    [
      'a list that may not be known is worth a warning',
      'enrich: { s: { do: carbonblack.find-sensor, with: { name: x } } }\nrespond: [ { id: a, for_each: enrich.s.addresses, as: x, max: 1, steps: [] } ]',
      ['undecided-condition'],
    ],
    [
      'the match of a trigger knows parameters only',
      'params: { n: { type: string, default: x } }\ntrigger: [ { event: carbonblack.alert, match: { host.name: ["{{params.n}}", "{{event.user.name}}"] } } ]',
      ['out-of-scope'],
    ],
    [
      'a trigger whose condition is always false',
      'trigger: [ { event: carbonblack.alert, if: 1 > 2 } ]',
      ['trigger-never-matches'],
    ],
    [
      'a required input cannot be optional',
      'respond: [ { do: notify.send, with: { to: "{{optional event.user.name}}", subject: x } } ]',
      ['missing-input'],
    ],
    [
      'a condition that begins with ! needs quotes',
      'respond: [ { if: !has(event.user.name), stop: done } ]',
      ['yaml-feature'],
    ],
    [
      'a condition that begins with a quote needs more of them',
      'respond:\n  - if: "a" == event.host.name\n    stop: done\n',
      ['yaml-syntax'],
    ],
    [
      'a key of another tool is not offered where it is not allowed',
      'respond: [ { stop: done, needs: [a] } ]',
      ['unknown-key'],
    ],
    [
      'two kinds in one step are one mistake',
      'respond: [ { do: notify.send, stop: done, with: { to: a, subject: b } } ]',
      ['unknown-key'],
    ],
    [
      'a field of a form is known by its type, and absent where it need not be filled in',
      'respond: [ { id: q, ask: x, who: a, within: 1h, form: { n: { type: number, label: N }, t: { type: text, label: T, required: true } }, answers: { y: { label: Y, then: [ { if: steps.q.fields.n > "x", stop: done }, { do: notify.send, with: { to: "{{steps.q.fields.n}}{{steps.q.fields.t}}", subject: x } } ] } } } ]',
      ['type-mismatch', 'maybe-missing'],
    ],
    [
      'without a form there are no fields',
      'respond: [ { id: q, ask: x, who: a, within: 1h, answers: { y: { label: Y, then: [ { if: steps.q.fields.n == 1, stop: done } ] } } } ]',
      ['unknown-reference'],
    ],
    [
      'two people hardly write the same text',
      'respond: [ { id: q, ask: x, who: a, within: 1h, people: 2, form: { n: { type: text, label: N } }, answers: { y: { label: Y } } } ]',
      ['bad-form-field'],
    ],
    [
      'a field has an id like any other',
      'respond: [ { id: q, ask: x, who: a, within: 1h, form: { in: { type: text, label: N } }, answers: { y: { label: Y } } } ]',
      ['reserved-id'],
    ],
    [
      'a branch has an id like any other',
      'respond: [ { parallel: { event: [], Two: [] } } ]',
      ['reserved-id', 'bad-id'],
    ],
    [
      'nothing is reached after branches of which one stops the run',
      'respond: [ { parallel: { one: [ { stop: done } ], two: [] } }, { stop: failed } ]',
      ['unreachable-step'],
    ],
    [
      'loops nest two deep',
      'respond: [ { id: a, for_each: "[1]", as: x, max: 1, steps: [ { id: b, for_each: "[x]", as: y, max: 1, steps: [ { id: c, for_each: "[y]", as: z, max: 1, steps: [] } ] } ] } ]',
      ['loop-too-large'],
    ],
    [
      'rounds within rounds are counted',
      'params: { n: { type: integer, default: 200 } }\nrespond: [ { id: a, for_each: "[1]", as: x, max: "{{params.n}}", steps: [ { id: b, for_each: "[x]", as: y, max: 51, steps: [] } ] } ]',
      ['loop-too-large'],
    ],
    [
      'the item of a loop is not called like that of the loop around it',
      'respond: [ { id: a, for_each: "[1]", as: x, max: 1, steps: [ { id: b, for_each: "[x]", as: x, max: 1, steps: [] } ] } ]',
      ['duplicate-id'],
    ],
    [
      'a question in enrich is evidence, and nothing follows from it',
      'enrich: { q: { ask: x, who: a, within: 1h, answers: { y: { label: Y, then: [ { stop: done } ] } } } }',
      ['not-in-enrich', 'not-in-enrich'],
    ],
    [
      'a loop in enrich looks up',
      'enrich: { l: { for_each: "[1]", as: x, max: 1, steps: [ { id: w, wait: { for: 1m }, otherwise: [] }, { do: notify.send, with: { to: a, subject: b }, on_error: [ { stop: done } ] }, { id: i, do: carbonblack.isolate-host, with: { sensor: 31 } } ] } }',
      ['not-in-enrich', 'not-in-enrich', 'not-in-enrich', 'effect-in-enrich'],
    ],
    [
      'entries of enrich wait for each other through their loops and questions',
      'enrich: { a: { for_each: enrich.b.answer, as: x, max: 1, steps: [] }, b: { ask: "{{count enrich.a.items}}", who: a, within: 1h, answers: { y: { label: Y } } } }',
      ['cyclic-enrich', 'type-mismatch', 'cyclic-enrich'],
    ],
    [
      'a lock is kept while enrich asks',
      'lock: all\nenrich: { q: { ask: x, who: a, within: 2h, answers: { y: { label: Y } } } }',
      ['lock-can-wait-long'],
    ],
    [
      'an emitted event has the fields of its type, of their types, and only those',
      'respond: [ { emit: local.spread, with: { level: high, hots: [a], type: x } }, { emit: local.spread, with: { level: "{{event.id}}" } }, { emit: local.spred }, { emit: carbonblack.alert }, { emit: local.spread } ]',
      ['wrong-event', 'wrong-event', 'wrong-event', 'wrong-event', 'wrong-event', 'wrong-event', 'wrong-event'],
    ],
    ['branches are named', 'respond: [ { parallel: [ [], [] ] } ]', ['wrong-type']],
    ['a routine action needs no approval', 'respond: [ { id: e, do: idp.end-sessions, with: { user: ann } } ]', []],
    [
      'a hold with a limit needs no more',
      'respond: [ { id: f, do: skyatp.add-infected-host, with: { ip: 10.0.0.1 }, hold: { for: 1d } } ]',
      [],
    ],
    [
      'an address that is none is no input',
      'respond: [ { id: f, do: skyatp.add-infected-host, with: { ip: 10.0.0.300 }, hold: { for: 1d } } ]',
      ['wrong-input'],
    ],
    [
      'an unconditional last check leaves nothing unknown',
      'verdict: [ { is: a, if: event.severity > 5.0 }, { is: b } ]\nrespond: { a: [], b: [] }',
      [],
    ],
    ['unknown cannot be written', 'verdict: [ { is: unknown } ]\nrespond: { unknown: [] }', ['reserved-id']],
    [
      'a branch that no check gives is a slip',
      'verdict: [ { is: malicious } ]\nrespond: { malicous: [], malicious: [], unknown: [] }',
      ['unreachable-step'],
    ],
    [
      'a check after one that always holds is dead',
      'verdict: [ { is: a }, { is: b, if: event.severity > 5.0 } ]\nrespond: { a: [], b: [], unknown: [] }',
      ['unreachable-step'],
    ],
    [
      'a choose of which every branch stops ends the run',
      'respond: [ { choose: [ { if: event.severity > 5.0, then: [ { stop: done } ] }, { else: [ { stop: failed } ] } ] }, { stop: done } ]',
      ['unreachable-step'],
    ],
    [
      'match reads values without case and with wildcards',
      'trigger: [ { event: carbonblack.alert, match: { alert.status: ["*RESOLVED", "in progres?"] } } ]',
      [],
    ],
    [
      'numbers that exclude each other match nothing',
      'trigger: [ { event: carbonblack.alert, match: { severity|gte: 80, severity|lt: 40 } } ]',
      ['trigger-never-matches'],
    ],
    [
      'a hold that never ends by its event is dead as well',
      'respond: [ { id: i, do: carbonblack.isolate-host, with: { sensor: 3 }, hold: { until: [ { event: carbonblack.alert-status, match: { alert.status: Gone } } ] } } ]',
      ['trigger-never-matches'],
    ],
    [
      'a hash is no secret',
      'respond: [ { do: notify.send, with: { to: soc, subject: "d41d8cd98f00b204e9800998ecf8427e 3F2504E0-4F89-11D3-9A0C-0305E82C3301" } } ]',
      [],
    ],
    [
      'a long random text is',
      'respond: [ { do: notify.send, with: { to: soc, subject: "q9Zk3Tt7XwPb2LmR8vYc5NdH" } } ]',
      ['secret-literal'],
    ],
    [
      'a poll slower than its step asks once',
      'respond: [ { do: srx.check-address, with: { ip: 10.0.0.1 }, poll: { every: 1m, until: result.dropped } } ]',
      ['within-too-long'],
    ],
    [
      'an unknown field is named by its own path',
      'trigger: [ { event: carbonblack.alert, match: { raw.what.ever: 1, host.ip: 10.0.0.1, host.nam: x } } ]',
      ['unknown-field'],
    ],
    [
      'own actions and events are known like any others',
      'trigger: [ { event: backline.run-faild } ]\nrespond: [ { id: n, do: backline.notes, with: { text: x } } ]',
      ['unknown-event-type', 'unknown-action'],
    ],
    [
      'a var in a cycle breaks nothing else',
      'vars: { a: vars.a, b: vars.a > 1 }\nrespond: [ { if: vars.b, stop: done } ]',
      ['cyclic-vars'],
    ],
  ])('%s', (_, body, codes) => {
    expect(found(body)).toEqual(codes);
  });
});

test.each([
  ['ip', '10.0.0.300', 'bad-value'],
  ['ip', '10.0.0.0/33', 'bad-value'],
  ['hash', 'abc', 'bad-value'],
  ['email', 'ann', 'bad-value'],
  ['ip', '10.0.0.0/8', undefined],
  ['name', 'anything at all', undefined],
])('a value of a list that nothing can match is told: %s %s', (kind, value, code) => {
  const lists = new Map([['never-block', { file: 'l.yaml', text: `kind: ${kind}\nvalues: ["${value}"]\n` }]]);
  const { diagnostics } = loadPlaybook({ file: 'playbook.yaml', text: EXAMPLE, lists }, testCatalogue);
  expect(diagnostics.map(diagnostic => diagnostic.code)).toEqual(code === undefined ? [] : [code]);
});

test('a list that is wrong is told in its own file', () => {
  const lists = new Map([['never-block', { file: 'lists/never-block.yaml', text: 'kind: ips\nvalues: [1]\n' }]]);
  const { playbook, diagnostics } = loadPlaybook({ file: 'playbook.yaml', text: EXAMPLE, lists }, testCatalogue);
  expect(playbook).toBeUndefined();
  const lines = diagnostics.map(({ code, span }) => `${span.file}:${span.start.line} ${code}`);
  expect(lines).toEqual(['lists/never-block.yaml:1 bad-value', 'lists/never-block.yaml:2 wrong-type']);
});
