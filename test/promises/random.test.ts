import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Performed } from '../../src/engine/performer.ts';
import { problemsOf } from '../../src/machine/problems.ts';
import { createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { expectRefolds } from '../kit/refold.ts';
import { TestWorld } from '../kit/world.ts';

/*
 * Several runs meet on two hosts, in an order that nobody chose. A tape of numbers decides what happens next; then all
 * goes well again, and everything must come to its end.
 */

const HOUR = 3_600_000;
const HOST = 'with: { host: "{{event.host.name}}" }';
const CLEARED = '{ event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" } }';

const PLAYBOOKS = [
  install(
    playbookText(
      `
enrich:
  seen: { do: lab.look, with: {} }
respond:
  - id: all
    for_each: enrich.seen.hosts
    as: host
    max: 5
    at_once: 2
    steps:
      - { id: list, do: lab.list, with: { host: "{{host}}" }, hold: { for: 2h, until: [${CLEARED}] } }
      - { id: enough, if: outcome.list.status == "unconfirmed", stop: done }
    on_error: continue
  - { id: press, do: lab.press, ${HOST}, hold: { for: 1h }, on_error: continue }
  - { id: back, undo: list, on_error: continue }
finally:
  - { id: last, do: lab.tell, with: { to: soc, subject: over } }
`,
      'one',
    ),
  ),
  install(
    playbookText(
      `
lock: "host:{{event.host.name}}"
respond:
  - { id: act, do: lab.isolate, ${HOST}, approve: { who: leads, within: 1h, otherwise: allow }, hold: { for: 3h }, on_error: continue }
  - { id: news, wait: { ${CLEARED.slice(2, -2)}, within: 30m } }
  - { id: list, do: lab.list, ${HOST}, hold: { for: 1h }, on_error: continue }
`,
      'two',
    ),
  ),
];

const ACTIONS = [
  'lab.look',
  'lab.list',
  'lab.unlist',
  'lab.isolate',
  'lab.release',
  'lab.press',
  'lab.unpress',
  'lab.tell',
];
const ANSWERS: readonly (Performed | 'effect' | 'lost' | 'silence')[] = [
  'effect',
  'lost',
  'silence',
  'effect',
  { kind: 'retry', reason: 'unavailable', detail: '503' },
  { kind: 'failed', reason: 'rejected', detail: 'no' },
  { kind: 'unconfirmed', detail: 'offline' },
  { kind: 'pending', token: 't', again: 5_000 },
];

test('whatever happens, every run ends, every target is free again, nothing is left behind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { minLength: 5, maxLength: 40 }), async tape => {
      const world = new TestWorld({ playbooks: PLAYBOOKS, disk: createDisk('memory') });
      await world.start();
      let turn = 0;
      for (const action of ACTIONS) {
        world.board.manner(action, (seen, board) => {
          const answer = ANSWERS[(tape[turn++ % tape.length] ?? 0) % ANSWERS.length] ?? 'effect';
          if (answer === 'silence') return undefined;
          if (answer === 'effect') return board.effect(seen);
          if (answer !== 'lost') return answer;
          board.effect(seen);
          return { kind: 'retry', reason: 'timeout', detail: 'lost', inDoubt: true };
        });
      }
      for (const choice of tape) await happen(world, choice);
      for (const action of ACTIONS) world.board.manner(action, (seen, board) => board.effect(seen));
      await world.engine.resume('ann');
      await world.finish();
      await world.pass(40 * HOUR);
      await expectQuiet(world);
      await world.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);

async function happen(world: TestWorld, choice: number): Promise<void> {
  const rest = Math.floor(choice / 10);
  switch (choice % 10) {
    case 0:
    case 1:
    case 2:
      await world.alarms({ host: { name: rest % 2 === 0 ? 'h1' : 'h2' } });
      break;
    case 3:
      await world.idle();
      break;
    case 4:
      await world.pass((rest % 60) * 60_000);
      break;
    case 5: {
      const runs = await world.store.query.runs({ limit: 100 });
      const row = runs[rest % Math.max(runs.length, 1)];
      if (row !== undefined) await world.engine.cancel(row.run, 'ann', rest % 2 === 0);
      break;
    }
    case 6: {
      const questions = await world.store.query.questions({ open: true, limit: 100 });
      const question = questions[rest % Math.max(questions.length, 1)]?.question;
      const answer = question?.answers[rest % question.answers.length];
      if (question !== undefined && answer !== undefined) await world.engine.answer(question.id, answer.id, 'bob');
      break;
    }
    case 7:
      await world.cleared(`a${(rest % 8) + 1}`);
      break;
    case 8:
      if (rest % 2 === 0) await world.engine.pause('ann', 'stop it');
      else await world.engine.resume('ann');
      break;
    default:
      if (rest % 2 === 0) await world.crash();
      else await world.restart();
  }
}

async function expectQuiet(world: TestWorld): Promise<void> {
  const errors = world.logged.filter(({ level }) => level === 'error');
  expect(errors).toEqual([]);
  const { runs, openQuestions } = await world.store.query.counts();
  expect([runs['open'], runs['queued'], openQuestions]).toEqual([undefined, undefined, 0]);
  expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
  for (const { run } of await world.store.query.runs({ limit: 1_000 })) {
    const { head } = await world.run(run);
    expect(head.commands).toEqual({});
    const journal = await world.journal(run);
    expect(journal.filter(({ kind }) => kind === 'ended')).toHaveLength(1);
    if (head.state.main.memory.ending !== undefined || head.status === 'done') await expectRefolds(world, run);
  }
  expect((await world.inForce()).map(({ action, state }) => `${action} ${state}`)).toEqual([]);
  expect(await world.store.query.holds()).toEqual([]);
  expect(world.power.alarms).toBe(0);
  // Nobody's intent keeps a target.
  for (const name of ['h1', 'h2']) {
    for (const run of await world.alarms({ host: { name } })) {
      await world.finish();
      const { memory } = (await world.run(run)).head.state.main;
      expect(problemsOf(memory, []).filter(({ status }) => status !== 'expired')).toEqual([]);
    }
  }
}
