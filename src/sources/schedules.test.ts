import { describe, expect, test } from 'vitest';
import { formatInstant } from '../base/clock.ts';
import { at } from '../base/json.ts';
import type { Installed } from '../engine/playbooks.ts';
import { DISKS, createDisk } from '../../test/kit/disk.ts';
import { install, playbookText } from '../../test/kit/load.ts';
import type { TestWorld } from '../../test/kit/world.ts';
import { START, openWorld } from '../../test/kit/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function scheduled(trigger: string, more = 'respond: []\n'): Installed {
  return install(playbookText(`\ntrigger: [ { ${trigger} } ]\n${more}`));
}

const hourly = scheduled('schedule: "0 * * * *"');
const hourlySkipping = scheduled('schedule: "0 * * * *", missed: skip');
/** Each run of it takes two and a half hours. */
const slow = (missed: string) =>
  scheduled(`schedule: "0 * * * *", missed: ${missed}`, 'respond: [ { id: nap, wait: { for: 150m } } ]\n');

/** When each run began, and for which time: `09:00 for 09:00, last 08:00`. */
async function began(world: TestWorld): Promise<string[]> {
  const rows = await world.store.query.runs({ limit: 1_000 });
  const births = await Promise.all(rows.map(async ({ run }) => (await world.run(run)).birth));
  return births.toReversed().map(({ facts }) => {
    const schedule = at(facts.event, ['schedule']);
    const last = at(schedule, ['last']);
    const since = last === undefined ? '' : `, last ${clockTime(last)}`;
    return `${clockTime(formatInstant(facts.started))} for ${clockTime(at(schedule, ['due']))}${since}`;
  });
}

function clockTime(time: unknown): string {
  return String(time).slice(11, 16);
}

// The world begins at 09:00 UTC.
describe.each(DISKS)('a schedule on %s', kind => {
  const open = (playbooks: readonly Installed[]) => openWorld({ playbooks, disk: createDisk(kind) });

  test('wakes a run at each of its times, and tells it the time before', async () => {
    const world = await open([hourly]);
    await world.pass(2.5 * HOUR);
    expect(await began(world)).toEqual(['10:00 for 10:00', '11:00 for 11:00, last 10:00']);
  });

  test('begins when it is first seen: what would have been due before was not missed', async () => {
    const world = await open([scheduled('schedule: "30 8 * * *"')]);
    await world.pass(10 * HOUR);
    expect(await began(world)).toEqual([]);
  });

  test('follows the clocks of its time zone', async () => {
    const world = await open([scheduled('schedule: "30 2 * * *", timezone: Europe/Berlin')]);
    await world.pass(30 * DAY);
    const rows = await world.store.query.runs({ limit: 4 });
    // Clocks go forward on the 29th, and there is no half past two.
    expect(rows.map(({ created }) => formatInstant(created).slice(0, 16))).toEqual([
      '2026-03-31T00:30',
      '2026-03-30T00:30',
      '2026-03-29T01:00',
      '2026-03-28T01:30',
    ]);
  });

  test('makes up once for all that it missed while the daemon was down', async () => {
    const world = await open([hourly]);
    await world.pass(1.5 * HOUR);
    await world.engine.stop();
    world.clock.moveTo(START + 5.5 * HOUR);
    await world.crash();
    await world.pass(HOUR);
    expect(await began(world)).toEqual([
      '10:00 for 10:00',
      '14:30 for 14:00, last 10:00',
      '15:00 for 15:00, last 14:00',
    ]);
  });

  test('skips what it missed where it says so, and is not late for what is due within the minute', async () => {
    const world = await open([hourlySkipping]);
    await world.pass(1.5 * HOUR);
    world.power.switchOff();
    world.clock.moveTo(START + 5.5 * HOUR);
    await world.crash();
    await world.idle();
    world.power.switchOff();
    world.clock.moveTo(START + 7 * HOUR + 59_000);
    await world.crash();
    await world.idle();
    expect(await began(world)).toEqual(['10:00 for 10:00', '16:00 for 16:00, last 10:00']);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ level: 'warn', sentence: 'a scheduled time was missed and is skipped' }),
    );
  });

  test('does not overlap itself: the last time that came meanwhile has its run when the one before has ended', async () => {
    const world = await open([slow('run_once')]);
    await world.pass(6 * HOUR);
    expect(await began(world)).toEqual([
      '10:00 for 10:00',
      '12:30 for 12:00, last 10:00',
      '15:00 for 15:00, last 12:00',
    ]);
  });

  test('leaves out what came meanwhile where it skips', async () => {
    const world = await open([slow('skip')]);
    await world.pass(6 * HOUR);
    expect(await began(world)).toEqual(['10:00 for 10:00', '13:00 for 13:00, last 10:00']);
  });

  test('does not overlap a run that was under way before a restart', async () => {
    const world = await open([slow('run_once')]);
    await world.pass(1.5 * HOUR);
    await world.restart();
    await world.pass(HOUR);
    await world.crash();
    await world.pass(HOUR);
    expect(await began(world)).toEqual(['10:00 for 10:00', '12:30 for 12:00, last 10:00']);
  });

  test.each(['before', 'after'] as const)(
    'takes a time exactly once, whether the power goes just %s its event is on disk',
    async when => {
      const world = await openWorld({ playbooks: [hourly], disk: createDisk(kind) });
      await world.crash({ call: 2, when });
      await world.pass(1.5 * HOUR);
      expect(world.power.isOn).toBe(false);
      await world.crash();
      await world.pass(HOUR);
      expect((await began(world)).map(line => line.slice(6))).toEqual(['for 10:00', 'for 11:00, last 10:00']);
    },
  );

  test('misses nothing while it is paused or gone', async () => {
    const world = await open([hourly]);
    await world.pass(1.5 * HOUR);
    await world.setPlaybooks([{ ...hourly, mode: 'paused' }]);
    await world.pass(2 * HOUR);
    await world.setPlaybooks([]);
    await world.pass(HOUR);
    await world.setPlaybooks([hourly]);
    await world.pass(HOUR);
    expect(await began(world)).toEqual(['10:00 for 10:00', '14:00 for 14:00']);
  });

  test('goes on as it was where it is loaded again, and begins anew where it is another', async () => {
    const world = await open([hourly]);
    await world.pass(1.5 * HOUR);
    await world.setPlaybooks([scheduled('schedule: "0 * * * *"', 'respond: [ { stop: done } ]\n')]);
    await world.pass(HOUR);
    await world.setPlaybooks([scheduled('schedule: "15 * * * *"')]);
    await world.pass(HOUR);
    expect(await began(world)).toEqual(['10:00 for 10:00', '11:00 for 11:00, last 10:00', '12:15 for 12:15']);
  });

  test('is written twice and wakes once', async () => {
    const world = await open([scheduled('schedule: "0 * * * *" }, { schedule: "0 * * * *"')]);
    await world.pass(HOUR);
    expect(await began(world)).toHaveLength(1);
  });

  test('of one playbook wakes no other, also where its text would match as a pattern', async () => {
    const every = install(
      playbookText('\nplaybook: every-minute\ntrigger: [ { schedule: "* * * * *" } ]\nrespond: []\n'),
    );
    const world = await open([hourly, every]);
    await world.pass(HOUR);
    const rows = await world.store.query.runs({ limit: 1_000 });
    expect(
      Object.fromEntries(
        Map.groupBy(rows, row => row.playbook)
          .entries()
          .map(([name, of]) => [name, of.length]),
      ),
    ).toEqual({
      test: 1,
      'every-minute': 60,
    });
  });
});

test('no source can say that a schedule is due', async () => {
  const world = await openWorld({ playbooks: [hourly] });
  const schedule = { due: '2026-03-01T09:00:00Z', playbook: 'test', cron: '0 * * * *', timezone: 'UTC' };
  expect(await world.send({ id: 'forged', type: 'backline.schedule', schedule })).toEqual([
    {
      kind: 'rejected',
      reason: 'events of backline are raised by Backline itself, no source may bring one',
    },
  ]);
});
