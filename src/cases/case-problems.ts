import type { Action } from '../action/action.ts';
import type { Catalogue } from '../action/connector.ts';
import { REASONS } from '../action/outcome.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import { parseDuration } from '../base/duration.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject, own } from '../base/json.ts';
import { validate } from '../base/schema.ts';
import type { Document } from '../playbook/document.ts';
import type { Path } from '../playbook/path.ts';
import { FAULTS } from './script.ts';

export interface Known {
  readonly catalogue: Catalogue;
  /** Ids of the playbook's steps and enrichments. */
  readonly steps: ReadonlySet<string>;
}

/**
 * What is wrong with a case that its schema cannot see: names that nobody has, and words that would quietly mean something
 * else. A case that expects nothing of a misspelt step would pass for ever.
 */
export function caseProblems(document: Document, root: JsonObject, known: Known): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const say: Say = (path, code, message) =>
    problems.push({ code, severity: 'error', message, span: document.keySpanOf(path) });
  if (root['event'] === undefined && root['inputs'] === undefined)
    say([], 'missing-key', 'a case needs the key "event" or "inputs"');
  const { start } = root;
  if (start !== undefined && validate({ format: 'date-time' }, start).length > 0)
    say(['start'], 'bad-value', 'start must be a time such as 2026-01-01T00:00:00Z');
  for (const [name, said] of entriesOf(root['answers'])) inAnswers(name, said, known, say);
  for (const [index, call] of itemsOf(root['before']).entries()) inCall(['before', index], call, known, say);
  inExpectation(['expect'], root['expect'], known, say);
  for (const [index, moment] of itemsOf(root['then']).entries())
    inExpectation(['then', index, 'expect'], own(moment, 'expect'), known, say);
  return problems;
}

type Say = (path: Path, code: string, message: string) => void;

function inAnswers(name: string, said: Json, { catalogue, steps }: Known, say: Say): void {
  const path = ['answers', name];
  const action = catalogue.actions.get(name);
  if (action === undefined) {
    // What it calls is played with it, and asks people too.
    const called = [...(catalogue.callables?.values() ?? [])].flatMap(callable => callable.steps);
    if (strayIn(name, new Set([...steps, ...called])) === undefined) inPersons(path, said, say);
    else if (name.includes('.')) unknownAction(path, name, catalogue, say);
    else unknownStep(path, name, steps, say);
    return;
  }
  for (const [place, answer] of inSequence(path, said)) {
    inAnswer(place, answer, say);
    inAsked([...place, 'with'], own(answer, 'with'), action, say);
  }
}

/** What in the name of a command, such as `block[1].feed`, is no step. */
function strayIn(name: string, steps: ReadonlySet<string>): string | undefined {
  return name.split('.').find(part => !steps.has(part.replace(/\[\d+\]$/, '')));
}

/** One, or several in sequence. */
function inSequence(path: Path, said: Json): readonly (readonly [Path, Json])[] {
  return Array.isArray(said) ? said.map((answer, index) => [[...path, index], answer as Json]) : [[path, said]];
}

function inPersons(path: Path, said: Json, say: Say): void {
  for (const [place, answer] of inSequence(path, said)) {
    if (typeof own(answer, 'answer') !== 'string')
      say(place, 'missing-key', 'what a person says is written { answer: <id> }, or { answer: expired }');
    inDuration([...place, 'after'], own(answer, 'after'), say);
    const fields = own(answer, 'fields');
    if (fields !== undefined && !isObject(fields))
      say([...place, 'fields'], 'wrong-type', 'fields must be a map from the fields of the form to values');
  }
}

function inAnswer(path: Path, answer: Json, say: Say): void {
  const fault = own(answer, 'fault');
  if (fault !== undefined && !isFault(fault))
    say([...path, 'fault'], 'bad-value', `fault must be ${FAULTS.join(', ')}, or a status such as 429`);
  const failed = own(answer, 'failed');
  if (failed !== undefined && !(REASONS as readonly Json[]).includes(failed))
    say([...path, 'failed'], 'bad-value', `failed must be a reason${didYouMean(String(failed), REASONS)}`);
  // Without a fault `after` is a field of the product's own.
  if (fault !== undefined) inDuration([...path, 'after'], own(answer, 'after'), say);
  inDuration([...path, 'pending'], own(answer, 'pending'), say);
}

/** About which input an answer is. */
function inAsked(path: Path, input: Json | undefined, { fullName, input: schema }: Action, say: Say): void {
  if (input === undefined) return;
  if (!isObject(input)) return say(path, 'wrong-type', 'with must be a map: some of the input that the answer is for');
  const known = Object.keys(schema.properties ?? {});
  for (const name of Object.keys(input).filter(key => !known.includes(key)))
    say([...path, name], 'unknown-input', `unknown input "${name}" of ${fullName}${didYouMean(name, known)}`);
}

function inDuration(path: Path, duration: Json | undefined, say: Say): void {
  if (duration === undefined || (typeof duration === 'string' && parseDuration(duration) !== undefined)) return;
  say(path, 'bad-duration', `${String(path.at(-1))} must be a duration such as 5s`);
}

function isFault(fault: Json): boolean {
  if (typeof fault === 'number') return Number.isInteger(fault) && fault >= 400 && fault <= 599;
  return (FAULTS as readonly Json[]).includes(fault);
}

function inExpectation(path: Path, expect: Json | undefined, known: Known, say: Say): void {
  const { catalogue, steps } = known;
  for (const [index, call] of itemsOf(own(expect, 'calls')).entries())
    inCall([...path, 'calls', index], call, known, say);
  for (const [index, name] of itemsOf(own(expect, 'not_called')).entries()) {
    if (!catalogue.actions.has(String(name)))
      unknownAction([...path, 'not_called', index], String(name), catalogue, say);
  }
  for (const [index, row] of itemsOf(own(expect, 'in_force')).entries()) {
    const action = String(own(row, 'action'));
    if (!catalogue.actions.has(action)) unknownAction([...path, 'in_force', index, 'action'], action, catalogue, say);
  }
  for (const [index, step] of itemsOf(own(expect, 'path')).entries()) {
    if (!steps.has(String(step))) unknownStep([...path, 'path', index], String(step), steps, say);
  }
  for (const [name] of entriesOf(own(expect, 'outcomes'))) {
    const unknown = strayIn(name, steps);
    if (unknown !== undefined) unknownStep([...path, 'outcomes', name], unknown, steps, say);
  }
}

/** `{ skyatp.add-infected-host: { ip: … }, times: 1 }`, and nothing else: a second name would never be looked at. */
function inCall(path: Path, call: Json, { catalogue }: Known, say: Say): void {
  const [first, ...more] = entriesOf(call).filter(([key]) => key !== 'times');
  if (first === undefined) return say(path, 'missing-key', 'a call needs the name of an action');
  const [action, input] = first;
  if (!catalogue.actions.has(action)) unknownAction([...path, action], action, catalogue, say);
  if (!isObject(input)) say([...path, action], 'wrong-type', 'the input of a call must be an object; {} is any');
  for (const [key] of more)
    say([...path, key], 'unknown-key', `a call has one action and "times"; "${key}" is neither`);
  const times = own(call, 'times');
  if (times !== undefined && !(Number.isInteger(times) && Number(times) >= 0))
    say([...path, 'times'], 'wrong-type', 'times must be a whole number');
}

function unknownAction(path: Path, name: string, { actions }: Catalogue, say: Say): void {
  say(path, 'unknown-action', `unknown action "${name}"${didYouMean(name, actions.keys())}`);
}

function unknownStep(path: Path, name: string, steps: ReadonlySet<string>, say: Say): void {
  say(path, 'unknown-step', `no step "${name}" in the playbook${didYouMean(name, steps)}`);
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return isObject(value) ? Object.entries(value) : [];
}
