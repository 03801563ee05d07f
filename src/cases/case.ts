import type { Catalogue } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { sortDiagnostics } from '../base/diagnostic.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import type { Milliseconds } from '../base/duration.ts';
import { parseDuration } from '../base/duration.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { Document } from '../playbook/document.ts';
import { readDocument } from '../playbook/document.ts';
import { schemaDiagnostics } from '../playbook/schema-diagnostics.ts';
import { testCase as validate } from '../playbook/schemas.generated.js';
import type { Path } from '../playbook/path.ts';

/** A test of a playbook, as its file says it (LANGUAGE A.4). */
export interface Case {
  readonly name: string;
  readonly file: string;
  readonly event?: CaseEvent;
  readonly inputs?: JsonObject;
  readonly by: string;
  readonly start: number;
  readonly params: JsonObject;
  readonly guardrails?: string;
  readonly before: readonly CaseCall[];
  /** By action name: scripted answers; by step id: what a person says. */
  readonly answers: JsonObject;
  readonly then: readonly Moment[];
  readonly expect: Expectation;
}

export interface CaseEvent {
  readonly file?: string;
  readonly type?: string;
  readonly like?: 'start';
  readonly with?: JsonObject;
}

export interface CaseCall {
  readonly action: string;
  readonly input: JsonObject;
  readonly times?: number;
}

export interface Moment {
  readonly at: Milliseconds;
  readonly event?: CaseEvent;
  readonly cancel?: { readonly by: string; readonly undo?: boolean };
  readonly undo?: { readonly by: string; readonly because?: string };
  readonly pause?: { readonly by: string; readonly because?: string };
  readonly resume?: { readonly by: string };
  readonly expect?: Expectation;
}

export interface Expectation {
  readonly wakes?: boolean;
  readonly verdict?: string;
  readonly because?: string;
  readonly missing?: readonly string[];
  readonly undecided?: readonly string[];
  readonly path?: readonly string[];
  readonly outcomes?: { readonly [step: string]: string };
  readonly calls?: readonly CaseCall[];
  readonly not_called?: readonly string[];
  readonly messages?: readonly JsonObject[];
  readonly in_force?: readonly {
    readonly action: string;
    readonly target?: string | number;
    readonly holds?: number;
    readonly state?: string;
  }[];
  readonly run?: string;
  readonly lasts?: string;
  readonly runs?: number;
}

const DEFAULT_START = '2026-01-01T00:00:00Z';

/** Text to case, checked against the actions and steps it names. Never throws. */
export function loadCase(
  file: string,
  text: string,
  catalogue: Catalogue,
  steps: ReadonlySet<string>,
): { readonly case?: Case; readonly diagnostics: readonly Diagnostic[] } {
  const document = readDocument(file, text);
  const diagnostics = [...document.diagnostics, ...schemaDiagnostics(document, validate)];
  if (!isObject(document.root) || diagnostics.length > 0) return { diagnostics: sortDiagnostics(diagnostics) };
  const { root } = document;
  diagnostics.push(...unknownNames(document, root, catalogue, steps));
  const start = Date.parse(String(root['start'] ?? DEFAULT_START));
  if (Number.isNaN(start))
    diagnostics.push(problem(document, ['start'], 'bad-value', 'start must be a time such as 2026-01-01T00:00:00Z'));
  if (root['event'] === undefined && root['inputs'] === undefined) {
    diagnostics.push(problem(document, [], 'missing-key', 'a case needs the key "event" or "inputs"'));
  }
  if (diagnostics.length > 0) return { diagnostics: sortDiagnostics(diagnostics) };
  return { case: { ...parse(root), file, start }, diagnostics: [] };
}

function parse(root: JsonObject): Omit<Case, 'file' | 'start'> {
  const { event, inputs, guardrails, by = 'local', params = {}, before = [], answers = {}, then = [], expect } = root;
  return {
    name: String(root['case']),
    ...(event === undefined ? {} : { event: event as unknown as CaseEvent }),
    ...(inputs === undefined ? {} : { inputs: inputs as JsonObject }),
    ...(guardrails === undefined ? {} : { guardrails: String(guardrails) }),
    by: String(by),
    params: params as JsonObject,
    before: (before as readonly JsonObject[]).map(callOf),
    answers: answers as JsonObject,
    then: (then as readonly JsonObject[]).map(momentOf).toSorted((a, b) => a.at - b.at),
    expect: expectationOf(expect as JsonObject),
  };
}

function momentOf(moment: JsonObject): Moment {
  const { at, expect, ...rest } = moment;
  return {
    ...(rest as unknown as Omit<Moment, 'at' | 'expect'>),
    at: parseDuration(String(at)) ?? 0,
    ...(expect === undefined ? {} : { expect: expectationOf(expect as JsonObject) }),
  };
}

function expectationOf(expect: JsonObject): Expectation {
  const { calls, ...rest } = expect;
  return {
    ...(rest as unknown as Expectation),
    ...(calls === undefined ? {} : { calls: (calls as readonly JsonObject[]).map(callOf) }),
  };
}

/** `{ skyatp.add-infected-host: { ip: … }, times: 1 }` */
function callOf(call: JsonObject): CaseCall {
  const [action = '', input] = Object.entries(call).find(([key]) => key !== 'times') ?? [];
  const times = call['times'];
  return { action, input: isObject(input) ? input : {}, ...(typeof times === 'number' ? { times } : {}) };
}

function* unknownNames(
  document: Document,
  root: JsonObject,
  catalogue: Catalogue,
  steps: ReadonlySet<string>,
): Generator<Diagnostic> {
  const actions = [...catalogue.actions.keys()];
  const unknownAction = (name: string, path: Path): Diagnostic =>
    problem(document, path, 'unknown-action', `unknown action "${name}"${didYouMean(name, actions)}`);
  for (const name of Object.keys(isObject(root['answers']) ? root['answers'] : {})) {
    if (catalogue.actions.has(name) || steps.has(name)) continue;
    yield name.includes('.')
      ? unknownAction(name, ['answers', name])
      : problem(
          document,
          ['answers', name],
          'unknown-step',
          `no step "${name}" in the playbook${didYouMean(name, steps)}`,
        );
  }
  for (const [path, calls] of callLists(root)) {
    for (const [index, call] of calls.entries()) {
      const { action } = callOf(call);
      if (!catalogue.actions.has(action)) yield unknownAction(action, [...path, index, action]);
    }
  }
  for (const [path, expect] of expectations(root)) {
    const notCalled = expect['not_called'];
    for (const [index, name] of (Array.isArray(notCalled) ? notCalled : []).entries()) {
      if (!catalogue.actions.has(String(name))) yield unknownAction(String(name), [...path, 'not_called', index]);
    }
  }
}

function* callLists(root: JsonObject): Generator<readonly [Path, readonly JsonObject[]]> {
  if (Array.isArray(root['before'])) yield [['before'], root['before'] as readonly JsonObject[]];
  for (const [path, expect] of expectations(root)) {
    if (Array.isArray(expect['calls'])) yield [[...path, 'calls'], expect['calls'] as readonly JsonObject[]];
  }
}

function* expectations(root: JsonObject): Generator<readonly [Path, JsonObject]> {
  if (isObject(root['expect'])) yield [['expect'], root['expect']];
  const then: readonly Json[] = Array.isArray(root['then']) ? root['then'] : [];
  for (const [index, moment] of then.entries()) {
    if (isObject(moment) && isObject(moment['expect'])) yield [['then', index, 'expect'], moment['expect']];
  }
}

function problem(document: Document, path: Path, code: string, message: string): Diagnostic {
  return { code, severity: 'error', message, span: document.keySpanOf(path) };
}
