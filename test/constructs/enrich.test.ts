import { describe, expect, test } from 'vitest';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

/* Questions, waits and loops before the verdict, as a run lives them (LANGUAGE 7). */

const GATHERING = install(
  playbookText(`
enrich:
  files:
    for_each: '["a", "b", "c"]'
    as: file
    max: 3
    at_once: 3
    steps: [{ id: look, do: lab.look, with: { what: "{{file}}" }, retry: { times: 1 } }]
  owner:
    ask: "Whose is {{event.host.name}}?"
    who: leads
    within: 1h
    answers: { ours: { label: Ours }, theirs: { label: Theirs } }
    form: { team: { type: text, label: Team } }
  cleared: { wait: { event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" }, within: 2h } }
verdict:
  - { is: bad, if: 'enrich.files.results.exists(r, r.steps.look.score > 8)' }
  - { is: ours, if: 'enrich.owner.answer == "ours" && enrich.cleared.event.alarm.id == event.alarm.id', because: "{{enrich.owner.fields.team}}" }
  - { is: benign }
respond:
  bad: [{ id: act, do: lab.list, with: { host: h1 } }]
  ours: []
  benign: []
  unknown: [{ id: told, do: lab.tell, with: { to: soc, subject: "{{join verdict.missing}}" } }]
`),
);

const TELLING = install(
  playbookText(`
enrich:
  seen:
    if: has(event.host.name)
    do: lab.look
    with: {}
    retry: { times: 1 }
    on_error:
      - { id: told, do: lab.tell, with: { to: soc, subject: "{{outcome.seen.reason}}" } }
      - { id: again, do: lab.look, with: {}, retry: { times: 1 } }
      - { id: found, do: lab.tell, with: { to: soc, subject: "score {{steps.again.score}}" } }
verdict:
  - { is: bad, if: enrich.seen.score > 8 }
respond:
  bad: []
  unknown: [{ id: sum, do: lab.tell, with: { to: soc, subject: "{{outcome.told.status}} {{outcome.found.status}}" } }]
`),
);

describe.each(DISKS)('enrich on %s', kind => {
  test('asks, waits and goes through lists side by side, and the verdict weighs all of it', async () => {
    const world = await openWorld({ playbooks: [GATHERING], disk: createDisk(kind) });
    world.board.reads({ score: 1 });
    const run = await world.alarm();
    await world.idle();
    expect(world.board.seen).toHaveLength(3);
    await world.engine.answer(await world.question(), 'ours', 'ann', { team: 'sales' });
    await world.cleared('a1');
    await world.finish();
    expect((await world.run(run)).head.state.main.memory.verdict).toMatchObject({ is: 'ours', because: 'sales' });
    expect(await world.status(run)).toBe('done');
  });

  test('names what is missing, round by round, and calls nothing benign', async () => {
    const world = await openWorld({ playbooks: [GATHERING], disk: createDisk(kind) });
    world.board.manner('lab.look', seen =>
      JSON.stringify(seen.input).includes('b')
        ? { kind: 'failed', reason: 'auth', detail: 'no' }
        : { kind: 'done', output: { score: 1 } },
    );
    const run = await world.alarm();
    await world.finish();
    expect((await world.run(run)).head.state.main.memory.verdict).toMatchObject({
      is: 'unknown',
      missing: ['files[1].look', 'owner', 'cleared'],
    });
    expect(world.board.changes).toEqual(['lab.tell files[1].look, owner, cleared']);
    // Missing evidence is no step left undone.
    expect(await world.status(run)).toBe('done');
  });

  test('goes on after a crash with what was asked, waited for and looked up', async () => {
    const world = await openWorld({ playbooks: [GATHERING], disk: createDisk(kind) });
    world.board.hold('lab.look');
    const run = await world.alarm();
    await world.idle();
    world.board.waitingFor('lab.look').done({ score: 1 });
    const question = await world.question();
    await world.engine.answer(question, 'ours', 'ann', {});
    await world.idle();
    world.board.manner('lab.look', () => ({ kind: 'done', output: { score: 1 } }));
    await world.crash();
    await world.cleared('a1');
    await world.finish();
    expect((await world.run(run)).head.state.main.memory.verdict).toMatchObject({ is: 'ours', because: '(unknown)' });
  });

  test('that is cancelled judges nothing, and closes its question', async () => {
    const world = await openWorld({ playbooks: [GATHERING], disk: createDisk(kind) });
    world.board.hold('lab.look');
    const run = await world.alarm();
    await world.idle();
    const question = await world.question();
    await world.engine.cancel(run, 'ann', false);
    await world.finish();
    expect(await world.status(run)).toBe('cancelled');
    expect((await world.run(run)).head.state.main.memory.verdict).toBeUndefined();
    expect(await world.engine.answer(question, 'ours', 'bob')).toBe('closed');
    expect(world.board.changes).toEqual([]);
  });

  test('does what follows a failure, which stays missing evidence', async () => {
    const world = await openWorld({ playbooks: [TELLING], disk: createDisk(kind) });
    world.board.script(
      'lab.look',
      { kind: 'failed', reason: 'auth', detail: 'no' },
      { kind: 'done', output: { score: 9 } },
    );
    const run = await world.alarm();
    await world.finish();
    expect(world.board.changes).toEqual(['lab.tell auth', 'lab.tell score 9', 'lab.tell done done']);
    expect((await world.run(run)).head.state.main.memory.verdict).toMatchObject({ is: 'unknown', missing: ['seen'] });
    expect(await world.status(run)).toBe('done');
  });

  test('goes on to the verdict where what follows a failure fails too, and says so', async () => {
    const world = await openWorld({ playbooks: [TELLING], disk: createDisk(kind) });
    world.board.manner('lab.look', () => ({ kind: 'failed', reason: 'auth', detail: 'no' }));
    const run = await world.alarm();
    await world.finish();
    expect(world.board.changes).toEqual(['lab.tell auth', 'lab.tell done skipped']);
    expect(await world.status(run)).toBe('partial');
  });

  test('does nothing of it where the look-up has answered', async () => {
    const world = await openWorld({ playbooks: [TELLING], disk: createDisk(kind) });
    world.board.reads({ score: 9 });
    await world.alarm();
    await world.finish();
    expect(world.board.changes).toEqual([]);
  });
});
