import { describe, expect, test } from 'vitest';
import { startOf } from '../../src/base/span.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

/* Waiting for a time and for a window, as a run lives it (LANGUAGE 6). Worlds begin on Sunday, 1 March 2026, at 09:00 UTC. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const waiting = (wait: string) =>
  install(
    playbookText(`
respond:
  - id: pause
    wait: { ${wait} }
    otherwise: [{ id: late, do: lab.tell, with: { to: soc, subject: late } }]
  - { id: act, do: lab.list, with: { host: h1 } }
finally:
  - { id: story, do: lab.tell, with: { to: soc, subject: "{{outcome.pause.status}}" } }
`),
  );

const window = (from: number, to: number, timezone = 'UTC') => ({
  ...NO_GUARDRAILS,
  windows: [{ name: 'nights', days: [0, 1, 2, 3, 4, 5, 6], from, to, timezone, span: startOf('guardrails.yaml') }],
});
const AT_TEN = window(600, 660);
const AT_NOON = window(720, 780);

describe.each(DISKS)('a wait on %s', kind => {
  test('until a time goes on when it has come', async () => {
    const world = await openWorld({ playbooks: [waiting('until: "2026-03-01T10:30:00Z", within: 2h')] });
    await world.alarm();
    await world.pass(90 * MINUTE - 1);
    expect(world.board.changes).toEqual([]);
    await world.pass(1);
    expect(world.board.changes).toEqual(['lab.list h1', 'lab.tell done']);
  });

  test.each([
    ['has passed', 'until: "2026-02-01T10:30:00Z", within: 2h', 0],
    ['comes as its patience ends', 'until: "2026-03-01T11:00:00Z", within: 2h', 2 * HOUR],
  ])('until a time that %s is done', async (_, wait, lasts) => {
    const world = await openWorld({ playbooks: [waiting(wait)], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.pass(lasts);
    expect(await world.outcome(run, 'pause')).toBe('done');
    expect(await world.status(run)).toBe('done');
  });

  test('until a time beyond its patience is over then, and otherwise follows', async () => {
    const world = await openWorld({ playbooks: [waiting('until: "2026-03-02T09:00:00Z", within: 2h')] });
    const run = await world.alarm();
    await world.pass(2 * HOUR);
    expect(world.board.changes).toEqual(['lab.tell late', 'lab.list h1', 'lab.tell expired']);
    expect(await world.status(run)).toBe('partial');
  });

  test('until a time outlives a crash, and is done at once where the time came meanwhile', async () => {
    const world = await openWorld({
      playbooks: [waiting('until: "2026-03-01T10:30:00Z", within: 2h')],
      disk: createDisk(kind),
    });
    const run = await world.alarm();
    await world.pass(HOUR);
    await world.crash();
    await world.pass(29 * MINUTE);
    expect(world.board.changes).toEqual([]);
    world.power.switchOff();
    world.clock.moveTo(world.clock.now() + HOUR);
    await world.crash();
    await world.finish();
    expect(await world.outcome(run, 'pause')).toBe('done');
  });

  test('for a window goes on when it opens, also after a crash', async () => {
    const world = await openWorld({
      playbooks: [waiting('window: nights, within: 1d')],
      guardrails: AT_TEN,
      disk: createDisk(kind),
    });
    await world.alarm();
    await world.pass(30 * MINUTE);
    await world.crash();
    await world.pass(30 * MINUTE - 1);
    expect(world.board.changes).toEqual([]);
    await world.pass(1);
    expect(world.board.changes).toEqual(['lab.list h1', 'lab.tell done']);
  });

  test('for a window that is open does not wait', async () => {
    const world = await openWorld({
      playbooks: [waiting('window: nights, within: 1d')],
      guardrails: window(480, 600),
      disk: createDisk(kind),
    });
    const run = await world.alarm();
    await world.pass(0);
    expect(await world.status(run)).toBe('done');
  });

  test('for a window follows the guardrails when they are changed', async () => {
    const world = await openWorld({
      playbooks: [waiting('window: nights, within: 1d')],
      guardrails: AT_NOON,
      disk: createDisk(kind),
    });
    const [first, second] = [await world.alarm(), await world.alarm({ host: { name: 'h2' } })];
    await world.pass(MINUTE);
    world.setGuardrails(AT_TEN);
    await world.engine.cancel(second, 'ann', false);
    await world.pass(HOUR - MINUTE);
    expect(await world.status(first)).toBe('done');
    expect(await world.status(second)).toBe('cancelled');
    world.setGuardrails(AT_NOON);
    await world.pass(0);
    expect(await world.outcome(second, 'pause')).toBeUndefined();
  });

  test('for a window that does not exist any more fails: not-found', async () => {
    const world = await openWorld({
      playbooks: [waiting('window: nights, within: 1d')],
      guardrails: AT_NOON,
      disk: createDisk(kind),
    });
    const run = await world.alarm();
    await world.pass(MINUTE);
    world.setGuardrails(NO_GUARDRAILS);
    await world.finish();
    expect(await world.outcome(run, 'pause')).toBe('failed: not-found');
    expect(await world.status(run)).toBe('failed');
  });

  test('that is cancelled ends there', async () => {
    const world = await openWorld({ playbooks: [waiting('until: "2026-03-01T10:30:00Z", within: 2h')] });
    const run = await world.alarm();
    await world.idle();
    await world.engine.cancel(run, 'ann', false);
    await world.finish();
    expect(world.board.changes).toEqual(['lab.tell skipped']);
    expect(await world.status(run)).toBe('cancelled');
    await world.pass(2 * HOUR);
    expect(world.board.changes).toEqual(['lab.tell skipped']);
  });
});
