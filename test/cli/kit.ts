import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import type { Invocation } from '../../src/cli/invocation.ts';
import { PLAIN } from '../../src/cli/print/painter.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** A small project of its own, so that nobody else's changes are ours. */
export const PROJECT = join(import.meta.dirname, 'project');
const GOLDEN = join(ROOT, 'test', 'golden', 'cli');

/** A command in this process: what it is given, and what it has said. */
export function listen(folder: string = PROJECT, more: Partial<Invocation> & { readonly input?: string } = {}) {
  const out: string[] = [];
  const said: string[] = [];
  const { input = '', ...rest } = more;
  const invocation: Invocation = {
    terminal: {
      print: text => void out.push(text),
      say: text => void said.push(text),
      complain: text => void said.push(text),
      readInput: async () => input,
      paint: PLAIN,
      talk: PLAIN,
      showsProgress: false,
    },
    folder,
    variables: {},
    isVerbose: false,
    ...rest,
  };
  return { invocation, printed: () => out.join('\n'), said: () => said.join('\n') };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command line, as a process of its own. `node` is what a user would start it with. */
export async function cli(
  arguments_: readonly string[],
  {
    cwd = PROJECT,
    variables = {},
    input = '',
  }: { readonly cwd?: string; readonly variables?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Promise<Ended> {
  const main = join(ROOT, 'src', 'cli', 'main.ts');
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, ['--disallow-code-generation-from-strings', main, ...arguments_], {
    cwd,
    env: { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...variables },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>(resolve => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { code: await ended, stdout, stderr };
}

/** A copy of the project that may be changed, with files written over it. */
export function projectWith(files: { readonly [path: string]: string }): string {
  const folder = emptyFolder();
  cpSync(PROJECT, folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) write(folder, path, text);
  return folder;
}

/** A folder of its own that no repository is around. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backline-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

export function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** `UPDATE_GOLDEN=1` writes it anew; read the difference before you commit it. */
export function expectGolden(name: string, text: string): void {
  const file = join(GOLDEN, name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, `${text}\n`);
  expect(`${text}\n`).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
}
