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
import { tellStory } from '../../src/lab/story.ts';
import { ask } from '../../src/lab/watch.ts';

/*
 * The story of `npm start` over real sockets, with the daemon as a process of its own that is killed in the middle. It must
 * end the same: each effect once, by what changed in the products, and the ledger equal to their state.
 */

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

/** Plays the story; `kill` is asked at every line whether the daemon falls now. */
async function play(kill: (line: string, changes: readonly string[]) => boolean): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'backline-e2e-'));
  stops.push(() => rmSync(folder, { recursive: true }));
  const lines: string[] = [];
  const changes: string[] = [];
  let daemon: DaemonProcess | undefined;
  let falls = 0;
  const happened = (line: string): void => {
    lines.push(line);
    const pid = daemon?.pid();
    if (pid !== undefined && kill(line, changes)) process.kill(pid, 'SIGKILL');
  };
  const products = await startProducts({
    clock: realClock,
    tokens: { carbonblack: 'token-of-carbonblack', skyatp: 'token-of-skyatp' },
    fetchEvery: 100,
    listed(ip, isListed) {
      changes.push(`${isListed ? '+' : '-'} ${ip}`);
      happened(`skyatp ${isListed ? 'lists' : 'lists no more'} ${ip}`);
    },
  });
  stops.push(() => products.stop());
  const port = await freePort();
  for (const name of ['playbooks', 'lists', 'events', 'guardrails.yaml'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'backline.yaml'), configuration(products, port));
  daemon = startDaemonProcess({
    folder,
    config: join(folder, 'backline.yaml'),
    log: join(folder, 'daemon.log'),
    variables: { LAB_CARBONBLACK_TOKEN: 'token-of-carbonblack', LAB_SKYATP_TOKEN: 'token-of-skyatp' },
    fell: () => void falls++,
  });
  stops.push(() => daemon?.stop());
  const api = `http://127.0.0.1:${port}/api/v1`;
  try {
    await tellStory({
      products,
      api,
      clock: realClock,
      tell: (speaker, text) => happened(`${speaker} ${text}`),
      signal: AbortSignal.timeout(40_000),
    });
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
    .replace('http://127.0.0.1:7402', urls.skyatp);
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
  ['in the very moment in which SkyATP takes the entry', once(/^skyatp lists \d/), 1],
  ['when the response is in force', once(/in force/), 1],
  ['when the firewall drops the traffic', once(/^srx .*drops/), 1],
  ['when the alert is resolved', once(/^carbon black alert .* resolved/), 1],
  ['in the very moment in which SkyATP takes the entry off', once(/^skyatp lists no more/), 1],
] as const)('the story ends the same when the daemon is killed %s', async (_, kill, falls) => {
  const told = await play(kill);
  expect(told.falls).toBe(falls);
  // Each effect once, by what changed in the product.
  expect(told.changes).toEqual([`+ ${HOST.address}`, `- ${HOST.address}`]);
  // The ledger equals the product's state.
  expect(await ask<readonly ResponseView[]>(`${told.api}/responses?in_force=true`)).toEqual([]);
  expect(told.products.skyatp.state()).toMatchObject({ blacklist: [] });
  expect(told.products.srx.passes(HOST.address)).toBe(true);
  const runs = (await ask<readonly RunView[]>(`${told.api}/runs`)) ?? [];
  expect(runs.map(({ status, verdict }) => [status, verdict])).toEqual([['done', 'malicious']]);
  const detail = await ask<RunDetail>(`${told.api}/runs/${runs[0]?.run ?? ''}`);
  expect(detail?.responses.map(({ state }) => state)).toEqual(['undone']);
});
