import { expect, test } from 'vitest';
import type { CommandId, QuestionId, ResponseKey, RunId } from '../base/ids.ts';
import { project } from './project.ts';
import type { HoldRow, RecordBody, ResponseRow } from './record.ts';

const run = 'run-1' as RunId;
const command = 'feed' as CommandId;
const response = 'feed:192.0.2.7' as ResponseKey;
const question = 'question-1' as QuestionId;

const row: ResponseRow = {
  key: response,
  run,
  playbook: 'block-host',
  incident: 'host:fin-ws-042',
  step: 'feed',
  command,
  action: 'skyatp.add-infected-host',
  input: { ip: '192.0.2.7' },
  targets: [{ kind: 'ip', value: '192.0.2.7', input: 'ip' }],
  began: 900,
  state: 'in-force',
};
const hold: HoldRow = { response, run, command, added: 900, events: [], since: 1 };

test('an intent is open from its record on, if it names a response', () => {
  const intent = { command, action: 'skyatp.add-infected-host', input: {}, targets: [], key: 'run-1/feed' };
  expect(changes({ kind: 'intended', intent: { ...intent, response } })).toEqual([
    { kind: 'intent-opened', response, run, command },
  ]);
  expect(changes({ kind: 'intended', intent })).toEqual([]);
});

test('an intent is settled by the answer the machine is told, by a late one, and by the response itself', () => {
  const settled = { kind: 'intent-settled', run, command };
  const outcome = { status: 'failed', at: 1_000 } as const;
  const input = { kind: 'settled', at: 1_000, command, outcome } as const;
  expect(changes({ kind: 'told', input, commands: [], judgements: [] })).toEqual([settled]);
  expect(changes({ kind: 'late', command, outcome })).toEqual([settled]);
  expect(changes({ kind: 'response-began', response: row })).toEqual([
    { kind: 'response-put', response: row },
    settled,
  ]);
});

test('what a machine is told besides answers changes no list', () => {
  expect(changes({ kind: 'told', input: { kind: 'begin', at: 1_000 }, commands: [command], judgements: [] })).toEqual(
    [],
  );
});

test('a response is undoing from the intent to undo it, and ends at the time of its record', () => {
  expect(changes({ kind: 'undo-intended', response, by: 'hold', because: 'its time is over' })).toEqual([
    { kind: 'response-state', key: response, state: 'undoing' },
  ]);
  expect(changes({ kind: 'response-ended', response, state: 'gone', detail: 'not listed' })).toEqual([
    { kind: 'response-state', key: response, state: 'gone', ended: 1_000, detail: 'not listed' },
  ]);
});

test('a hold comes and goes', () => {
  expect(changes({ kind: 'hold-added', hold })).toEqual([{ kind: 'hold-put', hold }]);
  expect(changes({ kind: 'hold-ended', response, run, command, why: 'time' })).toEqual([
    { kind: 'hold-dropped', response, run, command },
  ]);
});

test('answers and the end of a question carry the time of their records', () => {
  expect(changes({ kind: 'answered', question, answer: 'yes', by: 'kim' })).toEqual([
    { kind: 'question-answered', question, given: { answer: 'yes', by: 'kim', at: 1_000 } },
  ]);
  expect(changes({ kind: 'question-closed', question, why: 'expired' })).toEqual([
    { kind: 'question-closed', question, closed: { why: 'expired', at: 1_000 } },
  ]);
  expect(changes({ kind: 'question-closed', question, why: 'answered', answer: 'yes', by: 'kim' })).toEqual([
    { kind: 'question-closed', question, closed: { why: 'answered', answer: 'yes', by: 'kim', at: 1_000 } },
  ]);
});

function changes(body: RecordBody) {
  return project({ run, seq: 3, at: 1_000, body });
}
