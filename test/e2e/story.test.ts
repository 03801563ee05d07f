import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ResponseView, RunDetail, RunView } from '../../src/api/contract.ts';
import { realClock } from '../../src/daemon/clock.ts';
import type { DaemonProcess } from '../../src/lab/daemon-process.ts';
import { startDaemonProcess } from '../../src/lab/daemon-process.ts';
import type { Products } from '../../src/lab/products.ts';
import { HOST, startProducts } from '../../src/lab/products.ts';
import type { Story } from '../../src/lab/stage.ts';
import { Stage } from '../../src/lab/stage.ts';
import { blockInfectedHost } from '../../src/lab/stories/block-infected-host.ts';
import { detonateAndContain } from '../../src/lab/stories/detonate-and-contain.ts';
import { ask } from '../../src/lab/watch.ts';

/*
 * Stories of `npm start` over real sockets, with the daemon as a process of its own that is killed in the middle. They must
 * end the same: each effect once, by what changed in the products, and the ledger equal to their state.
 */

/** A story takes half a minute; a machine with other work may be several times slower. */
const PATIENCE = 150_000;
const ROOT = join(import.meta.dirname, '..', '..');
const stops: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

interface Told {
  readonly lines: readonly string[];
  readonly changes: readonly string[];
  readonly falls: number;
  readonly api: string;
  readonly products: Products;
}

/** Plays a story; `kill` is asked at every line whether the daemon falls now. */
async function play({ play: playStory }: Story, kill: (line: string) => boolean): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'backline-e2e-'));
  stops.push(() => rmSync(folder, { recursive: true }));
  const lines: string[] = [];
  const changes: string[] = [];
  let daemon: DaemonProcess | undefined;
  let falls = 0;
  const happened = (line: string): void => {
    lines.push(line);
    const pid = daemon?.pid();
    if (pid !== undefined && kill(line)) process.kill(pid, 'SIGKILL');
  };
  const products = await startProducts({
    clock: realClock,
    tokens: { carbonblack: 'token-of-carbonblack', jatp: 'key-of-jatp', skyatp: 'token-of-skyatp' },
    fetchEvery: 100,
    changed({ product, text }) {
      changes.push(`${product} ${text}`);
      happened(`${product} ${text}`);
    },
  });
  stops.push(() => products.stop());
  const port = await freePort();
  for (const name of ['playbooks', 'lists', 'events', 'sigma', 'guardrails.yaml'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'backline.yaml'), configuration(products, port));
  daemon = startDaemonProcess({
    folder,
    config: join(folder, 'backline.yaml'),
    log: join(folder, 'daemon.log'),
    variables: {
      LAB_CARBONBLACK_TOKEN: 'token-of-carbonblack',
      LAB_JATP_KEY: 'key-of-jatp',
      LAB_SKYATP_TOKEN: 'token-of-skyatp',
    },
    fell: () => void falls++,
  });
  stops.push(() => daemon?.stop());
  const api = `http://127.0.0.1:${port}/api/v1`;
  const signal = AbortSignal.timeout(PATIENCE);
  const stage = new Stage({
    products,
    api,
    clock: realClock,
    tell: (speaker, text) => happened(`${speaker} ${text}`),
    signal,
  });
  try {
    await stage.polled();
    await playStory(stage);
  } catch (error) {
    throw new Error(
      `the story did not end:\n${lines.join('\n')}\n${readFileSync(join(folder, 'daemon.log'), 'utf8')}`,
      { cause: error },
    );
  }
  return { lines, changes, falls, api, products };
}

/** The lab's configuration, on other ports. */
function configuration({ urls }: Products, port: number): string {
  return readFileSync(join(ROOT, 'backline.yaml'), 'utf8')
    .replace('127.0.0.1:7400', `127.0.0.1:${port}`)
    .replace('http://127.0.0.1:7401', urls.carbonblack)
    .replace('http://127.0.0.1:7402', urls.skyatp)
    .replace('http://127.0.0.1:7404', urls.jatp)
    .replace('tcp://127.0.0.1:7405', urls.collector)
    .replace('http://127.0.0.1:7406', urls.mailbox)
    .replace('watched_for: 10s', 'watched_for: 2s');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

const once = (pattern: RegExp) => {
  let killed = false;
  return (line: string): boolean => {
    if (killed || !pattern.test(line)) return false;
    killed = true;
    return true;
  };
};

test.each([
  ['nowhere', () => false, 0],
  ['when the alert is raised', once(/^carbon black raises/), 1],
  ['in the very moment in which SkyATP takes the entry', once(/^skyatp lists [\d.]+$/), 1],
  ['when the response is in force', once(/in force/), 1],
  ['when the firewall drops the traffic', once(/^srx .*drops/), 1],
  ['when the alert is resolved', once(/^carbon black alert .* resolved/), 1],
  ['in the very moment in which SkyATP takes the entry off', once(/^skyatp lists .* no more/), 1],
] as const)(
  'a block ends the same when the daemon is killed %s',
  async (_, kill, falls) => {
    const told = await play(blockInfectedHost, kill);
    expect(told.falls).toBe(falls);
    // Each effect once, by what changed in the product.
    expect(told.changes.filter(change => change.startsWith('skyatp'))).toEqual([
      `skyatp lists ${HOST.address}`,
      `skyatp lists ${HOST.address} no more`,
    ]);
    // The ledger equals the product's state.
    expect(await ask<readonly ResponseView[]>(`${told.api}/responses?in_force=true`)).toEqual([]);
    expect(told.products.skyatp.state()).toMatchObject({ blacklist: [] });
    expect(told.products.srx.passes(HOST.address)).toBe(true);
    const runs = (await ask<readonly RunView[]>(`${told.api}/runs?playbook=block-infected-host`)) ?? [];
    expect(runs.map(({ status, verdict }) => [status, verdict])).toEqual([['done', 'malicious']]);
    const detail = await ask<RunDetail>(`${told.api}/runs/${runs[0]?.run ?? ''}`);
    expect(detail?.responses.map(({ state }) => state)).toEqual(['undone']);
  },
  PATIENCE,
);

test.each([
  ['in the very moment in which JATP takes the file', once(/^jatp analyses/)],
  ['in the very moment in which Carbon Black takes the ban', once(/^carbon black bans/)],
  ['in the very moment in which Carbon Black is asked to isolate', once(/^carbon black is asked to isolate/)],
])(
  'a containment ends the same when the daemon is killed %s',
  async (_, kill) => {
    const told = await play(detonateAndContain, kill);
    expect(told.falls).toBe(1);
    expect(told.products.jatp.uploads()).toBe(1);
    const count = (pattern: RegExp): number => told.changes.filter(change => pattern.test(change)).length;
    expect([/ bans /, / lifts the ban /, / to isolate /, / is isolated$/, / to let back /].map(count)).toEqual([
      1, 1, 3, 3, 3,
    ]);
    expect(await ask<readonly ResponseView[]>(`${told.api}/responses?in_force=true`)).toEqual([]);
    expect(told.products.carbonblack.state()).toMatchObject({ bans: {}, isolation: {} });
  },
  PATIENCE,
);
