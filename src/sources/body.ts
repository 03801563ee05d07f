import type { Json } from '../base/json.ts';
import { jsonFault } from './json-fault.ts';

/** As deep as our own files may be; what is deeper would cost somebody's stack. */
const MAX_DEPTH = 64;

/** One event of a body, or a line that is none. */
export type Item = { readonly draft: Json } | { readonly raw: string; readonly reason: string };

/** A body that cannot be read at all. */
export interface Unreadable {
  readonly reason: string;
}

/**
 * The events of a request: one JSON object, an array of them, or one on each line (NDJSON). Lines stand for themselves: one
 * that cannot be read does not spoil the others.
 */
export function readBody(text: string, contentType: string): readonly Item[] | Unreadable {
  const [type = ''] = contentType.split(';');
  if (/^application\/(x-)?(nd-?json|jsonl(ines)?)$/i.test(type.trim())) return readLines(text);
  const parsed = readJson(text);
  if ('reason' in parsed) return parsed;
  return Array.isArray(parsed.value)
    ? (parsed.value as readonly Json[]).map(draft => ({ draft }))
    : [{ draft: parsed.value }];
}

function readLines(text: string): Item[] {
  return text.split('\n').flatMap((line, index): Item[] => {
    if (line.trim() === '') return [];
    const parsed = readJson(line);
    return 'reason' in parsed
      ? [{ raw: line, reason: `line ${index + 1}: ${parsed.reason}` }]
      : [{ draft: parsed.value }];
  });
}

/** One JSON text, or what is wrong with it and where. */
export function readJson(text: string): { readonly value: Json } | Unreadable {
  if (text.trim() === '') return { reason: 'the body is empty' };
  if (isTooDeep(text)) return { reason: `it nests deeper than ${MAX_DEPTH} levels` };
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    const fault = jsonFault(text);
    if (fault === undefined) throw error;
    return { reason: `not JSON at ${placeOf(text, fault.offset)}: ${fault.wanted} was expected` };
  }
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Without parsing: only brackets outside strings count. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (inString) {
      if (char === '\\') index++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      if (++depth > MAX_DEPTH) return true;
    } else if (char === '}' || char === ']') depth--;
  }
  return false;
}
