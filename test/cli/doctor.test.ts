import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ConnectionView } from '../../src/api/contract.ts';
import { doctor } from '../../src/cli/commands/doctor.ts';
import { connectors } from '../../src/cli/commands/connectors.ts';
import { createSimulator } from '../../src/connectors/skyatp/simulator.ts';
import type { Check } from '../../src/daemon/connection-checks.ts';
import { serve } from '../../src/lab/serve.ts';
import { openSite, BLOCK, SKYATP_TOKEN } from '../daemon/site.ts';
import { listen, write } from './kit.ts';

const PLAYBOOK = BLOCK.replace(/enrich:[^]*?verdict:/, 'verdict:').replace(
  '{{enrich.sensor.addresses.[0]}}',
  '192.0.2.1',
);

async function project({ token = SKYATP_TOKEN, tls = '' } = {}) {
  const product = createSimulator({ token: SKYATP_TOKEN });
  const served = await serve(product.fetch);
  const folder = mkdtempSync(join(tmpdir(), 'backline-doctor-'));
  onTestFinished(async () => {
    await served.close();
    rmSync(folder, { recursive: true });
  });
  const secret = join(folder, 'token');
  writeFileSync(secret, token, { mode: 0o600 });
  write(folder, 'playbooks/block/playbook.yaml', PLAYBOOK);
  write(
    folder,
    'backline.yaml',
    `connections: { skyatp: { settings: { url: "${served.url}", token: "\${file:${secret}}" }${tls} } }\n`,
  );
  chmodSync(join(folder, 'backline.yaml'), 0o600);
  const ask = async (): Promise<{ readonly code: number; readonly checks: Check[]; readonly said: string }> => {
    const heard = listen(folder, { variables: {} });
    const code = await doctor(heard.invocation, { format: 'json', json: true });
    return { code, checks: JSON.parse(heard.printed()) as Check[], said: heard.printed() };
  };
  return { folder, secret, product, served, ask };
}

test('where all is well, it says what it has looked at, and which rights that has shown', async () => {
  const { ask, product } = await project();
  const before = product.state();
  const { code, checks } = await ask();
  expect(code).toBe(0);
  expect(new Set(checks.map(({ result }) => result))).toEqual(new Set(['ok']));
  expect(checks).toContainEqual({
    name: 'skyatp: right',
    result: 'ok',
    detail: 'Open API (for skyatp.add-infected-host, skyatp.remove-infected-host)',
  });
  expect(product.state()).toEqual(before);
});

test('a wrong secret is named by its connection, and is not shown', async () => {
  const { ask } = await project({ token: 'wrong-and-secret' });
  const { code, checks, said } = await ask();
  expect(code).toBe(1);
  expect(checks.find(({ result }) => result === 'failed')).toMatchObject({
    name: 'skyatp: answer',
    detail: expect.stringContaining('401'),
    hint: expect.stringContaining('the secret is wrong'),
  });
  expect(said).not.toContain('wrong-and-secret');
});

test('files that others can read or write fail, and the hint mends them', async () => {
  const { ask, folder, secret } = await project();
  chmodSync(secret, 0o644);
  chmodSync(join(folder, 'backline.yaml'), 0o666);
  write(folder, '.backline/x', '');
  chmodSync(join(folder, '.backline'), 0o755);
  const { code, checks } = await ask();
  expect(code).toBe(1);
  expect(checks.filter(({ result }) => result === 'failed').map(({ hint }) => hint)).toEqual([
    `chmod go-w ${join(folder, 'backline.yaml')}`,
    `chmod o-rwx ${secret}`,
    `chmod 700 ${join(folder, '.backline')}`,
  ]);
});

test('trust in whoever answers is said, and so is a connection that playbooks need and nobody has configured', async () => {
  const { ask, folder } = await project({ tls: ', tls: { insecure: true }' });
  write(folder, 'playbooks/block/playbook.yaml', BLOCK);
  const { checks } = await ask();
  expect(checks.find(({ name }) => name === 'skyatp: trust')).toMatchObject({
    result: 'warning',
    detail: expect.stringMatching(/^INSECURE/),
  });
  expect(checks.find(({ name }) => name === 'carbonblack')).toMatchObject({
    result: 'failed',
    hint: 'add connections.carbonblack',
  });
});

test('a daemon that starts with a refused secret says so loudly, and shows its connections', async () => {
  const site = await openSite();
  onTestFinished(() => site.close());
  site.skyatp.fault({ fault: { kind: 'status', status: 403 } });
  const { daemon } = await site.start();
  await site.said('a connection does not work');
  expect(site.log.filter(line => line.includes('a connection does not work')).join('')).toContain('skyatp');
  expect(site.log.join('')).not.toContain(SKYATP_TOKEN);
  const heard = listen(site.folder, { variables: { BACKLINE_SERVER: daemon.url } });
  expect(await connectors(heard.invocation, { format: 'json' })).toBe(0);
  const views = JSON.parse(heard.printed()) as ConnectionView[];
  expect(views.find(({ name }) => name === 'skyatp')?.ways[0]).toMatchObject({
    circuit: 'closed',
    failed: { reason: 'auth', detail: 'status 403' },
  });
});
