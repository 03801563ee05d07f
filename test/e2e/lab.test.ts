import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';

/*
 * `backline lab` as somebody at two terminals uses it: products that run, are made to fail and are well again, and a story
 * that is played. Its ports are fixed, so no other lab may run on this machine meanwhile.
 */

const ROOT = join(import.meta.dirname, '..', '..');
/** A story takes half a minute; a machine with other work may be several times slower. */
const PATIENCE = 180_000;
const stops: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** One `backline lab …` in a folder. */
function lab(folder: string, ...words: readonly string[]) {
  const node = ['--disallow-code-generation-from-strings', join(ROOT, 'src/cli/main.ts'), 'lab', ...words];
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, node, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', line => {
      lines.push(line);
      for (const listener of listeners) listener(line);
    });
  stops.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    /** Resolves when a line says so; rejects with all that was said when the process ends before. */
    async says(what: RegExp): Promise<string> {
      const heard = new Promise<string>(resolve => {
        const listener = (line: string): void => {
          if (what.test(line)) resolve(line);
        };
        listeners.add(listener);
        for (const line of lines) listener(line);
      });
      return Promise.race([
        heard,
        ended.then(() => {
          throw new Error(`ended without ${String(what)}:\n${lines.join('\n')}`);
        }),
      ]);
    },
    interrupt: () => child.kill('SIGINT'),
    async end(): Promise<{ readonly code: number | null; readonly said: string }> {
      const [code] = await ended;
      return { code, said: lines.join('\n') };
    },
  };
}

/** A project of its own, since a story leaves a store behind. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backline-lab-'));
  stops.push(() => rmSync(folder, { recursive: true }));
  for (const name of ['backline.yaml', 'playbooks', 'lists', 'events', 'sigma', 'guardrails.yaml'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  return folder;
}

test('products run alone, fail as they are told, and are well again', { timeout: PATIENCE }, async () => {
  const folder = project();
  const up = lab(folder, 'up');
  const secret = await up.says(/LAB_SKYATP_TOKEN=/);
  const token = /LAB_SKYATP_TOKEN='?([^'\s]+)/.exec(secret)?.[1] ?? '';
  await up.says(/Ctrl-C stops them/);
  const ask = () =>
    fetch('http://127.0.0.1:7402/v2/skyatp/infected_hosts', { headers: { authorization: `Bearer ${token}` } });
  expect((await ask()).status).toBe(200);

  const second = await lab(folder, 'up').end();
  expect(second.code).not.toBe(0);
  expect(second.said).toMatch(/7401/);

  const unknown = await lab(folder, 'fail', 'skyatp', 'tired').end();
  expect(unknown.code).not.toBe(0);
  expect(unknown.said).toContain('tired');

  expect(await lab(folder, 'fail', 'skyatp', '429', '--after', '20').end()).toMatchObject({ code: 0 });
  const refused = await ask();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '20']);
  expect(await lab(folder, 'fail', 'skyatp', 'cut').end()).toMatchObject({ code: 0 });
  await expect(ask()).rejects.toThrow();

  expect(await lab(folder, 'heal').end()).toMatchObject({ code: 0, said: 'all products: well again' });
  expect((await ask()).status).toBe(200);
  up.interrupt();
  expect(await up.end()).toMatchObject({ code: 0 });
  const late = await lab(folder, 'heal').end();
  expect(late.code).not.toBe(0);
  expect(late.said).toMatch(/no lab runs/i);
});

test('one story is played from its event to its end, and nothing goes on', { timeout: PATIENCE }, async () => {
  const folder = project();
  const played = await lab(folder, 'play', 'block-infected-host').end();
  expect(played.code, played.said).toBe(0);
  for (const line of [
    /carbon black +raises alert/,
    /backline +block-infected-host woken by carbonblack\.alert/,
    /malicious: SkyATP score 10/,
    /skyatp\.add-infected-host [\d.]+: in force/,
    /srx +has fetched the list and drops the traffic/,
    /srx +lets the traffic of [\d.]+ pass again/,
  ])
    expect(played.said).toMatch(line);
  await expect(fetch('http://127.0.0.1:7400/healthz')).rejects.toThrow();
  const unknown = await lab(folder, 'play', 'block-infected-hosts').end();
  expect(unknown.code).not.toBe(0);
  expect(unknown.said).toContain('block-infected-host');
});
