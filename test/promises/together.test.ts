import { describe, expect, test } from 'vitest';
import type { QuestionId } from '../../src/base/ids.ts';
import type { Question } from '../../src/journal/record.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import type { TestWorld } from '../kit/world.ts';
import { openWorld } from '../kit/world.ts';

/* Approvals of a loop are put on one page, and answered singly or together (LANGUAGE 6.1). */

const looping = (step: string, more = '') =>
  install(
    playbookText(`
respond:
  - id: all
    for_each: '["h1", "h2", "h3"]'
    as: host
    max: 5${more}
    steps:
${step}
    on_error: continue
`),
  );
const APPROVE = 'approve: { who: leads, within: 1h, otherwise: deny }';
const ACT = `      - { id: act, do: lab.list, with: { host: "{{host}}" }, ${APPROVE} }`;

async function open(world: TestWorld): Promise<readonly Question[]> {
  const rows = await world.store.query.questions({ open: true, limit: 100 });
  return rows.toReversed().map(({ question }) => question);
}

async function idOf(world: TestWorld, command: string): Promise<QuestionId> {
  return (
    (await open(world)).find(question => question.command === command)?.id ?? expect.fail(`${command} is not asked`)
  );
}

describe.each(DISKS)('approvals of a loop on %s', kind => {
  const world = (playbook = looping(ACT)) => openWorld({ playbooks: [playbook], disk: createDisk(kind) });

  test('are asked for at once, each with what it is about', async () => {
    const lab = await world();
    await lab.alarm();
    await lab.idle();
    const asked = await open(lab);
    expect(asked.map(({ command, group }) => [command, group])).toEqual([
      ['all[0].act', 'all.act'],
      ['all[1].act', 'all.act'],
      ['all[2].act', 'all.act'],
    ]);
    expect(asked.map(({ about }) => about)).toMatchObject([
      { input: { host: 'h1' }, others: 2 },
      { input: { host: 'h2' } },
      { input: { host: 'h3' } },
    ]);
    expect(lab.board.changes).toEqual([]);
  });

  test('are answered together, and nobody is asked again', async () => {
    const lab = await world();
    const run = await lab.alarm();
    await lab.idle();
    expect(await lab.engine.answerTogether(await idOf(lab, 'all[0].act'), 'approve', 'ann')).toEqual({ answered: 3 });
    await lab.finish();
    expect(lab.board.changes.slice(0, 3)).toEqual(['lab.list h1', 'lab.list h2', 'lab.list h3']);
    expect(await lab.status(run)).toBe('done');
    expect((await lab.journal(run)).filter(({ kind: what }) => what === 'asked')).toHaveLength(3);
  });

  test('are answered singly, in any order, also over a crash; who is denied is left out', async () => {
    const lab = await world();
    await lab.alarm();
    await lab.idle();
    await lab.engine.answer(await idOf(lab, 'all[2].act'), 'approve', 'ann');
    await lab.engine.answer(await idOf(lab, 'all[1].act'), 'deny', 'bob');
    await lab.crash();
    await lab.idle();
    expect(lab.board.changes).toEqual([]);
    expect((await open(lab)).map(({ command }) => command)).toEqual(['all[0].act']);
    await lab.engine.answer(await idOf(lab, 'all[0].act'), 'approve', 'ann');
    await lab.finish();
    expect(lab.board.standing).toEqual(['lab.list h1', 'lab.list h3']);
  });

  test('that were answered ahead count, wherever the power goes', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let call = 3; call <= 14; call++) {
        const lab = await world();
        await lab.alarm();
        await lab.idle();
        await lab.engine.answer(await idOf(lab, 'all[2].act'), 'approve', 'ann');
        await lab.engine.answer(await idOf(lab, 'all[1].act'), 'approve', 'ann');
        await lab.idle();
        await lab.crash({ call, when });
        const first = await Promise.race([idOf(lab, 'all[0].act'), lab.power.off]);
        if (first !== undefined) await Promise.race([lab.engine.answer(first, 'approve', 'ann'), lab.power.off]);
        await Promise.race([lab.idle(), lab.power.off]);
        await lab.crash();
        await lab.idle();
        for (const { id } of await open(lab)) await lab.engine.answer(id, 'approve', 'ann');
        await lab.idle();
        expect(lab.board.standing, `${when} call ${call}`).toEqual(['lab.list h1', 'lab.list h2', 'lab.list h3']);
      }
    }
  });

  test('that nobody answers are over at the same time', async () => {
    const lab = await world();
    const run = await lab.alarm();
    await lab.pass(3_600_000);
    await lab.idle();
    expect(await open(lab)).toEqual([]);
    expect(await lab.status(run)).toBe('partial');
    expect((await lab.journal(run)).filter(({ kind: what }) => what === 'asked')).toHaveLength(3);
  });

  test('are closed where their rounds do not come to it', async () => {
    const lab = await world(
      looping(
        `      - { id: look, do: lab.look, with: { what: "{{host}}" } }\n${ACT}\n      - { id: enough, if: host == "h1", stop: done }`,
      ),
    );
    await lab.alarm();
    await lab.idle();
    expect(await open(lab)).toHaveLength(3);
    await lab.engine.answer(await idOf(lab, 'all[0].act'), 'approve', 'ann');
    await lab.finish();
    expect(await open(lab)).toEqual([]);
    expect(lab.board.standing).toEqual(['lab.list h1']);
  });

  test('are closed with the run when it is cancelled', async () => {
    const lab = await world();
    const run = await lab.alarm();
    await lab.idle();
    await lab.engine.cancel(run, 'ann', false);
    await lab.finish();
    expect(await open(lab)).toEqual([]);
    expect(await lab.status(run)).toBe('cancelled');
  });

  test('count for what was shown alone: what is something else by then is asked about anew', async () => {
    // How the look-up of its own round comes out is only known there.
    const lab = await world(
      looping(
        `      - { id: look, do: lab.look, with: { what: "{{host}}" } }\n      - { id: act, do: lab.list, with: { host: "{{host}}", level: "{{steps.look.score}}" }, ${APPROVE} }`,
      ),
    );
    await lab.alarm();
    await lab.idle();
    expect((await open(lab)).map(({ command }) => command)).toEqual(['all[0].act']);
    expect(await lab.engine.answerTogether(await idOf(lab, 'all[0].act'), 'approve', 'ann')).toEqual({ answered: 1 });
    await lab.idle();
    expect((await open(lab)).map(({ command }) => command)).toEqual(['all[1].act']);
  });

  test('of rounds side by side are on one page too', async () => {
    const lab = await world(looping(ACT, '\n    at_once: 2'));
    await lab.alarm();
    await lab.idle();
    expect((await open(lab)).map(({ command }) => command).toSorted()).toEqual([
      'all[0].act',
      'all[1].act',
      'all[2].act',
    ]);
    expect(await lab.engine.answerTogether(await idOf(lab, 'all[1].act'), 'approve', 'ann')).toEqual({ answered: 3 });
    await lab.finish();
    expect(lab.board.standing).toEqual(['lab.list h1', 'lab.list h2', 'lab.list h3']);
  });

  test('together are only those that the person may answer', async () => {
    const lab = await world();
    await lab.alarm();
    await lab.idle();
    const id = await idOf(lab, 'all[0].act');
    expect(await lab.engine.answerTogether(id, 'perhaps', 'ann')).toBe('unknown-answer');
    expect(await lab.engine.answerTogether('nobody' as QuestionId, 'approve', 'ann')).toBe('unknown-question');
    expect(await open(lab)).toHaveLength(3);
  });
});
