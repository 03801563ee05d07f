import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import type { Compiled } from '../../src/machine/compiled.ts';
import { compileText, playbookText } from '../kit/load.ts';
import { played } from './play.ts';
import { playbook } from './playbooks.ts';

const responding = (steps: string, rest = ''): Compiled => compileText(playbookText(`\nrespond:\n${steps}\n${rest}`));

const loop = (more: string, steps = '{ id: mark, do: lab.mark, with: { host: "{{host}}" } }', after = '') =>
  responding(`
  - id: sweep
    for_each: '["h1", "h2", "h3"]'
    as: host
    ${more}
    steps: [${steps}]
  - { id: next, do: lab.list, with: { host: h1 }${after} }
`);

describe('for_each', () => {
  test('has as many rounds under way as at_once says, in the order of the list', () => {
    const play = played(loop('max: 3\n    at_once: 2'));
    expect(play.awaited).toEqual(['sweep[0].mark', 'sweep[1].mark']);
    play.done('sweep[1].mark');
    expect(play.awaited).toEqual(['sweep[0].mark', 'sweep[2].mark']);
    play.done('sweep[0].mark');
    play.done('sweep[2].mark');
    expect(play.awaited).toEqual(['next']);
  });

  test('of a list that is too long runs nothing and fails: too-many', () => {
    const play = played(loop('max: 2'));
    expect(play.asked).toEqual([]);
    expect(play.outcome('sweep')).toBe('failed: too-many');
    expect(play.status).toBe('failed');
  });

  test('goes on with the other rounds when one fails, and fails then', () => {
    const play = played(loop('max: 3'));
    play.fails('sweep[0].mark', 'auth');
    play.done('sweep[1].mark');
    play.done('sweep[2].mark');
    expect(play.outcome('sweep')).toBe('failed: auth');
    expect(play.state.main.memory.outputs['sweep']).toMatchObject({
      items: ['h1', 'h2', 'h3'],
      done: 2,
      failed: 1,
      skipped: 0,
      results: [
        { item: 'h1', status: 'failed', reason: 'auth', outcome: { mark: { status: 'failed' } } },
        { item: 'h2', status: 'done' },
        { item: 'h3', status: 'done' },
      ],
    });
  });

  test('says of each round what came of it where it is neither done nor failed', () => {
    const play = played(loop('max: 3'));
    play.settle('sweep[0].mark', { status: 'denied', at: play.at });
    play.settle('sweep[1].mark', { status: 'refused', reason: 'gateways', at: play.at });
    play.settle('sweep[2].mark', { status: 'expired', at: play.at });
    expect(play.outcome('sweep')).toBe('done');
    expect(play.state.main.memory.outputs['sweep']).toMatchObject({
      done: 0,
      failed: 0,
      skipped: 3,
      results: [{ status: 'denied' }, { status: 'refused', reason: 'gateways' }, { status: 'expired' }],
    });
  });

  test('does not fail over a step that says on_error: continue inside it, and tells of it', () => {
    const play = played(loop('max: 3', '{ id: mark, do: lab.mark, with: { host: "{{host}}" }, on_error: continue }'));
    for (const index of [0, 1, 2]) play.fails(`sweep[${index}].mark`);
    play.done('next');
    expect(play.outcome('sweep')).toBe('done');
    expect(play.status).toBe('partial');
  });

  test('that fails leads where its own on_error says', () => {
    const play = played(loop('max: 3\n    on_error: [{ id: told, do: lab.tell, with: { to: soc, subject: failed } }]'));
    play.fails('sweep[0].mark');
    play.done('sweep[1].mark');
    play.done('sweep[2].mark');
    expect(play.awaited).toEqual(['told']);
    play.done('told');
    expect(play.awaited).toEqual(['next']);
  });

  test('in a loop has its own rounds, and sees the item around', () => {
    const play = played(playbook('nested'), 'seen');
    expect(play.awaited).toEqual(['outer[0].inner[0].mark', 'outer[0].inner[1].mark', 'outer[1].inner[0].mark']);
    play.fails('outer[0].inner[0].mark', 'auth');
    play.done('outer[0].inner[1].mark');
    expect(play.asked.at(-1)).toMatchObject({ id: 'outer[0].mended', input: { subject: 'auth of 2' } });
    play.done('outer[0].mended');
    play.done('outer[0].told');
    play.done('outer[1].inner[0].mark');
    play.done('outer[1].told');
    // The third has nothing to go over.
    expect(play.awaited).toEqual(['last']);
    expect(play.state.main.memory.outputs['outer']).toMatchObject({
      done: 2,
      failed: 0,
      skipped: 1,
      results: [{ steps: { inner: { done: 1, failed: 1, results: [{ item: 'h1', status: 'failed' }, {}] } } }, {}, {}],
    });
  });

  test('in a loop is stopped with it, and all that its rounds had come to is remembered', () => {
    const play = played(playbook('nested'), 'seen');
    play.done('outer[0].inner[0].mark');
    play.settle('outer[1].inner[0].mark', { status: 'unconfirmed', reason: 'not-yet', at: play.at });
    expect(play.state.main.memory.ending).toMatchObject({ kind: 'done', stopped: true, because: 'h3 of 1' });
    const rounds = play.state.main.memory.rounds?.['outer'] ?? [];
    expect(rounds.map(({ rounds: inner }) => (inner?.['inner'] ?? []).map(({ status }) => status))).toEqual([
      ['done', 'cancelled'],
      ['unconfirmed'],
    ]);
    expect(play.status).toBe('partial');
  });

  test('counts its rounds, and those beyond what a run may execute are not begun', () => {
    const numbers = (count: number) => JSON.stringify(Array.from({ length: count }, (_, index) => index));
    const play = played(
      responding(`
  - id: outer
    for_each: '${numbers(101)}'
    as: x
    max: 101
    steps:
      - { id: inner, for_each: '${numbers(100)}', as: y, max: 100, steps: [] }
    on_error: continue
  - { id: next, do: lab.mark, with: { host: h1 } }
`),
    );
    expect(play.state.main.memory.outcomes['outer']).toMatchObject({
      status: 'failed',
      reason: 'too-many',
      detail: '2 of 101 rounds failed',
    });
    expect(play.state.asked).toBe(10_000);
    // Nothing more may be executed, not even after the loop.
    expect(play.outcome('next')).toBe('failed: too-many');
    expect(play.status).toBe('failed');
  });

  test('over nothing is done at once', () => {
    const play = played(
      responding(
        `\n  - { id: sweep, for_each: "[]", as: host, max: 3, steps: [{ id: mark, do: lab.mark, with: { host: "{{host}}" } }] }`,
      ),
    );
    expect(play.outcome('sweep')).toBe('done');
    expect(play.status).toBe('done');
  });

  test('over a list that is not known fails: undecided', () => {
    const compiled = playbook('stops');
    const play = played(compiled);
    play.fails('seen', 'unreachable');
    expect(play.outcome('sweep')).toBe('failed: undecided');
    expect(play.awaited).toEqual(['act']);
  });

  test('asks nothing more of rounds that a stop has dropped, not even what the same step has asked', () => {
    const play = played(playbook('stops'));
    const { commands } = play.done('seen', { score: 1, hosts: ['h1', 'h2', 'stop', 'h3'] });
    expect(commands.map(({ step }) => step)).toEqual(['_1']);
    expect(play.awaited).toEqual(['_1']);
    play.done('_1');
    expect(play.status).toBe('failed');
    expect(play.state.main.memory.ending).toMatchObject({ kind: 'failed', because: 'at stop' });
  });

  test('that is stopped remembers what its rounds had come to', () => {
    const play = played(playbook('stops'));
    play.done('seen', { score: 1, hosts: ['h1', 'h2', 'h3', 'h4'] });
    play.done('sweep[1].mark');
    play.settle('sweep[0].mark', { status: 'unconfirmed', reason: 'not-yet', at: play.at });
    expect(play.awaited).toEqual(['_1']);
    const rounds = play.state.main.memory.rounds?.['sweep'] ?? [];
    expect(rounds.map(({ index, status }) => [index, status])).toEqual([
      [0, 'unconfirmed'],
      [1, 'done'],
      [2, 'cancelled'],
      [3, 'cancelled'],
    ]);
  });

  test('that is cancelled remembers what was in flight, and begins no round', () => {
    const play = played(loop('max: 3\n    at_once: 2'));
    const late = {
      command: play.awaited[0] ?? expect.fail('nothing awaited'),
      outcome: { status: 'done', at: play.at },
    } as const;
    const { commands } = play.tell({ kind: 'cancel', at: play.at, by: 'ann', late: [late] });
    expect(commands).toEqual([]);
    expect(play.status).toBe('cancelled');
    expect(play.state.main.memory.rounds?.['sweep']?.[0]?.outcomes).toMatchObject({ mark: { status: 'done' } });
  });
});

describe('choose', () => {
  const choice = playbook('choices');
  test.each([
    [{ score: 9 }, 'high'],
    [{ score: 6 }, 'guarded'],
    [{ score: 1 }, 'low'],
    [undefined, 'blind'],
  ])('with %o comes to %s', (seen, step) => {
    const play = played(choice);
    if (seen === undefined) play.fails('seen');
    else play.done('seen', seen);
    // `strict` has neither else nor undecided: where nothing is true it is passed over.
    expect(play.awaited).toEqual([step]);
  });

  test('without a branch for it fails when it is undecided, and on_error mends that', () => {
    const play = played(choice);
    play.fails('seen');
    play.done('blind');
    expect(play.outcome('strict')).toBe('failed: undecided');
    expect(play.awaited).toEqual(['mended']);
  });
});

describe('parallel', () => {
  const both = (more = '', next = ' }') =>
    responding(`
  - id: both
    parallel:
      one: [{ id: a, do: lab.look, with: {} }, { id: b, do: lab.mark, with: { host: h1 } }]
      two: [{ id: c, do: lab.mark, with: { host: h2 } }, { id: d, if: outcome.a.status == "done", do: lab.mark, with: { host: h3 } }]
      none: []
    ${more}
  - { id: next, do: lab.mark, with: { host: h4${next} }
`);

  test('goes on when all branches have ended, in whatever order', () => {
    const play = played(both());
    expect(play.awaited).toEqual(['a', 'c']);
    play.done('c');
    // It sees the outcome of the other branch as it is then: not reached.
    expect(play.outcome('d')).toBe('skipped');
    play.done('a', { score: 1 });
    expect(play.awaited).toEqual(['b']);
    play.done('b');
    expect(play.outcome('both')).toBe('done');
    expect(play.awaited).toEqual(['next']);
  });

  test('is failed when a branch was, and says which', () => {
    const play = played(both());
    play.fails('a', 'auth');
    expect(play.awaited).toEqual(['c']);
    play.done('c');
    expect(play.state.main.memory.outcomes['both']).toMatchObject({
      status: 'failed',
      reason: 'auth',
      detail: 'failed: one (a)',
    });
    expect(play.outcome('b')).toBeUndefined();
    expect(play.status).toBe('failed');
    expect(play.state.main.memory.ending).toMatchObject({ kind: 'failed', step: 'both' });
  });

  test('leads where its own on_error says, and what its branches found is known afterwards', () => {
    const play = played(both('on_error: continue', ', level: "{{steps.a.score}}" }, if: outcome.a.status == "done" '));
    play.done('a', { score: 7 });
    play.done('b');
    play.fails('c');
    expect(play.outcome('both')).toBe('failed: rejected');
    expect(play.asked.at(-1)).toMatchObject({ id: 'next', input: { level: 7 } });
    play.done('next');
    expect(play.status).toBe('partial');
  });

  test('ends with the run when a branch says stop, and asks for nothing that another was about to', () => {
    const play = played(playbook('branches'));
    const { commands } = play.done('seen', { score: 9 });
    expect(commands).toEqual([expect.objectContaining({ id: 'a1' }), expect.objectContaining({ id: 'b1' })]);
    expect(play.state.main.memory.ending).toMatchObject({ kind: 'done', stopped: true });
    expect(play.state.asked).toBe(3);
  });

  test('in finally ends a branch at what failed there, and the list goes on', () => {
    const play = played(playbook('branches'));
    play.cancel();
    play.fails('a1');
    expect(play.awaited).toEqual(['b1']);
    play.done('b1');
    expect(play.awaited).toEqual(['very_last']);
    expect(play.outcome('end_both')).toBe('failed: rejected');
  });
});

describe('a condition', () => {
  test('that is false skips its step, one that is undecided fails it, and on_error applies', () => {
    const play = played(playbook('choices'));
    play.done('seen', { score: 4 });
    expect(play.outcome('guarded')).toBe('skipped');
    const other = played(playbook('choices'));
    other.fails('seen');
    other.done('blind');
    other.done('mended');
    expect(other.outcome('guarded')).toBe('failed: undecided');
    // `over` sees that it failed, and stops.
    expect(other.state.main.memory.ending).toMatchObject({ kind: 'failed', stopped: true, because: 'it did not go' });
  });

  test('stands in the judgements with its arithmetic', () => {
    const play = played(playbook('choices'));
    const { judgements } = play.done('seen', { score: 4 });
    expect(judgements).toContainEqual(
      expect.objectContaining({
        kind: 'if',
        command: 'guarded',
        outcome: expect.objectContaining({ status: 'skipped' }),
      }),
    );
  });
});

describe('ask and wait', () => {
  test.each([
    ['go', 'go_on'],
    ['stay', 'news'],
  ])('an answer of %s leads to %s', (answer, next) => {
    const play = played(playbook('patience'));
    play.done('question', { answer, by: 'ann', at: 'now' });
    expect(play.awaited).toEqual([next]);
  });

  test.each(['otherwise', 'error', 'route', 'undecided'])('an answer may be called %s', name => {
    const play = played(
      responding(`
  - id: question
    ask: "Which way?"
    who: leads
    within: 1h
    answers: { ${name}: { label: "This", then: [{ id: mine, do: lab.mark, with: { host: h1 } }] }, other: { label: "That" } }
    otherwise: [{ id: nobody, do: lab.mark, with: { host: h1 } }]
    on_error: [{ id: trouble, do: lab.mark, with: { host: h1 } }]
`),
    );
    play.done('question', { answer: name, by: 'ann', at: 'now' });
    expect(play.awaited).toEqual(['mine']);
  });

  test('no answer in time leads to otherwise, and a wait in vain as well', () => {
    const play = played(playbook('patience'));
    play.settle('question', { status: 'expired', at: play.at });
    expect(play.awaited).toEqual(['nobody']);
    play.done('nobody');
    play.settle('news', { status: 'expired', at: play.at });
    expect(play.awaited).toEqual(['no_news']);
    play.done('no_news');
    play.done('until');
    play.settle('window', { status: 'expired', at: play.at });
    play.done('approved');
    expect(play.status).toBe('partial');
  });
});

describe('a wait until a time', () => {
  const until = (text: string) =>
    responding(`
  - { id: pause, wait: { until: "${text}", within: 1h } }
  - { id: next, do: lab.mark, with: { host: h1 } }
`);

  test('asks for the time that stands there, in whatever zone', () => {
    const play = played(until('2026-03-01T12:00:00+02:00'));
    expect(play.asked).toMatchObject([
      { id: 'pause', wait: { kind: 'until', until: Date.parse('2026-03-01T10:00:00Z'), within: 3_600_000 } },
    ]);
  });

  test.each([
    ['{{event.host.name}}', 'invalid-input'],
    ['{{event.raw.when}}', 'missing-input'],
  ])('that is %s fails: %s', (text, reason) => {
    const play = played(until(text));
    expect(play.outcome('pause')).toBe(`failed: ${reason}`);
    expect(play.status).toBe('failed');
  });
});

describe('evidence', () => {
  test('is looked up side by side, after what it refers to', () => {
    const play = played(playbook('evidence'));
    expect(play.awaited).toEqual(['first', 'apart']);
    play.done('apart', { score: 5 });
    play.done('first', { score: 5 });
    expect(play.awaited).toEqual(['second']);
    play.done('second', { score: 5 });
    expect(play.awaited).toEqual(['third']);
    play.done('third', { score: 5 });
    expect(play.state.main.memory.verdict).toMatchObject({ is: 'benign', missing: [], undecided: [] });
  });

  test('that is required and missing leaves the verdict unknown, whatever the checks say', () => {
    const play = played(playbook('evidence'));
    play.fails('apart');
    play.done('first', { score: 9 });
    play.done('second', { score: 9 });
    play.fails('third', 'unreachable');
    expect(play.state.main.memory.verdict).toMatchObject({ is: 'unknown', missing: ['third'] });
    expect(play.awaited).toEqual(['_1']);
  });

  test('that is missing makes nothing benign', () => {
    const play = played(playbook('evidence'));
    play.done('apart', { score: 1 });
    play.fails('first', 'unreachable');
    play.done('third', { score: 1 });
    expect(play.state.main.memory.verdict).toMatchObject({ is: 'unknown' });
    expect(play.outcome('second')).toBe('failed: undecided');
  });

  test('that is required and missing where nothing is judged fails the run', () => {
    const play = played(playbook('unfounded'));
    play.fails('only');
    expect(play.status).toBe('failed');
    expect(play.asked.map(({ step }) => step)).toEqual(['only']);
  });
});

describe('evidence of other kinds than look-ups', () => {
  const hosts = (...names: string[]) => ({ score: 1, hosts: names });

  test('a loop keeps what its rounds answered, and the verdict names the round that is missing', () => {
    const play = played(playbook('gathering'));
    play.done('seen', hosts('h1', 'h2', 'h3'));
    play.fails('files[0].look', 'unreachable');
    // The second is left out by its own condition: certainly absent.
    for (const id of ['files[0].deeper[0].inner', 'files[1].deeper[0].inner', 'files[0].deeper[1].inner'])
      play.done(id, { score: 1 });
    play.fails('files[1].deeper[1].inner');
    play.done('files[2].look', { score: 2 });
    play.done('files[2].deeper[0].inner', { score: 1 });
    play.done('files[2].deeper[1].inner', { score: 1 });
    expect(play.outcome('files')).toBe('failed: rejected');
    play.done('owner', { answer: 'theirs', by: 'ann', at: 'now' });
    play.done('pause');
    expect(play.state.main.memory.verdict).toMatchObject({
      is: 'unknown',
      missing: ['files[0].look', 'files[1].deeper[1].inner'],
      undecided: ['bad', 'deep'],
    });
    expect(play.outcome('files')).toBe('failed: rejected');
  });

  test('what a round has found decides, whatever is missing in others', () => {
    const play = played(playbook('gathering'));
    play.done('seen', hosts('h1', 'h3'));
    play.fails('files[0].look');
    play.done('files[1].look', { score: 9 });
    for (const id of ['files[0].deeper[0].inner', 'files[1].deeper[0].inner', 'files[0].deeper[1].inner'])
      play.done(id, { score: 1 });
    play.done('files[1].deeper[1].inner', { score: 1 });
    play.settle('owner', { status: 'expired', at: play.at });
    play.done('pause');
    expect(play.state.main.memory.verdict).toMatchObject({ is: 'bad', because: '1 of 2' });
  });

  test('nobody answered, and nothing came: missing, and never benign', () => {
    const play = played(playbook('gathering'));
    play.done('seen', hosts());
    expect(play.outcome('files')).toBe('done');
    play.settle('owner', { status: 'expired', at: play.at });
    // It refers to the answer, and cannot be decided without.
    expect(play.outcome('news')).toBe('failed: undecided');
    play.done('pause');
    expect(play.state.main.memory.verdict).toMatchObject({ is: 'unknown', missing: ['owner', 'news'] });
    expect(play.awaited).toEqual(['told']);
    play.done('told');
    expect(play.status).toBe('done');
  });

  test('a loop over what is not known is missing as a whole', () => {
    const play = played(playbook('gathering'));
    play.fails('seen');
    expect(play.outcome('files')).toBe('failed: undecided');
    play.done('owner', { answer: 'theirs', by: 'ann', at: 'now' });
    play.done('pause');
    expect(play.state.main.memory.verdict).toMatchObject({ is: 'unknown', missing: ['files'] });
  });

  test('an answer and an event are evidence as any other', () => {
    const play = played(playbook('gathering'));
    play.done('seen', hosts());
    play.done('owner', { answer: 'ours', by: 'ann', at: 'now' });
    play.done('news', { event: { alarm: { id: 'a1' } } });
    play.done('pause');
    expect(play.state.main.memory.verdict).toMatchObject({ is: 'ours' });
    expect(play.status).toBe('done');
  });
});

test('a step that needs what is not known is not asked for: failed, missing-input', () => {
  const play = played(
    compileText(
      playbookText(`
enrich:
  seen: { do: lab.look, with: {} }
respond:
  - { id: act, do: lab.mark, with: { host: "{{event.host.name}}", level: "{{enrich.seen.score}}" } }
`),
    ),
  );
  play.fails('seen');
  expect(play.outcome('act')).toBe('failed: missing-input');
  expect(play.status).toBe('failed');
});

test('steps may be called as the machine calls its own states', () => {
  const play = played(playbook('names'));
  const done: string[] = [];
  for (let most = 30; play.status === 'open' && most > 0; most--) {
    const [command = 'nothing'] = play.awaited;
    done.push(command);
    play.done(command, { score: 1 } satisfies Json);
  }
  expect(done).toEqual([
    'waiting',
    'looking',
    'settled',
    'end',
    'judge',
    'respond',
    'failed[0].round',
    'failed[0].ended',
    'failed[1].round',
    'failed[1].ended',
    'finally',
    'respond_too',
    'failing',
    'test',
    'begin',
  ]);
  expect(play.status).toBe('done');
});

test('a step called finally is dropped by a cancel like any other', () => {
  const play = played(playbook('names'), 'waiting', 'looking', 'settled', 'end', 'judge', 'respond');
  for (const command of ['failed[0].round', 'failed[1].round', 'failed[0].ended', 'failed[1].ended'])
    play.done(command);
  expect(play.awaited).toEqual(['finally']);
  play.cancel();
  expect(play.awaited).toEqual(['test']);
});

test('the last steps run on when one of them fails, and the run still ends as it was', () => {
  const play = played(playbook('choices'));
  play.cancel();
  play.fails('note');
  play.done('_1');
  expect(play.status).toBe('cancelled');
});

test('a step whose own condition held is not said to be undecided, whatever is undecided in it', () => {
  const play = played(
    compileText(
      playbookText(`
enrich:
  seen: { do: lab.look, with: {} }
respond:
  - { id: all, if: has(event.host.name), for_each: enrich.seen.hosts, as: host, max: 2, steps: [], on_error: continue }
  - { id: other, if: enrich.seen.score > 5, do: lab.mark, with: { host: h1 }, on_error: continue }
`),
    ),
  );
  const { judgements } = play.fails('seen');
  expect(play.outcome('all')).toBe('failed: undecided');
  expect(play.outcome('other')).toBe('failed: undecided');
  expect(judgements.flatMap(each => (each.kind === 'if' ? each.command : []))).toEqual(['other']);
});
