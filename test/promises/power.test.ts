import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunId } from '../../src/base/ids.ts';
import { createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import type { Cut } from '../kit/power.ts';
import { expectRefolds } from '../kit/refold.ts';
import { TestWorld } from '../kit/world.ts';

/*
 * One story with everything in it, told again and again, its power cut at every call of the store in turn: before the
 * call, and after it but before anybody is told. However it is hurt, it must end as the unhurt one did.
 */

const playbook = install(
  playbookText(`
lock: "host:{{event.host.name}}"
enrich:
  first: { do: lab.look, with: { what: first } }
  second: { do: lab.look, with: { what: second } }
verdict:
  - { is: malicious, if: enrich.first.score > 7 && enrich.second.score > 7 }
respond:
  malicious:
    - id: all
      for_each: enrich.first.hosts
      as: host
      max: 5
      at_once: 2
      steps:
        - { id: list, do: lab.list, with: { host: "{{host}}" }, hold: { for: 2h } }
        - { id: isolate, do: lab.isolate, with: { host: "{{host}}" }, hold: { for: 4h, until: [{ event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" } }] } }
    - { id: mark, do: lab.mark, with: { host: h9 }, approve: { who: leads, within: 1h, otherwise: deny }, hold: { for: 3h } }
    - { id: breath, wait: { for: 5m } }
    - id: news
      wait: { event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" }, within: 1h, since: run }
    - { id: told, do: lab.tell, with: { to: soc, subject: acted } }
  unknown: []
finally:
  - { id: story, do: lab.tell, with: { to: soc, subject: "over" } }
`),
);

/** How a story ends, without times and numbers. */
interface End {
  readonly changes: readonly string[];
  readonly messages: readonly string[];
  readonly standing: readonly string[];
  readonly status: string;
  readonly outcomes: { readonly [step: string]: string };
  readonly responses: readonly string[];
  readonly calls: number;
}

describe('a story whose power is cut', () => {
  test('ends as the unhurt one did, each effect taking place once', async () => {
    const unhurt = await story([]);
    expect(unhurt.status).toBe('done');
    expect(unhurt.changes).toHaveLength(10);
    expect(unhurt.standing).toEqual([]);
    expect(unhurt.messages).toEqual(['lab.tell acted', 'lab.tell over']);
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; call <= unhurt.calls; call++) {
        const hurt = await story([{ call, when }]);
        expectAlike(hurt, unhurt, `${when} call ${call} of ${unhurt.calls}`);
      }
    }
  }, 60_000);

  test('ends so too when the power goes again soon after it came back', async () => {
    const unhurt = await story([]);
    for (let call = 2; call <= unhurt.calls; call += 3) {
      for (const second of [1, 2, 3, 5, 8]) {
        const hurt = await story([
          { call, when: 'after' },
          { call: second, when: 'before' },
        ]);
        expectAlike(hurt, unhurt, `after call ${call}, then before call ${second}`);
      }
    }
  }, 60_000);
});

function expectAlike(hurt: End, unhurt: End, where: string): void {
  expect(hurt.changes.toSorted(), where).toEqual(unhurt.changes.toSorted());
  expect(hurt.standing, where).toEqual(unhurt.standing);
  expect(hurt.responses, where).toEqual(unhurt.responses);
  expect(new Set(hurt.messages).size, where).toBe(hurt.messages.length);
  // A message that was on its way cannot be looked up, and is not sent twice (E6).
  const inDoubt = Object.keys(hurt.outcomes).filter(step => hurt.outcomes[step] === 'unconfirmed: in-doubt');
  expect(['told', 'story'], where).toEqual(expect.arrayContaining(inDoubt));
  for (const [step, outcome] of Object.entries(unhurt.outcomes)) {
    if (!inDoubt.includes(step)) expect(hurt.outcomes[step], `${step} ${where}`).toBe(outcome);
  }
  expect(hurt.status, where).toBe(inDoubt.length === 0 ? unhurt.status : 'partial');
}

async function story(cuts: readonly Cut[]): Promise<End> {
  const [cut, ...later] = cuts;
  const world = new TestWorld({ playbooks: [playbook], disk: createDisk('sqlite') });
  onTestFinished(() => world.disk.remove().catch(() => {}));
  await world.start(cut);
  for (let most = 1_000; !(await isOver(world)); most--) {
    if (most === 0) throw new Error('it does not end');
    if (!world.power.isOn) await world.crash(later.shift());
    await Promise.race([goOn(world), world.power.off]);
  }
  const calls = world.power.calls;
  const [row] = await world.store.query.runs({ limit: 1 });
  const run = row?.run ?? expect.fail('nothing ran');
  await expectRefolds(world, run);
  expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  expect(world.power.alarms).toBe(0);
  const responses = await world.store.query.responses({ limit: 100 });
  const end: End = {
    changes: world.board.changes.filter(change => !change.startsWith('lab.tell')),
    messages: world.board.changes.filter(change => change.startsWith('lab.tell')),
    standing: world.board.standing,
    status: await world.status(run),
    outcomes: await outcomesOf(world, run),
    responses: responses.map(({ action, targets, state }) => `${action} ${targets[0]?.value} ${state}`).toSorted(),
    calls,
  };
  await world.close();
  return end;
}

/** The alarm comes until it is accepted, people answer, the news comes once, time passes. */
async function goOn(world: TestWorld): Promise<void> {
  if ((await world.store.query.lastEventSeq()) === 0) {
    await world.send({ id: 'a1', type: 'lab.alarm', alarm: { id: 'a1' }, host: { name: 'h1' } });
  }
  await world.idle();
  const [question] = await world.store.query.questions({ open: true, limit: 1 });
  if (question !== undefined) {
    await world.engine.answer(question.question.id, 'approve', 'ann');
    return;
  }
  const [row] = await world.store.query.runs({ limit: 1 });
  const head = row && (await world.run(row.run)).head;
  if (head?.state.main.awaiting.includes('news' as never) === true) {
    await world.send({ id: 'c1', type: 'lab.cleared', alarm: { id: 'a1' } });
    return;
  }
  if (world.power.isOn) world.clock.fireNext();
}

async function isOver(world: TestWorld): Promise<boolean> {
  if (!world.power.isOn) return false;
  await world.idle();
  if (!world.power.isOn) return false;
  const { runs, inForce, events } = await world.store.query.counts();
  return events > 0 && (runs['open'] ?? 0) + (runs['queued'] ?? 0) + inForce === 0;
}

async function outcomesOf(world: TestWorld, run: RunId): Promise<{ [step: string]: string }> {
  const { memory } = (await world.run(run)).head.state.main;
  const rounds = Object.entries(memory.rounds ?? {}).flatMap(([loop, each]) =>
    each.map(round => [`${loop}[${round.index}].`, round] as const),
  );
  const outcomes: { [step: string]: string } = {};
  for (const [prefix, { outcomes: found }] of [['', memory] as const, ...rounds]) {
    for (const [step, { status, reason }] of Object.entries(found))
      outcomes[`${prefix}${step}`] = [status, reason].filter(Boolean).join(': ');
  }
  return outcomes;
}
