import { isBlank, skipBlanks } from './chars.ts';
import type { FieldSet } from './field-set.ts';
import { addFlow } from './junos-words.ts';
import { readQuoted } from './pairs.ts';
import type { Problems } from './problems.ts';

/** Plain names whose structured ones are not the same in lower case. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['session_id', 'session-id'],
  ['file', 'filename'],
  ['temp_file', 'temporary-filename'],
  ['virus', 'name'],
]);

/** Names that stand before their value with a blank and no `=`, in some releases. */
const BARE: ReadonlySet<string> = new Set(['source-zone', 'destination-zone', 'username', 'roles']);

/**
 * The plain messages of web filter and anti-virus: `ACTION="URL Blocked" S(sp)->D(dp) URL=… OBJ=/ username N/A roles N/A`.
 * Names, addresses and loose words come in any order, and some touch (`destination-zone="z"10.0.0.1(…)`).
 */
export function readPlainUtm(text: string, at: number, set: FieldSet, problems: Problems): void {
  let hasFlow = false;
  for (let index = skipFillers(text, at); index < text.length; index = skipFillers(text, index)) {
    const end = nameEnd(text, index);
    const word = text.slice(index, end);
    if (text[end] === '=') index = readNamed(text, { word, at: end + 1 }, set, problems);
    else if (BARE.has(word.toLowerCase())) index = readNamed(text, { word, at: skipBlanks(text, end) }, set, problems);
    else {
      hasFlow = addFlow(word, '', set) || hasFlow;
      // A quote that nothing announced is passed over.
      index = Math.max(end, index + 1);
    }
  }
  if (!hasFlow) problems.add('unknown-form');
}

function readNamed(
  text: string,
  { word, at }: { readonly word: string; readonly at: number },
  set: FieldSet,
  problems: Problems,
): number {
  const name = word.toLowerCase();
  const quoted = text[at] === '"' ? readQuoted(text, at, problems) : undefined;
  const end = quoted?.end ?? valueEnd(text, at);
  set.add(NAMES.get(name) ?? name, quoted?.value ?? text.slice(at, end));
  return end;
}

function skipFillers(text: string, at: number): number {
  let index = at;
  while (index < text.length && (isBlank(text.charCodeAt(index)) || '[],'.includes(text.charAt(index)))) index++;
  return index;
}

/** A name ends at its `=`; a word at a blank or a quote. */
function nameEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isBlank(text.charCodeAt(end)) && text[end] !== '=' && text[end] !== '"') end++;
  return end;
}

function valueEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
  return end;
}
