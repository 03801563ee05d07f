import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/engine/ports.ts';
import { StoreTrouble } from '../../../src/engine/ports.ts';
import type { OpenStore } from './kit.ts';
import {
  acceptedOf,
  batchOf,
  began,
  begin,
  beginning,
  benchFor,
  birthOf,
  ended,
  inputOf,
  intended,
  joining,
  joinOf,
  questionOf,
  questionId,
  responseEnded,
  responseKey,
  runId,
  START,
  told,
  turnOf,
  undoing,
  versionId,
} from './kit.ts';
import { loaded, snapshotOf } from './snapshot.ts';

export function describeLife(open: OpenStore): void {
  describe('close', () => {
    const bench = benchFor(open);

    const calls: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
      ['accept', store => store.accept(batchOf(acceptedOf('e2')))],
      ['wake', store => store.wake([{ birth: birthOf('r2') }])],
      ['commit', store => store.commit([turnOf('r1', 1, [told])])],
      ['deliver', store => store.deliver([inputOf('r1', 'i1')])],
      ['note', store => store.note([{ kind: 'resumed', by: 'kim', at: START }])],
      ['load', store => loaded(store)],
      ['ready', store => store.ready()],
      ['query.runs', ({ query }) => query.runs({ limit: 1 })],
      ['query.run', ({ query }) => query.run(runId('r1'))],
      ['query.records', ({ query }) => query.records(runId('r1'))],
      ['query.responses', ({ query }) => query.responses({ limit: 1 })],
      ['query.response', ({ query }) => query.response(responseKey('a'))],
      ['query.holds', ({ query }) => query.holds()],
      ['query.questions', ({ query }) => query.questions({ open: true, limit: 1 })],
      ['query.question', ({ query }) => query.question(questionId('q1'))],
      ['query.eventsSince', ({ query }) => query.eventsSince(0, ['carbonblack.alert'], 1)],
      ['query.event', ({ query }) => query.event('cb/e1')],
      ['query.lastEventSeq', ({ query }) => query.lastEventSeq()],
      ['query.rejected', ({ query }) => query.rejected(1)],
      ['query.cursor', ({ query }) => query.cursor('cb')],
      ['query.pause', ({ query }) => query.pause()],
      ['query.version', ({ query }) => query.version(versionId('v1'))],
      ['query.token', ({ query }) => query.token('h1')],
      ['query.tokens', ({ query }) => query.tokens()],
      ['query.budget', ({ query }) => query.budget('isolations', 1)],
      ['query.counts', ({ query }) => query.counts()],
      ['query.audit', ({ query }) => query.audit(1)],
    ];
    test.for(calls)('%s on a closed store is trouble', async ([, call]) => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.close();
      await expect(call(store)).rejects.toThrow(StoreTrouble);
    });

    test('a store may be closed twice', async () => {
      await bench.store.close();
      await bench.store.close();
    });

    test('what was asked for before is done before it closes', async () => {
      const { store } = bench;
      const [accepted] = await Promise.all([begin(store, 'e1', 'r1'), store.close()]);
      expect(accepted).toMatchObject({ kind: 'accepted' });
    });
  });
}

export function describeDurability(open: OpenStore): void {
  describe('durability', () => {
    const bench = benchFor(open);

    test('what a promise has told is there after the store was opened again', async () => {
      const { store, clock, opened } = bench;
      if (opened.reopen === undefined) throw new Error('a store that says it is on disk must open again');
      await everything(store);
      const before = await snapshotOf(store);
      const reopened = await opened.reopen();
      expect(await snapshotOf(reopened)).toEqual(before);
      expect(await reopened.query.cursor('cb')).toEqual({ page: 3 });
      expect(await reopened.query.token('h1')).toBe('ci');
      expect(await reopened.query.version(versionId('v1'))).toEqual({ steps: [] });
      expect(await reopened.query.budget('isolations', 1_000)).toBe(1);
      expect(await reopened.query.event('cb/e1')).toMatchObject({ seq: 1 });
      expect(await begin(reopened, 'e1', 'r9')).toEqual({ kind: 'duplicate' });
      expect(await begin(reopened, 'e3')).toMatchObject({ seq: 3 });
      expect(await reopened.deliver([inputOf('r1', 'i1'), inputOf('r1', 'i2')])).toEqual(['duplicate', 'duplicate']);
      const again = { birth: birthOf('r9'), once: { keys: ['a'], until: START + 1 } };
      expect(await reopened.wake([again])).toMatchObject({ suppressed: [{ by: 'r3' }] });
      expect(await reopened.commit([turnOf('r1', 9, [beginning('late', 'y')])])).toMatchObject([
        { refused: [{ rule: 'begin' }] },
      ]);
      clock.moveTo(START + 1_000);
      expect(await reopened.query.budget('isolations', 1_000)).toBe(0);
    });
  });
}

/** Something in every list. */
async function everything(store: Store): Promise<void> {
  const rejected = [{ origin: 'cb', at: START, reason: 'not JSON', raw: '{' }];
  await store.accept({
    events: [
      acceptedOf('e1', { wakes: [{ birth: birthOf('r1') }, { birth: birthOf('r2') }] }),
      acceptedOf('e2', { joins: [joinOf('alice', 1)] }),
    ],
    rejected,
    cursor: { source: 'cb', value: { page: 3 } },
  });
  await store.wake([{ birth: birthOf('r3'), once: { keys: ['a'], until: START + 1 } }]);
  await store.deliver([inputOf('r1', 'i1'), inputOf('r1', 'i2')]);
  await store.commit([
    turnOf(
      'r1',
      1,
      [
        { kind: 'asked', question: questionOf('q1', 'r1') },
        { kind: 'answered', question: questionId('q1'), answer: 'block', by: 'kim' },
        { kind: 'question-closed', question: questionId('q1'), why: 'answered', answer: 'block', by: 'kim' },
        { kind: 'asked', question: questionOf('q2', 'r1') },
        { body: intended('feed'), claims: [{ kind: 'budget', rule: 'isolations', most: 1, window: 1_000 }] },
        beginning('feed', 'x'),
        began('x', 'r1', 'feed'),
        joining('x', 'r1', 'feed'),
      ],
      { consumed: ['i1'], verdict: 'malicious' },
    ),
    turnOf('r2', 1, [beginning('feed', 'x'), ended('partial')], { status: 'partial' }),
    turnOf('r3', 1, [began('z', 'r3', 'feed'), undoing('z'), responseEnded('z'), beginning('other', 'y')]),
  ]);
  const act = { run: runId('r1'), space: 'active' } as const;
  await store.keep({ ...act, key: 'k1', kind: 'list-add', list: 'blocked', entry: 'a', value: 'A', note: 'seen' });
  await store.keep({ ...act, key: 'k2', kind: 'remember', playbook: 'hunt-c2', name: 'seen', value: [1], for: 1_000 });
  await store.keep({ ...act, key: 'k3', kind: 'count', playbook: 'hunt-c2', name: 'seen', value: 'x', amount: 2 });
  await store.keep({ ...act, key: 'k4', kind: 'note', incident: 'host:fin-ws-042', text: 'looked at' });
  await store.note([
    { kind: 'paused', by: 'kim', because: 'drill', at: START },
    { kind: 'version', playbook: 'block-host', version: versionId('v1'), compiled: { steps: [] } },
    { kind: 'audit', by: 'kim', did: 'pause', about: {}, at: START },
    { kind: 'token', name: 'ci', hash: 'h1', at: START },
  ]);
}
