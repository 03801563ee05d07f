import { describe, expect, test } from 'vitest';
import type { RunId } from '../base/ids.ts';
import type { Event } from '../event/event.ts';
import { install, playbookText } from '../../test/kit/load.ts';
import { wakeOf } from './wake.ts';

const EVENT: Event = {
  id: 'a1',
  origin: 'lab',
  type: 'lab.alarm',
  time: '2026-01-01T00:00:00Z',
  alarm: { id: 'a1' },
  host: { name: 'h1' },
};

function woken(head: string, event: Event = EVENT) {
  return wakeOf(install(playbookText(`\n${head}\nrespond: []\n`)), 'r1' as RunId, 1_000, 'https://x', { event });
}

describe('a run is born', () => {
  test('with its incident, its lane and its time', () => {
    expect(woken('incident: "host:{{event.host.name}}"\ntimeout: 1h')).toMatchObject({
      wake: { birth: { facts: { run: 'r1', incident: 'host:h1', started: 1_000 }, overdue: 3_601_000 } },
    });
    expect(woken('')).toMatchObject({
      wake: { birth: { facts: { incident: 'run:r1' }, overdue: 1_000 + 7 * 86_400_000 } },
    });
  });

  test('under a key of all parts of once, and of its playbook', () => {
    const waking = woken('once: { per: ["{{event.host.name}}", "{{event.alarm.id}}"], within: 1h }');
    expect(waking).toMatchObject({ wake: { once: { keys: ['["test","active","h1","a1"]'], until: 3_601_000 } } });
  });

  test('without a key where a part of it is absent: then it suppresses nothing', () => {
    const waking = woken('once: { per: ["{{event.host.name}}", "{{event.user.name}}"], within: 1h }');
    expect('wake' in waking && waking.wake.once).toBeUndefined();
  });

  test('in the lane of its lock, so that all who want it are in one', () => {
    const lanes = ['r1', 'r2'].map(run => {
      const installed = install(playbookText(`\nlock: "host:{{event.host.name}}"\nrespond: []\n`));
      const waking = wakeOf(installed, run as RunId, 0, '', { event: EVENT });
      return 'wake' in waking ? [waking.wake.birth.lock, waking.wake.birth.lane] : [];
    });
    expect(lanes[0]).toEqual(lanes[1]);
  });
});

test('a run is refused where its lock needs what the event does not have', () => {
  const waking = wakeOf(
    install(playbookText(`\nlock: "host:{{event.host.name}}"\nrespond: []\n`)),
    'r1' as RunId,
    0,
    '',
    {
      event: { ...EVENT, host: {} },
    },
  );
  expect(waking).toMatchObject({ refused: expect.stringContaining('its lock') });
});
