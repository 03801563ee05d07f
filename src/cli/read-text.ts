import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import { misuse } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** The text of a file that somebody named; `shown` is how messages name it. */
export function readText(path: string, shown: string = path): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw misuse(`${shown} ${REASONS[code] ?? `cannot be read (${code})`}`);
  }
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be read',
};

/** A JSON object, or an array of them, from a file, or from what is piped in where the file is `-`. */
export async function readObjects(path: string, shown: string, terminal: Terminal): Promise<readonly JsonObject[]> {
  const { name, value } = await readJson(path, shown, terminal);
  const found = Array.isArray(value) ? (value as readonly Json[]) : [value];
  if (found.length === 0 || !found.every(isObject)) throw misuse(`${name} must be a JSON object, or an array of them`);
  return found;
}

/** A JSON object. */
export async function readObject(path: string, shown: string, terminal: Terminal): Promise<JsonObject> {
  const { name, value } = await readJson(path, shown, terminal);
  if (!isObject(value)) throw misuse(`${name} must be a JSON object`);
  return value;
}

async function readJson(
  path: string,
  shown: string,
  terminal: Terminal,
): Promise<{ readonly name: string; readonly value: Json }> {
  const name = shown === '-' ? 'standard input' : shown;
  const text = shown === '-' ? await terminal.readInput() : readText(path, shown);
  try {
    return { name, value: JSON.parse(text) as Json };
  } catch (error) {
    throw misuse(`${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
