import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The daemon as a process of its own, as it is in production; started again when it falls, with the same store. */
export interface DaemonProcess {
  /** Changes when it was started again. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface DaemonOptions {
  readonly folder: string;
  readonly config: string;
  readonly log: string;
  readonly variables: { readonly [name: string]: string };
  /** It ended by itself: `again` is whether it is started once more. */
  readonly fell: (how: string, again: boolean) => void;
}

const MOST_FALLS = 5;

export function startDaemonProcess({ folder, config, log, variables, fell }: DaemonOptions): DaemonProcess {
  const entry = join(import.meta.dirname, '..', 'cli', import.meta.filename.endsWith('.ts') ? 'main.ts' : 'main.js');
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  let isStopping = false;
  let falls = 0;
  let child: ChildProcess | undefined;
  let ended: Promise<unknown> = Promise.resolve();

  function start(): void {
    const output = openSync(log, 'a', 0o600);
    const started = spawn(
      process.execPath,
      ['--disallow-code-generation-from-strings', entry, '-C', folder, '-c', config, 'serve'],
      { env: { ...process.env, ...variables }, stdio: ['ignore', output, output] },
    );
    closeSync(output);
    child = started;
    ended = once(started, 'exit');
    started.once('exit', (code, signal) => {
      if (isStopping) return;
      falls++;
      const again = falls < MOST_FALLS && code !== 3;
      fell(signal ?? `exit code ${String(code)}`, again);
      if (again) start();
    });
  }

  start();
  return {
    pid: () => child?.pid,
    async stop() {
      isStopping = true;
      // Ctrl-C reaches the whole group of a terminal; then it is stopping already.
      if (child?.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
