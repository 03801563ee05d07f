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
});

describe('a condition', () => {
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
});

describe('evidence', () => {
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

