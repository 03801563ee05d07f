import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

/*
 * The playbooks that ship with the project: nothing is to be said against them, their cases pass and leave no branch and no
 * action out, and each has a page whose commands work.
 */

const ROOT = join(import.meta.dirname, '..', '..');
const PLAYBOOKS = join(ROOT, 'playbooks');
const MAIN = ['--disallow-code-generation-from-strings', join(ROOT, 'src', 'cli', 'main.ts')];
const names = readdirSync(PLAYBOOKS);

test('there is nothing to say against them, not even a warning', async () => {
  expect(await backline(['check', '--fail-level', 'warning'])).toBe('');
});

test('their cases pass, and no branch and no action is in no case', async () => {
  const printed = await backline(['test']);
  expect(printed.match(/^[a-z0-9-]+$/gm)).toEqual(names);
  expect(printed).not.toMatch(/FAIL|in no case/);
});

describe.each(names)('the page of %s', name => {
  const file = join(PLAYBOOKS, name, 'README.md');

  test('is there, and names every parameter', () => {
    expect(existsSync(file)).toBe(true);
    const params = /^params:\n((?: .*\n)*)/m.exec(readFileSync(join(PLAYBOOKS, name, 'playbook.yaml'), 'utf8'))?.[1];
    const ids = [...(params ?? '').matchAll(/^ {2}(\w+):/gm)].map(([, id]) => `\`${id ?? ''}\``);
    const page = readFileSync(file, 'utf8');
    expect(ids.filter(id => !page.includes(id))).toEqual([]);
  });

  const lines = [...readFileSync(file, 'utf8').matchAll(/^npx backline ((?:plan|explain) .*)$/gm)];
  test.each(lines.map(([, words = '']) => words))('%s', async words => {
    expect(await backline(wordsOf(words))).toContain(name);
  });
});

/** As a shell takes them; what is in single quotes is one word. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** What it prints. Rejects where it does not end with 0. */
async function backline(words: readonly string[]): Promise<string> {
  const options = { cwd: ROOT, env: { ...process.env, NO_COLOR: '1' } };
  return (await promisify(execFile)(process.execPath, [...MAIN, ...words], options)).stdout;
}
