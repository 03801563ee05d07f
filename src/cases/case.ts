import type { Catalogue } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { sortDiagnostics } from '../base/diagnostic.ts';
import type { Milliseconds } from '../base/duration.ts';
import { parseDuration } from '../base/duration.ts';
import type { JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import { readDocument } from '../playbook/document.ts';
import { schemaDiagnostics } from '../playbook/schema-diagnostics.ts';
import { testCase as validate } from '../playbook/schemas.generated.js';
import { caseProblems } from './case-problems.ts';

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
  diagnostics.push(...caseProblems(document, root, { catalogue, steps }));
  if (diagnostics.length > 0) return { diagnostics: sortDiagnostics(diagnostics) };
  return { case: { ...parse(root), file }, diagnostics: [] };
}

function parse(root: JsonObject): Omit<Case, 'file'> {
  const {
    event,
    inputs,
    guardrails,
    start = DEFAULT_START,
    by = 'local',
    params = {},
    before = [],
    answers = {},
    then = [],
    expect,
  } = root;
  return {
    name: String(root['case']),
    ...(event === undefined ? {} : { event: event as unknown as CaseEvent }),
    ...(inputs === undefined ? {} : { inputs: inputs as JsonObject }),
    ...(guardrails === undefined ? {} : { guardrails: String(guardrails) }),
    by: String(by),
    start: Date.parse(String(start)),
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
