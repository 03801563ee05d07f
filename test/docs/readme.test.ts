import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseDocument } from 'yaml';
import { describe, expect, test } from 'vitest';
import { catalogueOf } from '../../src/action/connector.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';

/*
 * What the README shows is what a reader gets: its console blocks are run and compared, its playbook loads, its shell
 * blocks name commands that exist. `UPDATE_GOLDEN=1` writes the outputs into the README.
 */

const ROOT = join(import.meta.dirname, '..', '..');
const FILE = join(ROOT, 'README.md');
const readme = readFileSync(FILE, 'utf8');
const MAIN = ['--disallow-code-generation-from-strings', join(ROOT, 'src', 'cli', 'main.ts')];

describe('a console block shows what its command prints', () => {
  for (const block of blocks('console')) {
    const [command = '', ...output] = block.split('\n');
    test(command, async () => {
      const printed = await backline(wordsOf(command.replace('$ npx backline ', '')));
      if (process.env['UPDATE_GOLDEN'] === '1') update(block, `${command}\n${printed}`);
      else expect(output.join('\n')).toBe(printed);
    });
  }
});

test('its playbook loads without a finding', () => {
  const [text = ''] = blocks('yaml');
  expect(parseDocument(text).errors).toEqual([]);
  expect(loadPlaybook({ file: 'README.md', text }, catalogueOf(connectors)).diagnostics).toEqual([]);
});

test('its shell blocks name commands and scripts that exist', async () => {
  const lines = blocks('sh').flatMap(block => block.split('\n'));
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly scripts: object };
  const help = await backline(['--help']);
  for (const line of lines) {
    const [, script] = /^npm ci && npm (?:run )?(\w+)$/.exec(line) ?? [];
    const [, command] = /^npx backline (\w+)/.exec(line) ?? [];
    expect(script === undefined ? help : Object.keys(scripts).join('\n'), line).toMatch(
      new RegExp(`^\\s*${script ?? command ?? '?'}\\b`, 'm'),
    );
  }
});

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n?\`\`\`$`, 'gm'))].map(
    ([, block]) => block ?? '',
  );
}

/** Words as a shell takes them, without quotes in them: the README needs no more. */
function wordsOf(line: string): string[] {
  return line.split(' ').filter(word => word !== '');
}

async function backline(words: readonly string[]): Promise<string> {
  const options = { cwd: ROOT, env: { ...process.env, NO_COLOR: '1' } };
  // Findings are an answer too: `check` prints them and ends with 1.
  const { stdout } = await promisify(execFile)(process.execPath, [...MAIN, ...words], options).catch(
    (error: { readonly code?: number; readonly stdout: string }) => (error.code === 1 ? error : Promise.reject(error)),
  );
  // How long a case took is not part of what is shown.
  return stdout.replaceAll(/ \(\d+ ms\)/g, '').trimEnd();
}

function update(block: string, fresh: string): void {
  writeFileSync(
    FILE,
    readFileSync(FILE, 'utf8').replace(`\`\`\`console\n${block}\n\`\`\``, () => `\`\`\`console\n${fresh}\n\`\`\``),
  );
}
