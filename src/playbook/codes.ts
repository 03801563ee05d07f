import type { Severity } from '../base/diagnostic.ts';

/** Where in loading a code is found: the text, its shape, its names and expressions, or a check of its own. */
export type Stage = 'text' | 'schema' | 'parse' | 'expression' | 'check';

export interface CodeEntry {
  /** As a rule; a finding may be milder where the language says so (`maybe-not-run` in text for people). */
  readonly severity: Severity;
  readonly stage: Stage;
  /** One line for `backline explain`. */
  readonly summary: string;
}

const error = (stage: Stage, summary: string) => ({ severity: 'error', stage, summary }) as const;
const warning = (stage: Stage, summary: string) => ({ severity: 'warning', stage, summary }) as const;

/** Every diagnostic code. Each has a golden pair and a page; codes of the stage `check` have a file in checks/. */
export const CODES = {
  'too-large': error('text', 'the file is larger than 256 KiB'),
  'too-deep': error('text', 'the file nests deeper than 64 levels'),
  'yaml-syntax': error('text', 'the file is not YAML'),
  'yaml-feature': error('text', 'anchors, aliases, merge keys, tags, directives and second documents are not allowed'),
  'unclosed-quote': error('text', 'a quote is opened and not closed'),
  'unquoted-template': error('text', 'a template at the start of a value needs quotes'),
  'duplicate-key': error('text', 'a key is given twice'),

  'unknown-key': error('schema', 'the language has no such key here'),
  'missing-key': error('schema', 'a required key is not there'),
  'wrong-type': error('schema', 'a value has the wrong type'),
  'bad-value': error('schema', 'a value is not one of those allowed'),
  'bad-id': error('schema', 'an id or name is not spelt as ids are'),
  'bad-duration': error('schema', 'a duration is not spelt as durations are'),
  'missing-id': error('schema', 'a step that the ledger, cases and diffs must name has no id'),
  'language-missing': error('schema', 'the file does not say `language: v1`'),
  'question-without-limit': error('schema', 'nobody says how long people have to answer'),
  'wait-without-limit': error('schema', 'nobody says how long to wait'),

  'not-built-yet': error('parse', 'part of language v1, but not of this build'),
  'unknown-modifier': error('parse', '`match` has no such modifier'),
} as const satisfies { readonly [code: string]: CodeEntry };

export type CodeName = keyof typeof CODES;

export function isCode(word: unknown): word is CodeName {
  return typeof word === 'string' && Object.hasOwn(CODES, word);
}
export { warning };
