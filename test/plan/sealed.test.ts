import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { Plan } from '../../src/plan/plan.ts';
import { plan } from '../../src/plan/plan.ts';
import { serve } from '../../src/lab/serve.ts';
import { ROOT, shippedRequest } from './shipped.ts';

/*
 * A plan without live reads needs neither the network nor a file to write to: it is made in a process from which the
 * runtime has taken both (node --permission).
 */

const run = promisify(execFile);
const SEALED = ['--permission', '--allow-fs-read=*', '--disallow-code-generation-from-strings'];

async function planIn(flags: readonly string[], what: string, cwd = process.cwd()): Promise<Plan> {
  const script = join(import.meta.dirname, 'sealed-process.ts');
  const { stdout } = await run(process.execPath, [...flags, script, what], { cwd });
  return JSON.parse(stdout) as Plan;
}

test('the plan of the shipped playbook is the same where nothing can be sent and nothing written', async () => {
  expect(await planIn(SEALED, 'shipped')).toEqual(JSON.parse(JSON.stringify(await plan(shippedRequest()))));
});

test('the command needs neither, with all that it reads of the project', async () => {
  const event = join('test', 'events', 'cb-alert-7c2e.json');
  const words = ['plan', 'block-infected-host', '--event', event, '--format', 'json'];
  const { stdout } = await run(process.execPath, [...SEALED, join('src', 'cli', 'main.ts'), ...words], { cwd: ROOT });
  expect((JSON.parse(stdout) as Plan).totals).toMatchObject({ add: 1, messages: 1 });
});

test('a plan leaves nothing in the folder in which it is made, where it could write', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'backline-plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await planIn([], 'shipped', folder);
  expect(readdirSync(folder)).toEqual([]);
});

test('a connector that opens sockets of its own when it is only asked what it would do reaches nobody', async () => {
  const seen: string[] = [];
  const served = await serve(request => {
    seen.push(new URL(request.url).pathname);
    return new Response('{}');
  });
  onTestFinished(() => served.close());
  const { faults, totals } = await planIn(SEALED, String(served.port));
  expect(seen).toEqual([]);
  expect(totals.messages).toBe(2);
  expect(faults).toEqual(['liar.fetches cannot say what it would change: its answer is not a preview']);
  // The seal is what keeps it in, not the connector's good manners.
  await planIn([], String(served.port));
  expect(new Set(seen)).toEqual(new Set(['/connected', '/fetched']));
});
