import { SCHEDULE_EVENT } from '../action/own.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Version } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { SigmaCorrelation } from '../match/sigma-correlation.ts';
import type { SigmaRule } from '../match/sigma-rule.ts';
import type { List, Match } from '../match/types.ts';

export type { List, Match, MatchField, MatchModifier } from '../match/types.ts';
export { MATCH_MODIFIERS } from '../match/types.ts';

/**
 * A checked playbook: plain data, every part with its place. What the file says, in the order it says it; nothing is
 * evaluated yet. Text and conditions stay text: they are parsed where they are used, and cached there (expr/).
 */
export interface Playbook {
  readonly name: string;
  /** Hash of the file, the file lists it uses and the language version. */
  readonly version: Version;
  readonly file: string;
  readonly description: string;
  readonly owner: string;
  readonly labels: { readonly [name: string]: string };
  readonly attack: readonly string[];
  readonly stage?: string;
  readonly mode: Mode;
  readonly params: readonly Param[];
  readonly inputs: readonly Param[];
  /** What it gives back to a caller. */
  readonly outputs?: readonly { readonly id: string; readonly value: Condition; readonly span: Span }[];
  readonly triggers: readonly Trigger[];
  readonly incident?: Text;
  readonly once?: { readonly per: readonly Text[]; readonly within: DurationValue; readonly span: Span };
  readonly lock?: Text;
  /** 7 days if not given. */
  readonly timeout: DurationValue;
  readonly vars: readonly Var[];
  readonly enrich: readonly EnrichStep[];
  readonly verdict?: readonly Check[];
  readonly respond: Respond;
  readonly finally: readonly Step[];
  /** The file lists that it uses, with their values: part of the version (LANGUAGE 9.2). */
  readonly lists: { readonly [name: string]: List };
  readonly span: Span;
}

/** More careful first: shadow plans on live events, paused does not wake. */
export type Mode = 'paused' | 'shadow' | 'active';

/** Handlebars, as written. */
export interface Text {
  readonly text: string;
  readonly span: Span;
}

/** CEL, as written. */
export interface Condition {
  readonly text: string;
  readonly span: Span;
}

/** `P` of LANGUAGE 3: written out, or exactly `{{params.x}}`. */
export type DurationValue =
  { readonly value: Milliseconds; readonly span: Span } | { readonly param: string; readonly span: Span };
export type TextValue =
  { readonly value: string; readonly span: Span } | { readonly param: string; readonly span: Span };
export type CountValue =
  { readonly value: number; readonly span: Span } | { readonly param: string; readonly span: Span };

export interface Param {
  readonly id: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'duration' | 'list';
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly note?: string;
  readonly span: Span;
}

export type Trigger =
  | {
      readonly kind: 'event';
      readonly event: string;
      readonly match?: Match;
      readonly if?: Condition;
      readonly span: Span;
    }
  | ScheduleTrigger
  | CorrelateTrigger
  | SigmaTrigger
  | { readonly kind: 'manual'; readonly span: Span }
  | { readonly kind: 'call'; readonly span: Span };

/** Rule files as a trigger. */
export interface SigmaTrigger {
  readonly kind: 'sigma';
  readonly glob: Text;
  readonly if?: Condition;
  /** How many files the glob fits. */
  readonly found: number;
  /** What could be read of them; part of the version. */
  readonly rules: readonly SigmaRule[];
  /** Those of the files that count what rules find; part of the version as well. */
  readonly correlations: readonly SigmaCorrelation[];
  readonly span: Span;
}

/** Several events that belong together (LANGUAGE 5.2). */
export interface CorrelateTrigger {
  readonly kind: 'correlate';
  readonly events: readonly CorrelatedEvent[];
  /** Fields that must be equal. */
  readonly by: readonly Text[];
  readonly within: DurationValue;
  readonly count?: CountValue;
  /** By the name of an event. */
  readonly each: readonly LeastCount[];
  /** By a field. */
  readonly distinct: readonly LeastCount[];
  readonly ordered: boolean;
  readonly if?: Condition;
  readonly span: Span;
}

export interface CorrelatedEvent extends EventWait {
  readonly name: string;
  readonly nameSpan: Span;
}

export interface LeastCount {
  readonly of: string;
  readonly least: CountValue;
  readonly span: Span;
}

export interface ScheduleTrigger {
  readonly kind: 'schedule';
  /** Five fields. */
  readonly cron: TextValue;
  /** By its IANA name; UTC if not given. */
  readonly timezone: { readonly name: string; readonly span: Span };
  /** What becomes of a time at which no run could begin. */
  readonly missed: 'run_once' | 'skip';
  readonly span: Span;
}

/** The types of the events that a trigger looks at: one that is started by hand looks at none, and Sigma rules look at any. */
export function eventTypesOf(trigger: Trigger): readonly string[] {
  switch (trigger.kind) {
    case 'event':
      return [trigger.event];
    case 'correlate':
      return trigger.events.map(({ event }) => event);
    case 'schedule':
      return [SCHEDULE_EVENT];
    case 'sigma':
    case 'manual':
    case 'call':
      return [];
  }
}

/** Undefined where a variable is no expression, or there is none of that name. */
export function variableText({ vars }: Playbook, id: string): string | undefined {
  const value = vars.find(variable => variable.id === id)?.value;
  return value !== undefined && 'text' in value ? value.text : undefined;
}

/** Where what a trigger looks for in events stands, one by one; what rules look for stands in their files. */
export function placesOf(trigger: Trigger): readonly Span[] {
  switch (trigger.kind) {
    case 'correlate':
      return trigger.events.map(({ span }) => span);
    case 'event':
    case 'schedule':
      return [trigger.span];
    case 'sigma':
    case 'manual':
    case 'call':
      return [];
  }
}

/** A trigger in a few words. */
export function triggerText(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'event':
      return trigger.event;
    case 'schedule': {
      const { cron, timezone } = trigger;
      return `schedule ${'value' in cron ? cron.value : `{{params.${cron.param}}}`} ${timezone.name}`;
    }
    case 'correlate':
      return `correlate ${trigger.events.map(({ name }) => name).join(', ')} by ${trigger.by.map(({ text }) => text).join(', ')}`;
    case 'sigma':
      return `sigma ${trigger.glob.text}`;
    case 'manual':
      return 'manual';
    case 'call':
      return 'call';
  }
}

export interface Var {
  readonly id: string;
  /** A string in the file is CEL; any other value is itself. */
  readonly value: Condition | { readonly json: Json };
  readonly span: Span;
}

export interface Check {
  readonly is: string;
  readonly if?: Condition;
  readonly because?: Text;
  /** Not reached past an undecided check; always so for `benign` and for checks without `if` (LANGUAGE 7). */
  readonly certain: boolean;
  readonly span: Span;
}

export type Respond =
  | { readonly kind: 'list'; readonly steps: readonly Step[] }
  | { readonly kind: 'branches'; readonly branches: readonly Branch[]; readonly span: Span };

export interface Branch {
  readonly verdict: string;
  readonly steps: readonly Step[];
  readonly span: Span;
}

interface StepBase {
  /** As written, or `_1`, `_2` … in the order of the file for steps without one. */
  readonly id: string;
  readonly if?: Condition;
  readonly note?: string;
  readonly onError: OnError;
  readonly span: Span;
}

export type OnError =
  | { readonly kind: 'fail' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'steps'; readonly steps: readonly Step[] };

export type EnrichStep = (DoStep | AskStep | WaitStep | ForEachStep | CallStep) & {
  readonly after: readonly string[];
  readonly required: boolean;
};

export type Step =
  DoStep | AskStep | WaitStep | ParallelStep | ChooseStep | ForEachStep | CallStep | EmitStep | UndoStep | StopStep;

export interface DoStep extends StepBase {
  readonly kind: 'do';
  readonly do: string;
  /** Strings are templates, at any depth. */
  readonly with: { readonly [input: string]: Json };
  /** Where each template of `with` stands, by its JSON pointer (`/a/0/b`); '' is `with` itself. */
  readonly withSpans: { readonly [pointer: string]: Span };
  readonly timeout?: DurationValue;
  readonly retry?: { readonly times?: CountValue; readonly every?: DurationValue; readonly max?: DurationValue };
  readonly poll?: { readonly every: DurationValue; readonly until: Condition };
  readonly approve?: Approve;
  readonly hold?: Hold;
}

export interface Approve {
  readonly who: readonly Text[];
  readonly within: DurationValue;
  readonly otherwise: 'deny' | 'allow';
  readonly if?: Condition;
  readonly people: number;
  readonly except: readonly Text[];
  readonly note?: Text;
  readonly span: Span;
}

export interface Hold {
  readonly for?: DurationValue;
  readonly until: readonly EventWait[];
  readonly span: Span;
}

export interface EventWait {
  readonly event: string;
  readonly match?: Match;
  readonly if?: Condition;
  readonly span: Span;
}

export interface AskStep extends StepBase {
  readonly kind: 'ask';
  readonly ask: Text;
  readonly who: readonly Text[];
  readonly within: DurationValue;
  readonly people: number;
  readonly except: readonly Text[];
  readonly answers: readonly {
    readonly id: string;
    readonly label: Text;
    readonly people: number;
    readonly then: readonly Step[];
    readonly span: Span;
  }[];
  readonly form?: readonly FormField[];
  readonly otherwise: readonly Step[];
}

export interface FormField {
  readonly id: string;
  readonly type: 'text' | 'choice' | 'date' | 'number' | 'boolean';
  readonly label: Text;
  readonly required: boolean;
  readonly max?: number;
  readonly options?: readonly string[];
  readonly span: Span;
}

export interface WaitStep extends StepBase {
  readonly kind: 'wait';
  readonly wait:
    | { readonly kind: 'for'; readonly for: DurationValue }
    | { readonly kind: 'until'; readonly until: Text; readonly within: DurationValue }
    | { readonly kind: 'window'; readonly window: Text; readonly within: DurationValue }
    | {
        readonly kind: 'event';
        readonly on: EventWait;
        readonly within: DurationValue;
        readonly since: 'step' | 'run';
      };
  readonly otherwise: readonly Step[];
}

export interface ParallelStep extends StepBase {
  readonly kind: 'parallel';
  readonly branches: readonly { readonly id: string; readonly steps: readonly Step[]; readonly span: Span }[];
}

export interface ChooseStep extends StepBase {
  readonly kind: 'choose';
  readonly branches: readonly { readonly if: Condition; readonly then: readonly Step[]; readonly span: Span }[];
  readonly else?: readonly Step[];
  readonly undecided?: readonly Step[];
}

export interface ForEachStep extends StepBase {
  readonly kind: 'for_each';
  readonly list: Condition;
  readonly as: string;
  readonly max: CountValue;
  readonly atOnce: number;
  readonly steps: readonly Step[];
}

export interface CallStep extends StepBase {
  readonly kind: 'call';
  readonly call: string;
  readonly with: { readonly [input: string]: Json };
  readonly withSpans: { readonly [pointer: string]: Span };
  readonly timeout?: DurationValue;
}

export interface EmitStep extends StepBase {
  readonly kind: 'emit';
  /** A type of the project's own, `local.<name>`. */
  readonly emit: string;
  readonly with: { readonly [field: string]: Json };
  readonly withSpans: { readonly [pointer: string]: Span };
}

export interface UndoStep extends StepBase {
  readonly kind: 'undo';
  /** Step ids of this playbook, or the whole run. */
  readonly undo: { readonly kind: 'steps'; readonly ids: readonly string[] } | { readonly kind: 'run' };
  readonly because?: Text;
}

export interface StopStep extends StepBase {
  readonly kind: 'stop';
  readonly stop: 'done' | 'failed';
  readonly because?: Text;
}

/** Every enrichment and step of a playbook, with what is nested in it, in the order of the file. */
export function allSteps(playbook: Pick<Playbook, 'enrich' | 'respond' | 'finally'>): Step[] {
  return [playbook.enrich, ...topLists(playbook)].flatMap(list => [...everyStep(list)]);
}

/** Every step of a list, with what is nested in it, in the order of the file. */
export function* everyStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const inner of innerLists(step)) yield* everyStep(inner);
  }
}

/** The lists of steps directly inside a step. */
export function innerLists(step: Step): readonly (readonly Step[])[] {
  const own: (readonly Step[])[] = [];
  if (step.kind === 'ask') own.push(...step.answers.map(answer => answer.then), step.otherwise);
  if (step.kind === 'wait') own.push(step.otherwise);
  if (step.kind === 'parallel') own.push(...step.branches.map(branch => branch.steps));
  if (step.kind === 'choose')
    own.push(...step.branches.map(branch => branch.then), step.else ?? [], step.undecided ?? []);
  if (step.kind === 'for_each') own.push(step.steps);
  if (step.onError.kind === 'steps') own.push(step.onError.steps);
  return own;
}

/** Where lists of steps begin: each branch of `respond`, and `finally`. */
export function topLists(playbook: Pick<Playbook, 'respond' | 'finally'>): readonly (readonly Step[])[] {
  const { respond } = playbook;
  return [
    ...(respond.kind === 'list' ? [respond.steps] : respond.branches.map(branch => branch.steps)),
    playbook.finally,
  ];
}
