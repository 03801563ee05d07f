import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { codeOf } from '../../daemon/config-file.ts';
import { EXIT, misuse } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { SCAFFOLD, SCHEMA_FILES } from '../scaffold.ts';
import { schemaOf } from './schema.ts';

/** A project that works at once: configuration, guardrails, a playbook with its cases, schemas for editors, a build. */
export async function init({ terminal, folder }: Invocation, where: string): Promise<number> {
  const root = resolve(folder, where);
  const files = [
    ...SCAFFOLD,
    ...Object.entries(SCHEMA_FILES).map(([kind, path]) => ({
      path,
      text: `${JSON.stringify(schemaOf(kind), undefined, 2)}\n`,
    })),
  ];
  for (const { path, text } of files) {
    const isNew = written(join(root, path), text);
    terminal.print(`${isNew ? 'wrote' : 'kept '}  ${join(where, path)}`);
  }
  const inside = where === '.' ? '' : `cd ${where}, then `;
  terminal.say(
    `\nNext: ${inside}backline check; backline test; backline plan bad-file --event playbooks/bad-file/alert.json`,
  );
  return EXIT.ok;
}

/** False where the file is there: what somebody wrote stays. */
function written(path: string, text: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (existsSync(path)) return false;
    throw misuse(`${path} cannot be written (${codeOf(error)})`);
  }
}
