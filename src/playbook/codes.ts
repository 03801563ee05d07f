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
  'too-large': error('text', 'the file is larger than 256 KiB, or the playbook has more than 4,000 values'),
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
  'missing-id': error('check', 'a step that the ledger, cases and diffs must name has no id'),
  'language-missing': error('schema', 'the file does not say `language: v1`'),
  'question-without-limit': error('schema', 'nobody says how long people have to answer'),
  'wait-without-limit': error('schema', 'nobody says how long to wait'),

  'unknown-modifier': error('parse', '`match` has no such modifier'),

  syntax: error('expression', 'an expression or a template cannot be read'),
  'unknown-reference': error('expression', 'nothing has this name, or it has no such field'),
  'out-of-scope': error('expression', 'the name exists, but not here'),
  'type-mismatch': error('expression', 'an operator or function does not take values of this type'),
  'unknown-function': error('expression', 'the language has no such function or helper'),
  'computed-name': error('expression', 'the name of a list is computed'),
  'template-in-condition': error('expression', 'a condition is written as a template'),
  'foreign-template': error('expression', '`${{ }}` is the spelling of another tool'),
  'bare-name': error('expression', 'a field is named without the root it belongs to'),
  'not-allowed': error('expression', 'Handlebars has it, templates here do not'),
  'list-in-text': error('expression', 'a list or object stands in the middle of a text'),
  'too-complex': error('expression', 'an expression is too long, too deep or too costly'),
  'case-sensitive': warning('expression', '`==` tells upper from lower case where names do not'),
  'undecided-condition': warning('expression', 'a condition can be undecided, and nothing says what follows then'),
  'maybe-missing': warning('expression', 'an input or key needs what may not be there'),
  'maybe-not-run': error('expression', 'the output of a step that may not have run is relied on'),
  constant: warning('expression', 'a condition is always true or always false'),
  'surrounding-space': warning('expression', 'white space around a lone reference makes it a text'),

  'approve-otherwise-allow': error('check', 'silence would allow what cannot be taken back'),
  'bad-correlation': error(
    'check',
    'events that are correlated lack a field or a name, or nothing says when they are enough',
  ),
  'bad-match-value': error('check', 'a modifier of `match` cannot compare with this value'),
  'bad-schedule': error('check', 'a schedule is not five cron fields, is never due, or has no such time zone'),
  'bad-pattern': error('check', 'RE2 refuses the pattern, or it is computed'),
  'bad-form-field': error('check', 'a field of a form has what its type has not, or lacks what it needs'),
  'bad-time': error('check', 'what a wait should end at is not a time'),
  'bad-sigma-rule': error('parse', 'a Sigma rule cannot be read, or uses what is not supported'),
  'cyclic-emit': warning('check', 'an emitted event leads to the playbook that emits it'),
  'cyclic-call': error('check', 'playbooks call each other, or too deep'),
  'cyclic-enrich': error('check', 'enrichments wait for each other'),
  'cyclic-vars': error('check', 'variables need each other'),
  'duplicate-branch': error('check', 'a branch or check can never be taken, since the same stands above it'),
  'duplicate-id': error('check', 'two steps have the same id'),
  'effect-in-enrich': error('check', 'an enrichment changes something'),
  'finally-forbidden': error('check', 'finally asks, waits or stops'),
  'folder-name': error('check', 'the name of the playbook is not that of its folder'),
  'hold-on-read': error('check', 'something is held that is not a reversible response'),
  'hold-without-for': warning('check', 'an address is held without an end'),
  'inputs-without-manual': error('check', 'there are inputs, and a trigger that brings none'),
  'irreversible-without-approval': error('check', 'what cannot be taken back is done without asking anybody'),
  'lock-can-wait-long': warning('check', 'a lock can be kept for more than an hour'),
  'loop-too-large': error('check', 'a loop nests too deep, or may have more rounds than a run has steps'),
  'missing-input': error('check', 'an action lacks an input that it requires'),
  'no-unknown-branch': warning('check', 'nobody is told when the verdict is unknown'),
  'no-verdict-branch': error('check', 'a verdict has no branch in respond'),
  'not-in-enrich': error('check', 'an enrichment does more than find out'),
  'optional-target': error('check', 'an action would act on more where its target is left out'),
  'param-type': error('check', 'a parameter has a value, or is used, as something else than its type'),
  'param-without-value': error('check', 'a parameter has no default, and the environment does not set it'),
  'poll-on-write': error('check', 'something is polled that is not a read'),
  'required-with-if': error('check', 'an enrichment is both required and conditional'),
  'reserved-id': error('check', 'an id means something else in expressions'),
  'secret-literal': error('check', 'a secret is written into the playbook'),
  'trigger-never-matches': error('check', 'no event can match'),
  'unknown-action': error('check', 'no installed connector has this action'),
  'unknown-event-type': error('check', 'no installed connector has this event type'),
  'unknown-field': error('check', 'events of this type have no such field'),
  'unknown-input': error('check', 'the action has no such input'),
  'unknown-list': error('check', 'there is no file list of this name'),
  'unknown-param': error('check', 'there is no such parameter'),
  'unknown-sigma-rule': error('check', 'no Sigma rule file fits what the trigger names'),
  'unknown-step': error('check', 'there is no step or enrichment of this id'),
  'unknown-window': error('check', 'guardrails.yaml has no window of this name'),
  'unreachable-step': warning('check', 'a step, check or branch is never reached'),
  'within-too-long': error('check', 'a limit is longer than what it is part of'),
  'wrong-call': error('check', 'a call names no playbook that can be called, or not what that wants'),
  'wrong-event': error('check', 'an `emit` says of an event what it cannot be'),
  'wrong-input': error('check', "an input does not fit the action's schema"),
  'wrong-list': error(
    'check',
    'a list that is kept is asked like a file, or the other way round, or its name is computed',
  ),
} as const satisfies { readonly [code: string]: CodeEntry };

export type CodeName = keyof typeof CODES;

export function isCode(word: unknown): word is CodeName {
  return typeof word === 'string' && Object.hasOwn(CODES, word);
}
