import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

/* What people fill in beside an answer, as a run lives it (LANGUAGE 6.2). */

const asking = (people: number) =>
  install(
    playbookText(`
respond:
  - id: sure
    ask: Is it ours?
    who: leads
    within: 1h
    people: ${people}
    answers:
      ours: { label: "Yes", then: [{ id: told, do: lab.tell, with: { to: soc, subject: "{{steps.sure.fields.kind}} {{steps.sure.fields.note}}" } }, { id: act, if: has(steps.sure.fields.hosts) && steps.sure.fields.hosts > 1, do: lab.list, with: { host: h1 } }] }
      theirs: { label: "No", people: 1 }
    form:
      kind: { type: choice, label: "What is {{event.host.name}}?", options: [drill, real], required: true }
      hosts: { type: number, label: "How many?", max: 5 }
      note: { type: text, label: "Anything else?", max: 40 }
`),
  );

describe.each(DISKS)('a form on %s', kind => {
  test('is shown with its labels filled in, and what is filled in is the output of the step', async () => {
    const world = await openWorld({ playbooks: [asking(1)], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    const row = await world.store.query.question(await world.question());
    expect(row?.question.form).toEqual([
      { id: 'kind', type: 'choice', label: 'What is h1?', options: ['drill', 'real'], required: true },
      { id: 'hosts', type: 'number', label: 'How many?', max: 5, required: false },
      { id: 'note', type: 'text', label: 'Anything else?', max: 40, required: false },
    ]);
    const fields = { kind: 'drill', hosts: 3 };
    expect(await world.engine.answer(await world.question(), 'ours', 'ann', fields)).toBe('answered');
    await world.finish();
    const { outputs } = (await world.run(run)).head.state.main.memory;
    expect(outputs['sure']).toEqual({ answer: 'ours', by: 'ann', at: '2026-03-01T09:00:00.000Z', fields });
    expect(world.board.changes).toEqual(['lab.tell drill (unknown)', 'lab.list h1']);
  });

  test.each<[JsonObject, string]>([
    [{}, 'kind must be filled in: one of drill, real'],
    [{ kind: 'other' }, 'kind must be one of drill, real, is "other"'],
    [{ kind: 'real', host: 3 }, 'there is no field "host"; did you mean "hosts"?; fields: kind, hosts, note'],
  ])('that is filled in with %j is not taken, and the person may answer again', async (fields, problem) => {
    const world = await openWorld({ playbooks: [asking(1)], disk: createDisk(kind) });
    await world.alarm();
    await world.idle();
    const question = await world.question();
    expect(await world.engine.answer(question, 'ours', 'ann', fields)).toEqual({ problems: [problem] });
    expect(await world.engine.answer(question, 'ours', 'ann', { kind: 'real' })).toBe('answered');
  });

  test('what is written in it is text and nothing else', async () => {
    const world = await openWorld({ playbooks: [asking(1)], disk: createDisk(kind) });
    await world.alarm();
    await world.idle();
    const note = '{{event.host.name}} \u202e${x} <b>';
    await world.engine.answer(await world.question(), 'ours', 'ann', { kind: 'real', note });
    await world.finish();
    expect(world.board.changes).toEqual([`lab.tell real ${note}`]);
  });

  test('several people must say the same and fill in the same, over a crash as well', async () => {
    const world = await openWorld({ playbooks: [asking(2)], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    const question = await world.question();
    await world.engine.answer(question, 'ours', 'ann', { kind: 'drill', hosts: 2 });
    await world.engine.answer(question, 'ours', 'bob', { kind: 'drill', hosts: 3 });
    await world.crash();
    await world.idle();
    expect(world.board.changes).toEqual([]);
    await world.engine.answer(question, 'ours', 'cay', { kind: 'drill', hosts: 3 });
    await world.finish();
    const { outputs } = (await world.run(run)).head.state.main.memory;
    expect(outputs['sure']).toMatchObject({ by: 'bob, cay', fields: { kind: 'drill', hosts: 3 } });
    const row = await world.store.query.question(question);
    expect(row?.given.map(({ by, fields }) => [by, fields?.['hosts']])).toEqual([
      ['ann', 2],
      ['bob', 3],
      ['cay', 3],
    ]);
  });

  test('an answer that one person may give decides alone', async () => {
    const world = await openWorld({ playbooks: [asking(2)], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    await world.engine.answer(await world.question(), 'theirs', 'ann', { kind: 'real' });
    await world.finish();
    expect(world.board.changes).toEqual([]);
    expect(await world.status(run)).toBe('done');
  });

  test('nobody fills it in any more when the run is cancelled', async () => {
    const world = await openWorld({ playbooks: [asking(1)], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    const question = await world.question();
    await world.engine.cancel(run, 'ann', false);
    await world.finish();
    expect(await world.engine.answer(question, 'ours', 'bob', { kind: 'real' })).toBe('closed');
    expect(world.board.changes).toEqual([]);
  });
});
