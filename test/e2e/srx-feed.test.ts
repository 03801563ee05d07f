import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { catalogueOf } from '../../src/action/connector.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { parseNetwork } from '../../src/base/network.ts';
import { Secret } from '../../src/base/secret.ts';
import { silentLog } from '../../src/base/service.ts';
import { connector } from '../../src/connectors/srx/manifest.ts';
import type { Srx } from '../../src/connectors/srx/simulator.ts';
import { createSrx } from '../../src/connectors/srx/simulator.ts';
import { Connections } from '../../src/daemon/connections.ts';
import { livePerformer } from '../../src/daemon/performer.ts';
import { Activity } from '../../src/engine/activity.ts';
import { openFeeds } from '../../src/feeds/feeds.ts';
import { memoryKeeper } from '../../src/feeds/keeper.ts';
import { serve } from '../../src/lab/serve.ts';
import { memoryFiles } from '../../src/store/files/memory.ts';
import { createDisk } from '../kit/disk.ts';
import { lab } from '../kit/lab.ts';
import { install, playbookText } from '../kit/load.ts';
import { START, TestWorld } from '../kit/world.ts';

// A playbook, the engine, the connector, the feeds and a firewall that asks for them, all at the same clock.

const IP = '203.0.113.9';
const HOUR = 3_600_000;
const catalogue = catalogueOf([lab, connector]);
const playbook = install(
  playbookText(`
respond:
  - { id: block, do: srx.block-address, with: { ip: "{{event.source.ip}}" }, hold: { for: 1h }, on_error: continue }
`),
  catalogue,
);

let world: TestWorld;
let firewall: Srx;

beforeEach(async () => {
  const token = new Secret('of-whoever-changes-feeds');
  const protection = { networks: [parseNetwork('198.51.100.0/24')].flatMap(one => one ?? []) };
  const now = (): number => world.clock.now();
  const feeds = await openFeeds({
    feeds: [{ name: 'blocked', kind: 'ip', most: 100 }],
    keeper: memoryKeeper(),
    protection: () => protection,
    readers: {},
    url: 'https://backline.example',
    token,
    now,
    log: silentLog,
  });
  firewall = createSrx({
    fetch: request => feeds(request, '10.9.9.1'),
    url: 'http://feeds.example/srx.tgz',
    bundle: 'feeds/blocked',
    interval: 60_000,
  });
  const served = await serve(async request => {
    firewall.tick(now());
    await firewall.idle();
    return feeds(request, '127.0.0.1');
  });
  const clock = new SimulatedClock(START);
  const connections = new Connections({ clock, activity: new Activity(clock) });
  const settings = { feeds: served.url, token, list: 'blocked', firewalls: ['10.9.9.1'], interval: '60s' };
  connections.replace([{ name: 'srx', connector, settings, concurrency: 4, poll: new Map() }]);
  const live = livePerformer({
    connections,
    files: memoryFiles(),
    clock: { now, alarm: (at, wake) => clock.alarm(at, wake) },
    log: silentLog,
  });
  world = new TestWorld({ playbooks: [playbook], disk: createDisk('memory'), catalogue, performer: live });
  await world.start();
  onTestFinished(async () => {
    await world.close();
    await connections.close();
    await served.close();
  });
});

/** The firewall asks once more. */
async function ask(): Promise<void> {
  firewall.tick(world.clock.now());
  await firewall.idle();
}

test('an address is dropped while a run holds it, and let through when the hold is over', async () => {
  await ask();
  const run = await world.alarm({ source: { ip: IP } });
  await world.idle();
  expect(firewall.drops(IP)).toBe(false);
  await world.pass(2 * 60_000);
  expect(await world.outcome(run, 'block')).toBe('done');
  expect(firewall.drops(IP)).toBe(true);
  expect(await world.inForce()).toMatchObject([{ run, state: 'in-force' }]);
  await world.pass(HOUR);
  await world.pass(2 * 60_000);
  await ask();
  expect(firewall.drops(IP)).toBe(false);
  expect(await world.inForce()).toEqual([]);
});

test('two runs hold one entry, which goes with the last of them', async () => {
  await world.alarm({ source: { ip: IP } });
  await world.pass(HOUR / 2);
  await world.alarm({ source: { ip: IP } });
  await world.pass(HOUR / 2 + 120_000);
  await ask();
  expect(firewall.drops(IP)).toBe(true);
  await world.pass(HOUR / 2 + 120_000);
  await ask();
  expect(firewall.drops(IP)).toBe(false);
});

test('what the lists protect is refused, and nothing is in force', async () => {
  const run = await world.alarm({ source: { ip: '198.51.100.7' } });
  await world.finish();
  expect(await world.outcome(run, 'block')).toBe('failed: rejected');
  expect(await world.inForce()).toEqual([]);
});
