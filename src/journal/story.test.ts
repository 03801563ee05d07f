import { expect, test } from 'vitest';
import type { CommandId, QuestionId, ResponseKey, RunId, Version } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { startOf } from '../base/span.ts';
import type { Facts, Outcome } from '../machine/command.ts';
import type { HoldRow, Intention, Question, RecordBody, ResponseRow } from './record.ts';
import { plain, storyOf, summary } from './story.ts';

const AT = Date.parse('2026-11-24T09:00:00Z');
const command = 'block[0].feed' as CommandId;
const response = 'a response' as ResponseKey;
const question = 'q1' as QuestionId;
const run = 'r1' as RunId;

const facts: Facts = {
  run,
  playbook: 'block-infected-host',
  mode: 'active',
  started: AT,
  incident: 'host:h1',
  url: '',
  params: {},
};
const event = { id: '7c2e', origin: 'carbonblack', type: 'carbonblack.alert', time: '', host: { name: 'FIN-WS-042' } };
const birth = { facts, version: 'v' as Version, lane: 0, overdue: AT };
const row = {
  key: response,
  action: 'skyatp.add-infected-host',
  targets: [
    { input: 'ip', kind: 'ip', value: '10.0.0.5' },
    { input: 'ip', kind: 'ip', value: '10.0.0.6' },
  ],
  state: 'in-force',
} as unknown as ResponseRow;
const asked = { id: question, who: ['soc-lead', 'soc'], text: 'Block it?' } as unknown as Question;
const verdict = { is: 'malicious', because: 'score 10', missing: [], undecided: [] };

function settled(outcome: Omit<Outcome, 'at'>, output?: Json): RecordBody {
  const settlement = { command, outcome: { ...outcome, at: AT }, ...(output === undefined ? {} : { output }) };
  return { kind: 'told', input: { kind: 'settled', at: AT, ...settlement }, commands: [], judgements: [] };
}

/** `tone kind: text` of each line. */
function told(
  body: RecordBody,
  actionOf: (command: string) => string | undefined = () => 'skyatp.lookup-hash',
): string[] {
  return storyOf({ run, seq: 0, at: AT, body }, actionOf).map(({ at, kind, tone, text }) => {
    expect(at).toBe(AT);
    return `${tone} ${kind}: ${text}`;
  });
}

test.each<[body: RecordBody, lines: readonly string[]]>([
  [
    { kind: 'woken', birth: { ...birth, facts: { ...facts, event } } },
    ['plain event: block-infected-host woken by carbonblack.alert 7c2e on FIN-WS-042, incident host:h1'],
  ],
  [
    { kind: 'woken', birth: { ...birth, facts: { ...facts, event: { ...event, host: 'none' } } } },
    ['plain event: block-infected-host woken by carbonblack.alert 7c2e, incident host:h1'],
  ],
  [
    { kind: 'woken', birth: { ...birth, by: 'ann' } },
    ['plain event: block-infected-host woken by ann, incident host:h1'],
  ],
  [
    settled({ status: 'done' }, { score: 10, found: true }),
    ['plain evidence: block[0].feed skyatp.lookup-hash done: score 10 · found yes'],
  ],
  [settled({ status: 'done', planned: true }), ['plain evidence: block[0].feed skyatp.lookup-hash planned']],
  [
    settled({ status: 'done', already: true, by: 'ann' }),
    ['plain evidence: block[0].feed skyatp.lookup-hash already so, not ours by ann'],
  ],
  [
    settled({ status: 'failed', reason: 'timeout', detail: 'no answer' }, { score: 1 }),
    ['bad evidence: block[0].feed skyatp.lookup-hash failed (timeout, no answer)'],
  ],
  [
    { kind: 'told', input: { kind: 'cancel', by: 'ann', at: AT, late: [] }, commands: [], judgements: [] },
    ['bad end: cancelled by ann'],
  ],
  [
    { kind: 'told', input: { kind: 'overdue', at: AT, late: [] }, commands: [], judgements: [] },
    ['bad end: the run is overdue'],
  ],
  [{ kind: 'told', input: { kind: 'begin', at: AT }, commands: [command], judgements: [] }, []],
  [
    { kind: 'attempted', command, attempt: 2, reason: 'rate-limited', detail: 'status 429', again: AT + 5_000 },
    ['bad trouble: block[0].feed: attempt 2 rate-limited (status 429); again at 2026-11-24T09:00:05.000Z'],
  ],
  [
    { kind: 'attempted', command, attempt: 3, reason: 'auth', detail: 'status 401' },
    ['bad trouble: block[0].feed: attempt 3 auth (status 401)'],
  ],
  [
    { kind: 'refused', command, rule: 'infrastructure', detail: 'ip 10.0.0.5 is protected' },
    ['bad trouble: block[0].feed: refused by infrastructure ip 10.0.0.5 is protected'],
  ],
  [{ kind: 'refused', command, rule: 'pause', detail: '' }, ['bad trouble: block[0].feed: refused by pause']],
  [{ kind: 'asked', question: asked }, ['plain question: asked soc-lead, soc: Block it? [q1]']],
  [{ kind: 'answered', question, answer: 'block', by: 'ann' }, ['plain question: ann answered block']],
  [{ kind: 'question-closed', question, why: 'answered', answer: 'block' }, []],
  [{ kind: 'question-closed', question, why: 'expired' }, ['bad question: question expired']],
  [{ kind: 'question-closed', question, why: 'cancelled' }, ['bad question: question cancelled']],
  [
    { kind: 'late', command, outcome: { status: 'done', at: AT } },
    ['plain trouble: block[0].feed: answered after the run had moved on: done'],
  ],
  [{ kind: 'response-began', response: row }, ['good response: skyatp.add-infected-host 10.0.0.5, 10.0.0.6: in force']],
  [
    { kind: 'response-began', response: { ...row, state: 'unconfirmed' } },
    ['good response: skyatp.add-infected-host 10.0.0.5, 10.0.0.6: accepted, not yet seen to take effect'],
  ],
  [
    { kind: 'hold-ended', response, run, command, why: 'time' },
    ['plain undo: hold of block[0].feed ended: its time is over'],
  ],
  [
    { kind: 'hold-ended', response, run, command, why: 'event' },
    ['plain undo: hold of block[0].feed ended: what it waited for came'],
  ],
  [
    { kind: 'undo-attempted', response, reason: 'unreachable', detail: 'no connection' },
    ['bad trouble: not taken back yet: unreachable (no connection)'],
  ],
  [{ kind: 'response-ended', response, state: 'undone', detail: 'by ann' }, ['good undo: taken back by ann']],
  [
    { kind: 'response-ended', response, state: 'gone', detail: 'somebody else took it back' },
    ['good undo: gone: somebody else took it back'],
  ],
  [{ kind: 'response-ended', response, state: 'left', detail: 'no rights' }, ['bad undo: left: no rights']],
  [{ kind: 'ended', status: 'done' }, ['good end: run done']],
  [{ kind: 'ended', status: 'failed', because: 'a bug' }, ['bad end: run failed: a bug']],
  [
    { kind: 'bug', message: 'x is not a function', stack: '…' },
    ['bad trouble: a bug in Backline: x is not a function'],
  ],
  // What only machines need to know.
  [{ kind: 'intended', intent: {} as unknown as Intention }, []],
  [{ kind: 'hold-added', hold: {} as unknown as HoldRow }, []],
  [{ kind: 'undo-intended', response, by: 'ann', because: 'over' }, []],
])('of %j is told %j', (body, lines) => {
  expect(told(body)).toEqual(lines);
});

test('a step that calls no action is named by its id alone', () => {
  expect(told(settled({ status: 'done' }, { answer: 'block' }), () => undefined)).toEqual([
    'plain evidence: block[0].feed done: answer block',
  ]);
});

test('the verdict is told with what decided it, and with what is missing', () => {
  const check = {
    is: 'malicious',
    span: startOf('p.yaml'),
    chosen: true,
    trace: { text: 'a >= b', shown: '10 >= 8', result: { state: 'value', value: true }, parts: [] },
  } as const;
  const body = (missing: readonly string[], chosen: boolean): RecordBody => ({
    kind: 'told',
    input: { kind: 'begin', at: AT },
    commands: [],
    judgements: [{ kind: 'verdict', verdict: { ...verdict, missing }, checks: [{ ...check, chosen }] }],
  });
  expect(told(body([], true))).toEqual(['plain verdict: malicious: score 10 (10 >= 8)']);
  expect(told(body(['file', 'sensor'], false))).toEqual(['plain verdict: malicious: score 10; missing: file, sensor']);
});

test.each<[value: Json, text: string]>([
  [true, 'yes'],
  [false, 'no'],
  [null, 'null'],
  [0.5, '0.5'],
  ['text', 'text'],
  [[], 'none'],
  [['a', 1, true], 'a, 1, yes'],
  [{ a: 1 }, '{"a":1}'],
  ['x'.repeat(60), 'x'.repeat(60)],
  ['x'.repeat(61), `${'x'.repeat(59)}…`],
])('%j is %s in a few words', (value, text) => {
  expect(plain(value)).toBe(text);
});

test('an output is summed up field by field; what is no object, as it is', () => {
  expect(summary({ id: 1042, online: true, addresses: ['10.0.0.5'] })).toBe(
    'id 1042 · online yes · addresses 10.0.0.5',
  );
  expect(summary({})).toBe('');
  expect(summary(null)).toBe('null');
});
