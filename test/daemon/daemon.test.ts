import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { join } from 'node:path';
import { silentLog } from '../../src/base/service.ts';
import { realClock } from '../../src/daemon/clock.ts';
import { StartTrouble } from '../../src/daemon/daemon.ts';
import { schedulesOf } from '../../src/engine/schedules.ts';
import { cursorOf } from '../../src/sources/schedule.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite.ts';
import type { Site } from './site.ts';
import { BLOCK, CARBONBLACK_TOKEN, IP, SKYATP_TOKEN, openSite } from './site.ts';

let site: Site;
afterEach(() => site.close());

test('an alert that is polled wakes a playbook, which blocks the host at the product', async () => {
  site = await openSite();
  site.write('playbooks/block/playbook.yaml', BLOCK);
  const sensor = site.carbonblack.addSensor({ name: 'FIN-WS-042', addresses: [IP] });
  const alert = site.carbonblack.raiseAlert({ sensor, score: 90 });
  const { daemon, record } = await site.start();
  const ended = await record('ended');
  expect(ended.body).toMatchObject({ status: 'done' });
  expect(site.skyatp.state()).toMatchObject({ blacklist: [IP] });
  const [run] = await daemon.engine.store.query.runs({ limit: 1 });
  expect(run).toMatchObject({ playbook: 'block', mode: 'active', verdict: 'malicious', host: 'fin-ws-042' });
  expect(await daemon.engine.store.query.event(JSON.stringify(['carbonblack', alert]))).toBeDefined();
  for (const secret of [CARBONBLACK_TOKEN, SKYATP_TOKEN]) expect(site.log.join('')).not.toContain(secret);
});

test('a restart goes on with what is in force, and polls from where it stood', async () => {
  site = await openSite();
  site.write('playbooks/block/playbook.yaml', BLOCK);
  const sensor = site.carbonblack.addSensor({ name: 'FIN-WS-042', addresses: [IP] });
  site.carbonblack.raiseAlert({ sensor, score: 90 });
  const first = await site.start();
  await first.record('ended');
  await first.daemon.stop();
  site.carbonblack.raiseAlert({ sensor, score: 95 });
  const second = await site.start();
  await second.record('ended');
  const { query } = second.daemon.engine.store;
  expect(await query.counts()).toMatchObject({ events: 2, inForce: 1, runs: { done: 2 } });
  expect(await query.holds()).toHaveLength(2);
});

test('a product that is down makes its source unhealthy, and the daemon goes on', async () => {
  site = await openSite();
  site.carbonblack.fault({ fault: { kind: 'status', status: 401 } });
  const { call } = await site.start();
  await site.said('a source could not be asked; trying again');
  expect(await (await call('/status')).json()).toMatchObject({
    sources: [
      { origin: 'carbonblack', source: 'alerts', every: '1s', failures: 1, trouble: expect.stringContaining('401') },
      { origin: 'edr-1', source: 'webhook.edr', accepted: 0 },
    ],
  });
  expect((await call('//readyz')).status).toBe(200);
});

test('a playbook with an error is not installed; the others run', async () => {
  site = await openSite();
  site.write('playbooks/block/playbook.yaml', BLOCK);
  site.write('playbooks/broken/playbook.yaml', 'language: v1\nplaybook: broken\n');
  const { daemon } = await site.start();
  expect([...daemon.engine.playbooks.byName.keys()]).toEqual(['block']);
  expect(daemon.diagnostics.map(({ span }) => span.file)).toContain('playbooks/broken/playbook.yaml');
});

test('a reload takes what is right and keeps the old version of what is wrong', async () => {
  site = await openSite();
  site.write('playbooks/block/playbook.yaml', BLOCK);
  const { daemon } = await site.start();
  const before = daemon.engine.playbooks.byName.get('block');
  site.write('playbooks/block/playbook.yaml', BLOCK.replace('respond:', 'respnd:'));
  site.write('playbooks/tell/playbook.yaml', BLOCK.replace('playbook: block', 'playbook: tell'));
  expect(await daemon.reload()).toMatchObject({
    applied: true,
    playbooks: ['block', 'tell'],
    failed: ['block'],
    restart: [],
  });
  expect(daemon.engine.playbooks.byName.get('block')).toBe(before);
});

test('a reload with an error in the guardrails changes nothing', async () => {
  site = await openSite();
  const { daemon } = await site.start();
  site.write('guardrails.yaml', 'protected: [ { name: dc, hosts: [DC-*] } ]');
  expect(await daemon.reload()).toMatchObject({ applied: true });
  site.write('guardrails.yaml', 'protected: [ { name: dc, host: [DC-*] } ]');
  expect(await daemon.reload()).toMatchObject({
    applied: false,
    diagnostics: [{ code: 'empty-rule' }, { code: 'unknown-key' }],
  });
  expect(daemon.engine.guardrails.protected).toMatchObject([{ name: 'dc', values: { host: ['DC-*'] } }]);
});

test('guardrails with an error keep a daemon from starting', async () => {
  site = await openSite();
  site.write('guardrails.yaml', 'protected: [ { name: dc } ]');
  await expect(site.start()).rejects.toMatchObject({
    message: 'the guardrails have errors',
    diagnostics: [{ code: 'empty-rule' }],
  });
});

test('a data folder that another daemon holds is refused, and that one goes on', async () => {
  site = await openSite();
  const { call } = await site.start();
  await expect(site.start()).rejects.toThrow(/is in use by another process: stop that one/);
  expect((await call('/status')).status).toBe(200);
});

test('a port in use is refused, and the data folder is free again', async () => {
  site = await openSite();
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => squatter.once('listening', resolve));
  const { port } = squatter.address() as AddressInfo;
  const text = `listen: 127.0.0.1:${port}`;
  site.write('backline.yaml', text);
  await expect(site.start()).rejects.toThrow(`127.0.0.1:${port} is in use by another process`);
  await new Promise(resolve => squatter.close(resolve));
  await site.start();
});

test('beyond this machine nothing listens without a token', async () => {
  site = await openSite();
  site.write('backline.yaml', 'listen: 0.0.0.0:0');
  const trouble = await site.start().catch((error: unknown) => error);
  expect(trouble).toBeInstanceOf(StartTrouble);
  expect(trouble).toMatchObject({ hint: expect.stringContaining('backline tokens create') });
});

test('a shadow run reads live, plans, and changes nothing', async () => {
  site = await openSite({ config: 'playbooks: { default: { mode: shadow } }\n' });
  site.write('playbooks/block/playbook.yaml', BLOCK);
  const sensor = site.carbonblack.addSensor({ name: 'FIN-WS-042', addresses: [IP] });
  site.carbonblack.raiseAlert({ sensor, score: 90 });
  const { daemon, record } = await site.start();
  const ended = await record('ended');
  const { query } = daemon.engine.store;
  expect(await query.runs({ limit: 1 })).toMatchObject([
    { run: ended.run, mode: 'shadow', status: 'done', verdict: 'malicious' },
  ]);
  expect((await query.run(ended.run))?.head.state.main.memory.outcomes).toMatchObject({
    sensor: { status: 'done' },
    feed: { status: 'done', planned: true },
  });
  expect(site.skyatp.state()).toMatchObject({ blacklist: [] });
  expect(await query.responses({ inForce: true, limit: 1 })).toEqual([]);
});

test('a guardrail stops a write before it leaves, at its place', async () => {
  site = await openSite();
  site.write('playbooks/block/playbook.yaml', BLOCK);
  site.write('guardrails.yaml', 'protected:\n  - { name: clients, ips: [192.168.0.0/16] }\n');
  const sensor = site.carbonblack.addSensor({ name: 'FIN-WS-042', addresses: [IP] });
  site.carbonblack.raiseAlert({ sensor, score: 90 });
  const { record } = await site.start();
  expect((await record('refused')).body).toMatchObject({ rule: 'clients', where: 'guardrails.yaml:2:7' });
  expect((await record('ended')).body).toMatchObject({ status: 'partial' });
  expect(site.skyatp.state()).toMatchObject({ blacklist: [] });
});

test('a daemon that starts again makes up for what a schedule has missed', async () => {
  site = await openSite();
  site.write(
    'playbooks/nightly/playbook.yaml',
    BLOCK.replace('playbook: block', 'playbook: nightly').replace(
      /trigger:[^]*/,
      'trigger: [ { schedule: "0 2 * * *" } ]\nrespond: []\n',
    ),
  );
  const { daemon } = await site.start();
  const [scheduled] = [...daemon.engine.playbooks.byName.values()].flatMap(schedulesOf);
  if (scheduled === undefined) throw new Error('there is no schedule');
  await daemon.engine.idle();
  await daemon.stop();
  const store = await openSqliteStore({ directory: join(site.folder, '.backline'), clock: realClock, log: silentLog });
  const since = Date.now() - 3 * 86_400_000;
  await store.accept({ events: [], rejected: [], cursor: { source: cursorOf(scheduled), value: { since } } });
  await store.close();
  const { record } = await site.start();
  expect((await record('ended')).body).toMatchObject({ status: 'done' });
});
