import type { Json } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { Held } from './value.ts';
import { toJson } from './value.ts';

const MAX_VALUE = 60;
const MAX_ITEMS = 5;

/** A found value in a few characters: `"FIN-WS-042"`, `10`, `[18, 24, … 3 more]`, `absent`, `missing`. */
export function showHeld(found: Held): string {
  if (found.state !== 'value') return found.state;
  const json = toJson(found.value);
  return json === undefined ? '(no number)' : showJson(json);
}

export function showJson(json: Json): string {
  if (typeof json === 'string') return JSON.stringify(shorten(json, MAX_VALUE));
  if (Array.isArray(json))
    return `[${some(
      json.slice(0, MAX_ITEMS).map(item => showScalar(item as Json)),
      json.length,
    )}]`;
  if (!isObject(json)) return String(json);
  const keys = Object.keys(json);
  const shown = keys.slice(0, MAX_ITEMS).map(key => `${shorten(key, 20)}: ${showScalar(json[key] ?? null)}`);
  return `{${some(shown, keys.length)}}`;
}

/** Cuts between characters, never inside one. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = length - 1;
  const lastUnit = text.charCodeAt(end - 1);
  return `${text.slice(0, lastUnit >= 0xd800 && lastUnit <= 0xdbff ? end - 1 : end)}…`;
}

function showScalar(json: Json): string {
  if (Array.isArray(json)) return '[…]';
  if (isObject(json)) return '{…}';
  return typeof json === 'string' ? JSON.stringify(shorten(json, 30)) : String(json);
}

function some(shown: readonly string[], count: number): string {
  return count > shown.length ? `${shown.join(', ')}, … ${count - shown.length} more` : shown.join(', ');
}
