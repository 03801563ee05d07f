import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, test, vi } from 'vitest';
import type { Site } from './site.ts';
import { BLOCK, CARBONBLACK_TOKEN, HOOK_TOKEN, IP, SKYATP_TOKEN, openSite } from './site.ts';

// A process of its own has a start of its own, and may share its processors.
vi.setConfig({ testTimeout: 30_000 });

let site: Site;
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await site.close();
});

interface Process {
  readonly child: ChildProcess;
  /** The facts of the first line with this sentence that comes from now on. */
  line(sentence: string): Promise<{ readonly [name: string]: unknown }>;
}

/** As operators start it: no code is made from strings, and nobody keeps the event loop but the daemon itself. */
function startProcess(): Process {
  const flags = ['--disallow-code-generation-from-strings', 'test/daemon/daemon-process.ts', site.folder];
  const env = { ...process.env, CB_TOKEN: CARBONBLACK_TOKEN, SKY_TOKEN: SKYATP_TOKEN, HOOK_TOKEN };
  const child = spawn(process.execPath, flags, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  const lines = createInterface({ input: child.stderr });
  const said: string[] = [];
  lines.on('line', line => said.push(line));
  return {
    child,
    line: sentence =>
      new Promise((resolve, reject) => {
        lines.on('line', line => {
          if (line.includes(`"${sentence}"`)) resolve(JSON.parse(line) as { readonly [name: string]: unknown });
        });
        child.once('exit', code => reject(new Error(`the process ended with ${code}: ${said.join('\n')}`)));
      }),
  };
}

test('it runs without code from strings, reloads on SIGHUP and stops on SIGTERM', async () => {
  site = await openSite();
  site.write('playbooks/block/playbook.yaml', BLOCK);
  const sensor = site.carbonblack.addSensor({ name: 'FIN-WS-042', addresses: [IP] });
  site.carbonblack.raiseAlert({ sensor, score: 90 });
  const { child, line } = startProcess();
  const accepted = line('events were accepted');
  const { url } = await line('the daemon is up');
  await accepted;
  for (const path of ['/healthz', '/readyz', '/metrics', '/api/v1/status'])
    expect((await fetch(`${String(url)}${path}`)).status).toBe(200);
  site.write('playbooks/tell/playbook.yaml', BLOCK.replace('playbook: block', 'playbook: tell'));
  const reloaded = line('the project was reloaded');
  child.kill('SIGHUP');
  expect(await reloaded).toMatchObject({ playbooks: 2 });
  const stopped = line('the daemon has stopped');
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await stopped).toMatchObject({ signal: 'SIGTERM' });
  expect(await exited).toEqual([0, null]);
});

test('after the power went it goes on, and what was accepted is there (E1)', async () => {
  site = await openSite();
  site.write('playbooks/block/playbook.yaml', BLOCK);
  const sensor = site.carbonblack.addSensor({ name: 'FIN-WS-042', addresses: [IP] });
  const alert = site.carbonblack.raiseAlert({ sensor, score: 90 });
  const { child, line } = startProcess();
  await line('events were accepted');
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  const { daemon, record } = await site.start();
  const { query } = daemon.engine.store;
  expect(await query.event(JSON.stringify(['carbonblack', alert]))).toBeDefined();
  const [run] = await query.runs({ limit: 1 });
  if (run?.ended === undefined) await record('ended');
  expect(await query.counts()).toMatchObject({ events: 1, inForce: 1, runs: { done: 1 } });
  expect(site.skyatp.state()).toMatchObject({ blacklist: [IP] });
});
