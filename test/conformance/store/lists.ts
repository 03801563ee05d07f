import { describe, expect, test } from 'vitest';
import type { ResponseFilter, RunFilter } from '../../../src/engine/ports.ts';
import type { OpenStore } from './kit.ts';
import {
  acceptedOf,
  batchOf,
  began,
  begin,
  benchFor,
  birthOf,
  commandId,
  ended,
  eventOf,
  holdOf,
  inputOf,
  intended,
  questionId,
  questionOf,
  responseEnded,
  responseKey,
  responseOf,
  runId,
  START,
  told,
  turnOf,
  undoing,
} from './kit.ts';
import { loaded } from './snapshot.ts';

export function describeLists(open: OpenStore): void {
  describe('runs', () => {
    const bench = benchFor(open);

    /** r1 ended done with a verdict, r2 is open, r3 is queued; r4 has no event. */
    async function fourRuns() {
      const { store } = bench;
      const on = (host: string) => eventOf('e1', { host });
      await begin(store, 'e1', birthOf('r1', { event: on('fin-ws-042') }), birthOf('r2', { event: on('hr-nb-007') }));
      await begin(
        store,
        'e2',
        birthOf('r3', { event: on('fin-ws-042'), playbook: 'hunt-c2', incident: 'c2:192.0.2.9' }),
      );
      await store.wake([{ birth: birthOf('r4', { playbook: 'hunt-c2' }) }]);
      const end = { status: 'done', verdict: 'malicious', at: START + 70 } as const;
      await store.commit([turnOf('r1', 1, [told, ended('done')], end), turnOf('r2', 1, [told])]);
      return store;
    }

    test('a row says what a list needs to know', async () => {
      const store = await fourRuns();
      const [r4, , , r1] = await store.query.runs({ limit: 10 });
      const same = { version: 'v1', mode: 'active', incident: 'host:fin-ws-042', created: START, suppressed: 0 };
      expect(r4).toEqual({ run: 'r4', playbook: 'hunt-c2', status: 'queued', ...same });
      expect(r1).toEqual({
        run: 'r1',
        playbook: 'block-host',
        status: 'done',
        host: 'fin-ws-042',
        verdict: 'malicious',
        ended: START + 70,
        ...same,
      });
    });

    test.for<[Omit<RunFilter, 'limit'>, ...string[]]>([
      [{}, 'r4', 'r3', 'r2', 'r1'],
      [{ playbook: 'hunt-c2' }, 'r4', 'r3'],
      [{ host: 'fin-ws-042' }, 'r3', 'r1'],
      [{ incident: 'host:fin-ws-042' }, 'r4', 'r2', 'r1'],
      [{ status: 'queued' }, 'r4', 'r3'],
      [{ status: 'open' }, 'r2'],
      [{ status: 'done' }, 'r1'],
      [{ status: 'queued', host: 'fin-ws-042', playbook: 'hunt-c2', incident: 'c2:192.0.2.9' }, 'r3'],
      [{ host: 'FIN-WS-042' }],
    ])('a list by %o is newest first', async ([filter, ...runs]) => {
      const store = await fourRuns();
      expect((await store.query.runs({ ...filter, limit: 10 })).map(({ run }) => run)).toEqual(runs);
      expect((await store.query.runs({ ...filter, limit: 1 })).map(({ run }) => run)).toEqual(runs.slice(0, 1));
    });

    test('a run that is not known has no row, no records and no inputs', async () => {
      const { store } = bench;
      expect(await store.query.run(runId('nobody'))).toBeUndefined();
      expect(await store.query.records(runId('nobody'))).toEqual([]);
    });

    test('what is loaded are the unfinished runs and those that still have inputs, in the order of acceptance', async () => {
      const store = await fourRuns();
      await store.deliver([inputOf('r2', 'i1')]);
      expect((await loaded(store)).map(({ birth }) => birth.facts.run)).toEqual(['r2', 'r3', 'r4']);
      await store.deliver([inputOf('r1', 'i1')]);
      const rows = await loaded(store);
      expect(rows.map(({ birth }) => birth.facts.run)).toEqual(['r1', 'r2', 'r3', 'r4']);
      expect(rows[0]).toEqual(await store.query.run(runId('r1')));
      expect(rows[1]).toMatchObject({ head: { status: 'open', seq: 2 }, inputs: [inputOf('r2', 'i1')] });
      await store.commit([turnOf('r1', 3, [], { status: 'done', consumed: ['i1'] })]);
      expect((await loaded(store)).map(({ birth }) => birth.facts.run)).toEqual(['r2', 'r3', 'r4']);
    });

    test('an ended run with a command that has not settled is loaded too', async () => {
      const store = await fourRuns();
      const late = turnOf('r1', 3, [told], { status: 'done' });
      await store.commit([{ ...late, head: { ...late.head, commands: { block: 'attempting' } } }]);
      expect((await loaded(store)).map(({ birth }) => birth.facts.run)).toEqual(['r1', 'r2', 'r3', 'r4']);
    });

    test('hundreds of runs are loaded, each once', async () => {
      const { store } = bench;
      const runs = Array.from({ length: 450 }, (_, index) => `r${index}`);
      await begin(store, 'e1', ...runs);
      expect((await loaded(store)).map(({ birth }) => birth.facts.run)).toEqual(runs);
    });

    test('runs may be loaded while turns are committed', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      for await (const { birth } of store.load()) await store.commit([turnOf(birth.facts.run, 1, [told])]);
      expect(await store.query.counts()).toMatchObject({ runs: { open: 2 } });
    });
  });

  describe('responses', () => {
    const bench = benchFor(open);

    /** a in force, b unconfirmed, c being taken back, d undone. */
    async function fourResponses() {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      const other = { action: 'carbonblack.isolate-host', incident: 'host:hr-nb-007' };
      await store.commit([
        turnOf('r1', 1, [began('a', 'r1', 'a'), began('b', 'r1', 'b', { state: 'unconfirmed' })]),
        turnOf('r2', 1, [began('c', 'r2', 'c', other), began('d', 'r2', 'd'), undoing('c'), undoing('d')]),
        turnOf('r2', 5, [responseEnded('d')], { at: START + 30 }),
      ]);
      return store;
    }

    test.for<[Omit<ResponseFilter, 'limit'>, ...string[]]>([
      [{}, 'd', 'c', 'b', 'a'],
      [{ inForce: true }, 'c', 'b', 'a'],
      [{ inForce: false }, 'd'],
      [{ run: runId('r1') }, 'b', 'a'],
      [{ incident: 'host:hr-nb-007' }, 'c'],
      [{ action: 'skyatp.add-infected-host' }, 'd', 'b', 'a'],
      [{ action: 'skyatp.add-infected-host', inForce: true, run: runId('r1'), incident: 'host:fin-ws-042' }, 'b', 'a'],
    ])('a list by %o is newest first', async ([filter, ...keys]) => {
      const store = await fourResponses();
      expect((await store.query.responses({ ...filter, limit: 10 })).map(({ key }) => key)).toEqual(keys);
      expect((await store.query.responses({ ...filter, limit: 1 })).map(({ key }) => key)).toEqual(keys.slice(0, 1));
    });

    test('a response goes from in force over undoing to its end', async () => {
      const store = await fourResponses();
      expect(await store.query.response(responseKey('a'))).toEqual(responseOf('a', 'r1', 'a'));
      expect(await store.query.response(responseKey('c'))).toMatchObject({ state: 'undoing' });
      expect(await store.query.response(responseKey('d'))).toEqual(
        responseOf('d', 'r2', 'd', { state: 'undone', ended: START + 30, detail: 'not listed any more' }),
      );
      expect(await store.query.response(responseKey('other'))).toBeUndefined();
    });

    test('what was left and is tried again has no end any more', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.commit([turnOf('r1', 1, [began('a', 'r1', 'a'), responseEnded('a', 'left'), undoing('a')])]);
      expect(await store.query.response(responseKey('a'))).toEqual(responseOf('a', 'r1', 'a', { state: 'undoing' }));
      expect(await store.query.counts()).toMatchObject({ inForce: 1 });
    });

    test('a key that comes again after it ended is listed twice, and the newest is the one', async () => {
      const store = await fourResponses();
      await store.commit([turnOf('r1', 3, [began('d', 'r1', 'd')])]);
      expect(await store.query.response(responseKey('d'))).toEqual(responseOf('d', 'r1', 'd'));
      const rows = await store.query.responses({ limit: 10 });
      expect(rows.filter(({ key }) => key === 'd').map(({ run, state }) => [run, state])).toEqual([
        ['r1', 'in-force'],
        ['r2', 'undone'],
      ]);
    });

    test('a response that was unconfirmed and is confirmed stays one row, where it was', async () => {
      const store = await fourResponses();
      await store.commit([turnOf('r1', 3, [began('b', 'r1', 'b', { output: { listed: true } })])]);
      const rows = await store.query.responses({ limit: 10 });
      expect(rows.map(({ key, state }) => [key, state])).toEqual([
        ['d', 'undone'],
        ['c', 'undoing'],
        ['b', 'in-force'],
        ['a', 'in-force'],
      ]);
    });

    test('holds that stand are listed, in all and by response, until they end', async () => {
      const store = await fourResponses();
      const [first, second] = [holdOf('a', 'r1', 'a'), { ...holdOf('a', 'r2', 'x'), until: START + 9, since: 4 }];
      const other = holdOf('b', 'r1', 'b');
      const add = [first, second, other].map(hold => ({ kind: 'hold-added', hold }) as const);
      await store.commit([turnOf('r1', 3, add)]);
      expect(await store.query.holds()).toEqual([other, second, first]);
      expect(await store.query.holds(responseKey('a'))).toEqual([second, first]);
      const end = { kind: 'hold-ended', response: first.response, run: first.run, command: first.command } as const;
      await store.commit([turnOf('r2', 6, [{ ...end, why: 'time' }])]);
      expect(await store.query.holds(responseKey('a'))).toEqual([second]);
    });
  });

  describe('questions', () => {
    const bench = benchFor(open);

    test('a question is open until it is closed, and keeps what was answered', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      const [first, second] = [questionOf('q1', 'r1'), questionOf('q2', 'r1')];
      await store.commit([
        turnOf('r1', 1, [
          { kind: 'asked', question: first },
          { kind: 'asked', question: second },
        ]),
        turnOf('r1', 3, [{ kind: 'answered', question: questionId('q1'), answer: 'block', by: 'kim' }], {
          at: START + 5,
        }),
      ]);
      const given = [{ answer: 'block', by: 'kim', at: START + 5 }];
      expect(await store.query.questions({ open: true, limit: 10 })).toEqual([
        { question: second, given: [] },
        { question: first, given },
      ]);
      expect(await store.query.counts()).toMatchObject({ openQuestions: 2 });

      const close = { kind: 'question-closed', why: 'answered', answer: 'block', by: 'kim' } as const;
      await store.commit([turnOf('r1', 4, [{ ...close, question: questionId('q1') }], { at: START + 6 })]);
      const closed = { question: first, given, closed: { why: 'answered', answer: 'block', by: 'kim', at: START + 6 } };
      expect(await store.query.questions({ open: false, limit: 10 })).toEqual([closed]);
      expect(await store.query.question(questionId('q1'))).toEqual(closed);
      expect(await store.query.questions({ open: true, limit: 10 })).toEqual([{ question: second, given: [] }]);
      expect(await store.query.questions({ open: true, limit: 0 })).toEqual([]);
      expect(await store.query.counts()).toMatchObject({ openQuestions: 1 });
      expect(await store.query.question(questionId('other'))).toBeUndefined();
    });
  });

  describe('events', () => {
    const bench = benchFor(open);

    test('events of some types after a position are given in order, and no more than asked for', async () => {
      const { store } = bench;
      const types = ['carbonblack.alert', 'carbonblack.alert-status', 'carbonblack.alert', 'jatp.detection'];
      await store.accept(
        batchOf(...types.map((type, i) => acceptedOf(`e${i + 1}`, { event: eventOf(`e${i + 1}`, { type }) }))),
      );
      const since = async (seq: number, of: readonly string[], limit = 10) =>
        (await store.query.eventsSince(seq, of, limit)).map(({ seq: at, event }) => [at, event.id]);
      expect(await since(0, ['carbonblack.alert', 'jatp.detection'])).toEqual([
        [1, 'e1'],
        [3, 'e3'],
        [4, 'e4'],
      ]);
      expect(await since(1, ['carbonblack.alert'])).toEqual([[3, 'e3']]);
      expect(await since(0, types, 2)).toEqual([
        [1, 'e1'],
        [2, 'e2'],
      ]);
      expect(await since(0, [])).toEqual([]);
    });

    test('an event is found by its key', async () => {
      const { store } = bench;
      await begin(store, 'e1');
      expect(await store.query.event('cb/e1')).toEqual({ seq: 1, event: eventOf('e1') });
      expect(await store.query.event('cb/e2')).toBeUndefined();
    });
  });

  describe('counts', () => {
    const bench = benchFor(open);

    test('an empty store counts nothing', async () => {
      expect(await bench.store.query.counts()).toEqual({
        runs: {},
        events: 0,
        rejected: 0,
        inForce: 0,
        openQuestions: 0,
        groups: 0,
        leftOut: 0,
        hosts: 0,
        hostsLeftOut: 0,
        hostsForgotten: 0,
      });
      expect(await bench.store.query.lastEventSeq()).toBe(0);
    });

    test('counts follow what happens', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2', 'r3');
      await begin(store, 'e1', 'r4');
      await store.accept({ events: [], rejected: [{ origin: 'cb', at: START, reason: 'not JSON', raw: '' }] });
      const began3 = ['a', 'b', 'c'].map(key => began(key, 'r1', key));
      await store.commit([turnOf('r1', 1, [...began3, undoing('b'), responseEnded('b')])]);
      await store.commit([turnOf('r2', 1, [told, ended('failed')], { status: 'failed' })]);
      await expect(store.commit([turnOf('r3', 9, [began('x', 'r3', 'x')])])).rejects.toThrow();
      expect(await store.query.counts()).toEqual({
        runs: { open: 1, failed: 1, queued: 1 },
        events: 1,
        rejected: 1,
        inForce: 2,
        openQuestions: 0,
        groups: 0,
        leftOut: 0,
        hosts: 0,
        hostsLeftOut: 0,
        hostsForgotten: 0,
      });
    });

    test('an intent without a response is in no list', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.commit([turnOf('r1', 1, [intended('tell')])]);
      expect(await store.query.responses({ limit: 10 })).toEqual([]);
      expect(await store.query.response(responseKey(commandId('tell')))).toBeUndefined();
    });
  });
}
