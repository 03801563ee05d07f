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

/** A JSON object from a file, or from what is piped in where the file is `-`. */
export async function readObject(path: string, shown: string, terminal: Terminal): Promise<JsonObject> {
  const name = shown === '-' ? 'standard input' : shown;
  const text = shown === '-' ? await terminal.readInput() : readText(path, shown);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw misuse(`${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value)) throw misuse(`${name} must be a JSON object`);
  return value;
}
