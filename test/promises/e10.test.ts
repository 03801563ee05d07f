import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { catalogueOf } from '../../src/action/connector.ts';
import { noWays } from '../../src/action/declared-ways.ts';
import { noRpcs } from '../../src/action/read-only-rpcs.ts';
import { readOnly } from '../../src/action/read-only.ts';
import { Secret } from '../../src/base/secret.ts';
import { silentLog } from '../../src/base/service.ts';
import { connector as skyatp } from '../../src/connectors/skyatp/manifest.ts';
import { createSimulator } from '../../src/connectors/skyatp/simulator.ts';
import { createHttp } from '../../src/daemon/http.ts';
import type { Call, Performer } from '../../src/engine/performer.ts';
import { serve } from '../../src/lab/serve.ts';
import { memoryFiles } from '../../src/store/files/memory.ts';
import { createDisk } from '../kit/disk.ts';
import { lab } from '../kit/lab.ts';
import { install, playbookText } from '../kit/load.ts';
import { TestWorld } from '../kit/world.ts';

const TOKEN = 'tok-5e7c1a9d0b';
const LINE = 'powershell -enc c2VjcmV0';
const catalogue = catalogueOf([lab, skyatp]);
const playbook = install(
  playbookText(`
respond:
  - { id: list, do: skyatp.add-infected-host, with: { ip: 192.168.1.163 }, on_error: continue }
  - { id: told, do: lab.tell, with: { to: soc, subject: "ran {{event.process.command_line}}" }, on_error: continue }
`),
  catalogue,
);

test.each([
  ['with the right token', TOKEN, 'done'],
  ['with a wrong one', `${TOKEN}-wrong`, 'failed: auth'],
])('no secret is in a record, a log or an error, %s (E10)', async (_, accepted, outcome) => {
  const simulator = createSimulator({ token: accepted });
  const served = await serve(simulator.fetch);
  const settings = { url: served.url, token: new Secret(TOKEN) };
  const http = createHttp(skyatp.endpoints(settings), { timeout: 5_000 });
  const disk = createDisk('sqlite');
  const world = new TestWorld({ playbooks: [playbook], disk, catalogue, performer: productsOf(http, settings) });
  await world.start();
  onTestFinished(async () => {
    await http.close();
    await served.close();
  });
  const run = await world.alarm({ process: { name: 'powershell.exe', command_line: LINE }, raw: { cmdline: LINE } });
  await world.finish();
  expect(await world.outcome(run, 'list')).toBe(outcome);
  await world.send({ type: 'lab.alarm', process: { command_line: LINE } });

  const directory = disk.directory ?? expect.fail('not on disk');
  const files = readdirSync(directory)
    .map(name => readFileSync(join(directory, name), 'latin1'))
    .join('\n');
  const said = inspect([world.logged, world.records, world.informed, settings], { depth: 20 });
  await world.close();
  expect(files).toContain('powershell.exe');
  expect(files).toContain('[masked]');
  for (const secret of [TOKEN, LINE, 'c2VjcmV0']) {
    expect(files).not.toContain(secret);
    expect(said).not.toContain(secret);
  }
});

test('what is masked is not kept where events are correlated by it (E10)', async () => {
  const correlating = install(
    playbookText(`
trigger:
  - correlate:
      events: [{ name: ran, event: lab.alarm }]
      by: process.command_line
      within: 1h
      distinct: { process.command_line: 1, host.name: 2 }
respond: [{ id: told, do: lab.tell, with: { to: soc, subject: "{{count events}} events" } }]
`),
  );
  const disk = createDisk('sqlite');
  const world = new TestWorld({ playbooks: [correlating], disk });
  await world.start();
  const alarm = (id: string, name: string) =>
    world.send({ id, type: 'lab.alarm', alarm: { id }, host: { name }, process: { command_line: LINE } });
  await alarm('a1', 'h1');
  const directory = disk.directory ?? expect.fail('not on disk');
  const files = readdirSync(directory).map(name => readFileSync(join(directory, name), 'latin1'));
  expect(await world.store.query.counts()).toMatchObject({ groups: 1 });
  expect(files.join('\n').toLowerCase()).not.toContain(LINE.toLowerCase());
  await alarm('a2', 'h2');
  await world.finish();
  expect(world.board.changes).toEqual(['lab.tell 2 events']);
  await world.close();
});

/** Calls products as the daemon does; messages go nowhere. */
function productsOf(http: ReturnType<typeof createHttp>, settings: unknown): Performer {
  const contextOf = ({ key, signal }: Call, wire = http as Parameters<typeof readOnly>[0]) => ({
    http: wire,
    files: memoryFiles(),
    ...noWays('lab.x'),
    rpcs: noRpcs,
    settings,
    key,
    signal,
    now: 0,
    log: silentLog,
  });
  return {
    perform: async call =>
      call.action.connector === 'lab' ? { kind: 'done', output: {} } : call.action.perform(call.input, contextOf(call)),
    resume: async (call, token) =>
      call.action.resume?.(token, call.input, contextOf(call)) ?? expect.fail('it cannot be resumed'),
    verify: async call =>
      call.action.verify?.(call.input, contextOf(call, readOnly(http))) ?? expect.fail('it cannot be looked up'),
  };
}
