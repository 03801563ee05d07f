import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { catalogueOf } from '../../src/action/connector.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { silentLog } from '../../src/base/service.ts';
import { connector as carbonblack } from '../../src/connectors/carbonblack/manifest.ts';
import { createSimulator as createCarbonBlack } from '../../src/connectors/carbonblack/simulator.ts';
import { connector as jatp } from '../../src/connectors/jatp/manifest.ts';
import { createSimulator as createJatp } from '../../src/connectors/jatp/simulator.ts';
import { Connections } from '../../src/daemon/connections.ts';
import { livePerformer } from '../../src/daemon/performer.ts';
import { Activity } from '../../src/engine/activity.ts';
import type { Performer } from '../../src/engine/performer.ts';
import { serve } from '../../src/lab/serve.ts';
import type { DiskFiles } from '../../src/store/files/disk.ts';
import { openDiskFiles } from '../../src/store/files/disk.ts';
import { Board } from '../kit/board.ts';
import { createDisk } from '../kit/disk.ts';
import { lab } from '../kit/lab.ts';
import { install, playbookText } from '../kit/load.ts';
import { START, TestWorld } from '../kit/world.ts';

// A file goes from one product to another as a value (decision 0007): here from an endpoint's collected binary to the sandbox.

const CONTENT = 'MZ a program of which nobody must find a word';
const BYTES = Buffer.from(CONTENT);
const SHA1 = createHash('sha1').update(BYTES).digest('hex');
const catalogue = catalogueOf([lab, carbonblack, jatp]);
const playbook = install(
  playbookText(`
enrich:
  got: { do: carbonblack.get-file, with: { md5: "{{event.file.hash.md5}}" } }
  analysis:
    if: enrich.got.found
    do: jatp.analyze-file
    with: { file: "{{enrich.got.file}}" }
respond:
  - { id: told, do: lab.tell, with: { to: soc, subject: "{{enrich.got.file.name}}: {{enrich.analysis.severity}}" } }
`),
  catalogue,
);

let world: TestWorld;
let cb: ReturnType<typeof createCarbonBlack>;
let sandbox: ReturnType<typeof createJatp>;
let directory: string;
let files: DiskFiles;

beforeEach(async () => {
  const [token, key] = ['api-token-of-a-user', 'api-key-of-a-user'];
  cb = createCarbonBlack({ token, now: START });
  sandbox = createJatp({ key, now: START });
  sandbox.expect(SHA1, { severity: 0.9, name: 'TROJAN_Zemot.CY' });
  const served = [
    await serve(cb.fetch),
    await serve(request => {
      sandbox.tick(world.clock.now());
      return sandbox.fetch(request);
    }),
  ];
  const clock = new SimulatedClock(START);
  const connections = new Connections({ clock, activity: new Activity(clock) });
  const [first, second] = served;
  connections.replace([
    {
      name: 'carbonblack',
      connector: carbonblack,
      settings: { url: first?.url, token: new Secret(token) },
      concurrency: 4,
      poll: new Map(),
    },
    {
      name: 'jatp',
      connector: jatp,
      settings: { url: second?.url, key: new Secret(key) },
      concurrency: 4,
      poll: new Map(),
    },
  ]);
  const disk = createDisk('sqlite');
  directory = disk.directory ?? expect.fail('not on disk');
  const limits = { largest: 1_000_000, total: 1_000_000, keep: 86_400_000 };
  files = await openDiskFiles({ directory: join(directory, 'files'), limits, clock, log: silentLog });
  const performer = messagesGoNowhere(livePerformer({ connections, files, clock, log: silentLog }));
  world = new TestWorld({ playbooks: [playbook], disk, board: new Board(), catalogue, performer });
  await world.start();
  onTestFinished(async () => {
    await world.close();
    await files.close();
    await connections.close();
    await Promise.all(served.map(({ close }) => close()));
  });
});

function messagesGoNowhere(live: Performer): Performer {
  return {
    ...live,
    perform: async call => (call.action.connector === 'lab' ? { kind: 'done', output: {} } : live.perform(call)),
  };
}

const alarm = (md5: string) => world.alarm({ file: { hash: { md5 } } });
const subjects = (): string[] =>
  [...inspect(world.records, { depth: 20 }).matchAll(/subject: '([^']*)'/g)].map(([, subject = '']) => subject);

test('a file that one product gives is analysed by another, and its result is told', async () => {
  const run = await alarm(cb.collect(BYTES));
  await world.finish();
  expect(await world.outcome(run, 'told')).toBe('done');
  expect(new Set(subjects())).toEqual(new Set(['dropper.exe: 0.9']));
  expect(sandbox.uploads()).toBe(1);
});

test('the bytes are in no record, no table and no log, and beside them once', async () => {
  await alarm(cb.collect(BYTES));
  await world.finish();
  const store = readdirSync(directory)
    .filter(name => name.startsWith('backline.db'))
    .map(name => readFileSync(join(directory, name), 'latin1'))
    .join('\n');
  expect(store).toContain(SHA1);
  for (const said of [store, inspect([world.records, world.logged], { depth: 20 })])
    expect(said).not.toContain('a program of');
  const kept = readdirSync(join(directory, 'files'));
  expect(kept.map(name => readFileSync(join(directory, 'files', name), 'utf8'))).toEqual([CONTENT]);
});

test.each(['crash', 'restart'] as const)('a file is not uploaded again after a %s while it is analysed', async how => {
  const run = await alarm(cb.collect(BYTES));
  await world.idle();
  expect((await world.run(run)).head.commands).toMatchObject({
    analysis: { life: { stage: 'pending', token: { event: '13405' } } },
  });
  await world[how]();
  await world.finish();
  expect(await world.outcome(run, 'told')).toBe('done');
  expect(sandbox.uploads()).toBe(1);
});

test('an answer to the upload that was lost is no reason to upload again', async () => {
  sandbox.fault({ fault: { kind: 'lost-answer' }, path: 'file_submit', times: 1 });
  const run = await alarm(cb.collect(BYTES));
  await world.finish();
  expect(await world.outcome(run, 'told')).toBe('done');
  expect(new Set(subjects())).toEqual(new Set(['dropper.exe: 0.9']));
  expect(sandbox.uploads()).toBe(1);
});

test('bytes that are kept no more are missing evidence, and nothing is uploaded', async () => {
  sandbox.fault({ fault: { kind: 'status', status: 503 }, path: 'api.php', times: 1 });
  const run = await alarm(cb.collect(BYTES));
  await world.idle();
  await removeAll();
  await world.finish();
  expect(await world.outcome(run, 'analysis')).toBe('failed: not-found');
  expect(sandbox.uploads()).toBe(0);
});

test('a file is no part of a text', () => {
  const text = playbookText(`
enrich:
  got: { do: carbonblack.get-file, with: { md5: "{{event.file.hash.md5}}" } }
respond:
  - { id: told, do: lab.tell, with: { to: soc, subject: "got {{enrich.got.file}}" } }
`);
  expect(() => install(text, catalogue)).toThrow('an object cannot stand in text [list-in-text]');
});

/** As the retention does, a day after the last use. */
async function removeAll(): Promise<void> {
  const late = new SimulatedClock(START + 30 * 86_400_000);
  const limits = { largest: 1, total: 1_000_000, keep: 86_400_000 };
  const sweeper = await openDiskFiles({ directory: join(directory, 'files'), limits, clock: late, log: silentLog });
  await sweeper.sweep();
  await sweeper.close();
}
