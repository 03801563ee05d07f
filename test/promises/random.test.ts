import fc from 'fast-check';
import { expect, test } from 'vitest';
import { problemsOf } from '../../src/machine/problems.ts';
import { createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { expectRefolds } from '../kit/refold.ts';
import { TestWorld } from '../kit/world.ts';
import { behave, happen, misbehave } from '../random/world.ts';

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

test('whatever happens, every run ends, every target is free again, nothing is left behind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { minLength: 5, maxLength: 40 }), async tape => {
      const world = new TestWorld({ playbooks: PLAYBOOKS, disk: createDisk('memory') });
      await world.start();
      misbehave(world, tape);
      for (const choice of tape) await happen(world, choice);
      await behave(world);
      await world.finish();
      await world.pass(40 * HOUR);
      await expectQuiet(world);
      await world.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);

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
