import fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';
import type {
  Accepted,
  Act,
  Claim,
  Fact,
  Head,
  Input,
  Join,
  Space,
  Store,
  Turn,
  Wake,
} from '../../../src/engine/ports.ts';
import type { ResponseEnd } from '../../../src/journal/record.ts';
import { seenAs } from './hosts.ts';
import type { LineOf } from './kit.ts';
import {
  acceptedOf,
  began,
  birthOf,
  commandId,
  eventOf,
  holdOf,
  inputOf,
  intended,
  joining,
  joinOf,
  late,
  questionId,
  questionOf,
  responseEnded,
  responseKey,
  runId,
  settled,
  START,
  told,
  turnOf,
  undoing,
  versionId,
} from './kit.ts';

/** A call, made anew for each store. Most of its turns follow on where the runs stand; some do not. */
export type Call = (store: Store, stands: Stands) => Promise<unknown>;

/** Where each run stands, with the calls that were made and are not answered yet. */
export type Stands = Map<string, { seq: number; status: Head['status']; waiting: readonly string[] }>;

const among = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
const run = among('r0', 'r1', 'r2', 'r3', 'r4');
/** The first four are known from the start of a story. */
const anyRun = among('r0', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9');
const command = among('c0', 'c1', 'c2');
const response = among('p0', 'p1');
const question = among('q0', 'q1');
const input = among('i0', 'i1', 'i2');

const wake: fc.Arbitrary<Wake> = fc
  .record({
    run: anyRun,
    playbook: among('block-host', 'hunt-c2'),
    once: fc.option(fc.record({ keys: fc.subarray(['a', 'b', 'c']), window: fc.nat(20) })),
  })
  .map(({ run, playbook, once }) => ({
    birth: birthOf(run, { playbook, event: eventOf('e', { host: run }) }),
    ...(once === null ? {} : { once: { keys: once.keys, until: START + once.window } }),
  }));

const anInput: fc.Arbitrary<Input> = fc
  .record({ run: fc.oneof({ weight: 20, arbitrary: run }, among('nobody')), input })
  .map(({ run, input }) =>
    inputOf(run, input, {
      kind: 'release',
      response: responseKey('p0'),
      command: commandId('c0'),
      eventSeq: null,
    }),
  );

const aJoin: fc.Arbitrary<Join> = fc
  .record({
    group: among('alice', 'bob', 'carol', 'dave'),
    time: fc.nat(9),
    completes: among(false, false, false, true),
    since: fc.nat(3),
  })
  .map(({ group, time, ...more }) => joinOf(group, time, { ...more, most: { events: 2, groups: 3 } }));

const accepted: fc.Arbitrary<Accepted> = fc
  .record({
    id: among('e0', 'e1', 'e2', 'e3', 'e4', 'e5'),
    type: among('carbonblack.alert', 'carbonblack.alert-status'),
    wakes: fc.array(wake, { maxLength: 2 }),
    inputs: fc.array(anInput, { maxLength: 1 }),
    joins: fc.array(aJoin, { maxLength: 3 }),
    host: fc.option(
      fc.record(
        { name: among('h1', 'h2'), sensor: among('cb/1', 'cb/2', 'mde/1'), ip: among('10.0.0.1'), most: among(2, 9) },
        { requiredKeys: ['most'] },
      ),
    ),
    // Most are what the event alone says; some are stale.
    key: among('h1', 'h2', 'sensor:1', 'sensor:2', 'sensor:mde/1'),
  })
  .map(({ id, type, host, key, ...more }) => ({
    ...acceptedOf(id, { event: eventOf(id, { type }), ...more }),
    ...(host === null ? {} : { host: seenAs(id, host.name ?? key, host).host }),
  }));

const claim: fc.Arbitrary<Claim> = among<Claim>(
  { kind: 'unpaused' },
  { kind: 'budget', rule: 'isolations', most: 2, window: 10 },
  { kind: 'budget', rule: 'in all', most: 3, window: 15 },
);

/** A line of a turn, once it is known whose turn it is. */
type LineFor = (by: string) => LineOf;

const intent = fc
  .record({ of: command, key: fc.option(response), claims: fc.array(claim, { maxLength: 2 }) })
  .map(({ of, key, claims }): LineFor => {
    const body = intended(of, key ?? undefined);
    const begins: readonly Claim[] = key === null ? [] : [{ kind: 'begin', response: responseKey(key) }];
    return () => ({ body, claims: [...claims, ...begins] });
  });

const begun = fc
  .record({ key: response, of: command, state: among<'in-force' | 'unconfirmed'>('in-force', 'unconfirmed') })
  .map(
    ({ key, of, state }): LineFor =>
      by =>
        began(key, by, of, { state }),
  );

const over = fc.record({ key: response, state: among<ResponseEnd>('undone', 'gone', 'left') }).map(
  ({ key, state }): LineFor =>
    () =>
      responseEnded(key, state),
);

const hold = fc
  .record({ key: response, of: command, what: among<'join' | 'add' | 'end'>('join', 'add', 'end') })
  .map(({ key, of, what }): LineFor => by => {
    if (what === 'join') return joining(key, by, of);
    if (what === 'add') return { kind: 'hold-added', hold: holdOf(key, by, of) };
    return { kind: 'hold-ended', response: responseKey(key), run: runId(by), command: commandId(of), why: 'time' };
  });

const line: fc.Arbitrary<LineFor> = fc.oneof(
  among<LineFor>(() => told),
  command.map(
    (of): LineFor =>
      () =>
        settled(of),
  ),
  command.map(
    (of): LineFor =>
      () =>
        late(of),
  ),
  intent,
  begun,
  response.map(
    (key): LineFor =>
      () =>
        undoing(key),
  ),
  over,
  hold,
  question.map((id): LineFor => by => ({ kind: 'asked', question: questionOf(id, by) })),
  question.map((id): LineFor => () => ({ kind: 'answered', question: questionId(id), answer: 'block', by: 'kim' })),
  question.map((id): LineFor => () => ({ kind: 'question-closed', question: questionId(id), why: 'expired' })),
);

const turn: fc.Arbitrary<(stands: Stands) => Turn> = fc
  .record({
    run,
    lines: fc.array(line, { maxLength: 4 }),
    status: among<Head['status']>('open', 'open', 'open', 'open', 'open', 'done', 'failed', 'cancelled'),
    verdict: among('malicious', 'benign'),
    consume: among('none', 'first', 'first', 'all'),
    fault: fc.oneof({ weight: 30, arbitrary: among('none') }, among('number', 'input')),
  })
  .map(({ run, lines, status, verdict, consume, fault }) => stands => {
    const stood = stands.get(run) ?? { seq: 1, status: 'queued', waiting: [] };
    const taken = consume === 'all' ? stood.waiting : consume === 'first' ? stood.waiting.slice(0, 1) : [];
    const consumed = fault === 'input' ? ['i9'] : taken;
    const now = stood.status === 'queued' || stood.status === 'open' ? status : stood.status;
    const options = { status: now, verdict, consumed };
    const next = turnOf(
      run,
      stood.seq + (fault === 'number' ? 1 : 0),
      lines.map(each => each(run)),
      options,
    );
    const waiting = stood.waiting.filter(id => !consumed.includes(id));
    stands.set(run, { seq: next.head.seq, status: now, waiting });
    return next;
  });

const fact: fc.Arbitrary<Fact> = among<Fact>(
  { kind: 'paused', by: 'kim', because: 'drill', at: START },
  { kind: 'resumed', by: 'kim', at: START },
  { kind: 'version', playbook: 'block-host', version: versionId('v1'), compiled: { steps: [] } },
  { kind: 'audit', by: 'kim', did: 'pause', about: { why: 'drill' }, at: START },
  { kind: 'token', name: 'ci', hash: 'h1', at: START },
  { kind: 'token', name: 'ci', hash: 'h2', at: START },
  { kind: 'token', name: 'console', hash: 'h3', at: START },
  { kind: 'token-revoked', name: 'ci', at: START },
);

const owner = fc.record({
  key: fc.nat(12).map(number => `k${number}`),
  run: run.map(runId),
  space: among<Space>('active', 'active', 'shadow'),
});
const listing = fc.record({ list: among('blocked'), entry: among('a', 'b', 'c') });
const named = fc.record({ playbook: among('hunt-c2'), name: among('seen') });

const act: fc.Arbitrary<Act> = fc
  .tuple(
    owner,
    fc.oneof(
      fc
        .record({ listing, note: fc.option(among('seen')), span: fc.option(fc.nat(20)) })
        .map(({ listing: { list, entry }, note, span }) => ({
          kind: 'list-add' as const,
          list,
          entry,
          value: entry.toUpperCase(),
          ...(note === null ? {} : { note }),
          ...(span === null ? {} : { for: span }),
        })),
      listing.map(of => ({ kind: 'list-remove' as const, ...of })),
      fc.tuple(named, among<Json>(1, 'x', null, [1]), fc.nat(20)).map(([of, value, span]) => ({
        kind: 'remember' as const,
        ...of,
        value,
        for: span,
      })),
      fc.tuple(named, fc.option(among('x', 'y')), fc.option(fc.nat(5))).map(([of, value, amount]) => ({
        kind: 'count' as const,
        ...of,
        ...(value === null ? {} : { value }),
        ...(amount === null ? {} : { amount }),
      })),
      among('one', 'two').map(text => ({ kind: 'note' as const, incident: 'host:fin-ws-042', text })),
    ),
  )
  .map(([of, what]) => ({ ...of, ...what }));

const rejected = fc.array(among({ origin: 'cb', at: START, reason: 'not JSON', raw: '{' }), { maxLength: 1 });

export const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ events: fc.array(accepted, { maxLength: 3 }), rejected, page: fc.nat(9) }).map(
      ({ events, rejected, page }): Call =>
        store =>
          store.accept({ events, rejected, cursor: { source: 'cb', value: page } }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(wake, { maxLength: 2 }).map(
      (wakes): Call =>
        store =>
          store.wake(wakes),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.array(turn, { minLength: 1, maxLength: 3 }).map(
      (turns): Call =>
        (store, stands) =>
          store.commit(turns.map(each => each(stands))),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.array(anInput, { maxLength: 3 }).map(
      (inputs): Call =>
        store =>
          store.deliver(inputs),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(fact, { maxLength: 2 }).map(
      (facts): Call =>
        store =>
          store.note(facts),
    ),
  },
  {
    weight: 3,
    arbitrary: act.map(
      (what): Call =>
        store =>
          store.keep(what),
    ),
  },
);
