import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, emptyFolder, write } from './kit.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s stops the daemon cleanly, and the exit code is %i', async (signal, code) => {
  const folder = emptyFolder();
  write(folder, 'backline.yaml', 'listen: 127.0.0.1:0\nlog: { format: json }\n');
  const daemon = spawn(process.execPath, ['--disallow-code-generation-from-strings', MAIN, '-C', folder, 'serve'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(daemon, 'close');
  let log = '';
  await new Promise<void>(resolve => {
    daemon.stderr.on('data', chunk => {
      log += String(chunk);
      if (log.includes('the daemon is up')) resolve();
    });
  });
  daemon.kill(signal);
  expect(await ended).toEqual([code, null]);
  expect(log).toContain('the daemon stops');
});

test.each([
  ['local', 'whoever asks before there is a token'],
  ['', '1 to 64 characters'],
  ['x'.repeat(65), '1 to 64 characters'],
])('no token is made for %j, with or without a daemon', async (name, why) => {
  const folder = emptyFolder();
  write(folder, 'backline.yaml', 'listen: 127.0.0.1:1\n');
  const made = await cli(['tokens', 'create', name], { cwd: folder });
  expect(made).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(why) });
});

test('a configuration with errors, and an address that is taken, are said before anything begins', async () => {
  const folder = emptyFolder();
  write(folder, 'backline.yaml', 'listn: 127.0.0.1:0\n');
  const wrong = await cli(['serve'], { cwd: folder });
  expect(wrong.code).toBe(3);
  expect(wrong.stderr).toMatch(/^backline\.yaml:1:1: error: unknown key "listn".*did you mean "listen"/);
  write(folder, 'backline.yaml', 'listen: 0.0.0.0:0\n');
  const open = await cli(['serve'], { cwd: folder });
  expect(open).toMatchObject({ code: 3, stderr: expect.stringContaining('backline tokens create NAME') });
});
