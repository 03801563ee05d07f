import { describe, expect, test } from 'vitest';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

/* Loops, and loops in loops, as a run lives them (LANGUAGE 6). */

const NESTED = install(
  playbookText(`
respond:
  - id: teams
    for_each: '[["h1", "h2"], ["h3", "h4"]]'
    as: hosts
    max: 2
    at_once: 2
    steps:
      - id: members
        for_each: hosts
        as: host
        max: 2
        steps:
          - { id: act, do: lab.list, with: { host: "{{host}}" }, hold: { for: 1h, until: [{ event: lab.cleared, if: arrived.alarm.id == host }] } }
        on_error: continue
  - { id: told, do: lab.tell, with: { to: soc, subject: "{{steps.teams.done}} done, {{steps.teams.skipped}} not" } }
finally:
  - { id: story, do: lab.tell, with: { to: soc, subject: "{{count run.responses}} in force{{#each run.problems}} {{this.step}}{{/each}}" } }
`),
);

describe.each(DISKS)('a loop in a loop on %s', kind => {
  test('has as many rounds under way as each allows', async () => {
    const world = await openWorld({ playbooks: [NESTED], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    expect(world.board.waiting.map(({ input }) => input)).toEqual([{ host: 'h1' }, { host: 'h3' }]);
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    while (world.board.waiting.length > 0) world.board.waitingFor('lab.list').done();
    await world.finish();
    expect(world.board.standing).toEqual(['lab.list h1', 'lab.list h2', 'lab.list h3', 'lab.list h4']);
    expect(world.board.changes.slice(4)).toEqual(['lab.tell 2 done, 0 not', 'lab.tell 4 in force']);
    expect(await world.status(run)).toBe('done');
  });

  test('fails in one round and goes on in the others', async () => {
    const world = await openWorld({ playbooks: [NESTED], disk: createDisk(kind) });
    world.board.manner('lab.list', (seen, board) =>
      JSON.stringify(seen.input).includes('h3')
        ? { kind: 'failed', reason: 'rejected', detail: 'no' }
        : board.effect(seen),
    );
    const run = await world.alarm();
    await world.finish();
    expect(world.board.changes.slice(-2)).toEqual([
      'lab.tell 1 done, 1 not',
      'lab.tell 3 in force teams[1].members[0].act teams[1].members',
    ]);
    expect(await world.status(run)).toBe('partial');
  });

  test('goes on in each of its rounds when the power has gone, and does nothing twice', async () => {
    const world = await openWorld({ playbooks: [NESTED], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    world.board.waitingFor('lab.list').done();
    await world.idle();
    await world.crash();
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    await world.finish();
    expect(world.board.changes.slice(0, 4).toSorted()).toEqual([
      'lab.list h1',
      'lab.list h2',
      'lab.list h3',
      'lab.list h4',
    ]);
    expect(world.board.changes.slice(4)).toEqual(['lab.tell 2 done, 0 not', 'lab.tell 4 in force']);
    expect(await world.status(run)).toBe('done');
  });

  test('begins no further round once it is cancelled, and what was in flight is known', async () => {
    const world = await openWorld({ playbooks: [NESTED], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    world.board.waitingFor('lab.list').done();
    await world.idle();
    await world.engine.cancel(run, 'ann', false);
    while (world.board.waiting.length > 0) world.board.waitingFor('lab.list').done();
    await world.finish();
    expect(world.board.changes.toSorted()).toEqual([
      'lab.list h1',
      'lab.list h2',
      'lab.list h3',
      'lab.tell 3 in force',
    ]);
    expect(await world.status(run)).toBe('cancelled');
  });

  test('lets go what each round holds when its own event comes, long after the run', async () => {
    const world = await openWorld({ playbooks: [NESTED], disk: createDisk(kind) });
    await world.alarm();
    await world.finish();
    await world.crash();
    await world.cleared('h3');
    await world.idle();
    expect(world.board.standing).toEqual(['lab.list h1', 'lab.list h2', 'lab.list h4']);
    await world.pass(3_600_000);
    expect(world.board.standing).toEqual([]);
  });
});

describe('a loop over the rounds of another', () => {
  const over = (list: string, inner: string) =>
    install(
      playbookText(`
enrich:
  files:
    for_each: '["a", "b", "c"]'
    as: word
    max: 3
    steps:
      - { id: look, if: word != "c", do: lab.look, with: { what: "{{word}}" } }
vars:
  rounds: enrich.files.results.filter(r, r.status != "nobody")
respond:
  - id: all
    for_each: ${list}
    as: file
    max: 3
    steps:
      - { id: ${inner}, for_each: file.steps.look.hosts, as: host, max: 3, steps: [{ id: act, do: lab.list, with: { host: "{{host}}" } }], on_error: continue }
`),
    );

  test.each(['enrich.files.results', 'vars.rounds'])(
    'tells what failed in %s from what was left out: the one is undecided, the other an empty list',
    async list => {
      const world = await openWorld({ playbooks: [over(list, 'hosts')] });
      world.board.manner('lab.look', (seen, board) =>
        JSON.stringify(seen.input).includes('b')
          ? { kind: 'failed', reason: 'rejected', detail: 'no' }
          : board.effect(seen),
      );
      const run = await world.alarm();
      await world.finish();
      const rounds = (await world.run(run)).head.state.main.memory.rounds?.['all'] ?? [];
      expect(rounds.map(({ outcomes }) => outcomes['hosts'])).toMatchObject([
        { status: 'done' },
        { status: 'failed', reason: 'undecided' },
        { status: 'done' },
      ]);
      expect(world.board.standing).toEqual(['lab.list h1', 'lab.list h2']);
    },
  );
});
