import type { Catalogue } from '../action/connector.ts';
import type { Json } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { Span } from '../base/span.ts';
import { checkCondition, checkExpression, checkTemplate, isTemplate } from '../expr/expr.ts';
import type { Checked, TypeScope } from '../expr/types.ts';
import { triggerWaits } from './matches.ts';
import type { Path } from './path.ts';
import { pointerOf } from './path.ts';
import type { Condition, DoStep, EventWait, Match, MatchField, Playbook, Step, Text } from './playbook.ts';
import type { Scopes } from './scopes.ts';
import type { Placement, Surroundings } from './surroundings.ts';

/** An expression of a playbook, with what its place makes of it and what the checker says. */
export interface Expression {
  readonly role: Role;
  readonly text: string;
  readonly span: Span;
  readonly scope: TypeScope;
  readonly checked: Checked & { readonly lone?: boolean };
  /** The step or enrichment that it belongs to. */
  readonly step?: Step;
  readonly section?: Surroundings['section'];
  /** The pointer of an action's input, for the role `input`. */
  readonly input?: string;
}

export type Role =
  | 'trigger' // `if` of a trigger: undecided does not match
  | 'var'
  | 'if' // of a step or enrichment
  | 'verdict'
  | 'poll'
  | 'list'
  | 'choice'
  | 'approve' // undecided asks
  | 'arrival' // `if` of waits and holds
  | 'input' // of an action, read by machines
  | 'people' // text for people
  | 'who'
  | 'output' // of a playbook that is called
  | 'when' // of `wait`: a time, or the name of a window
  | 'key' // `incident`, `once`
  | 'lock'
  | 'value'; // of `match`

/** Every expression of a playbook, checked where it stands. */
export function expressionsOf(
  playbook: Playbook,
  places: readonly Placement[],
  scopes: Scopes,
  catalogue: Catalogue,
  valueSpanOf: ValueSpanOf,
): Expression[] {
  const collector = new Collector(scopes, catalogue, valueSpanOf);
  for (const trigger of playbook.triggers) {
    if (trigger.kind === 'manual' || trigger.kind === 'call' || trigger.kind === 'schedule') continue;
    const scope = once(() => scopes.trigger(trigger));
    collector.condition('trigger', trigger.if, { scope });
    for (const on of triggerWaits([trigger])) collector.match(on.match, { scope: once(() => scopes.triggerMatch()) });
  }
  const wake = { scope: once(() => scopes.wake()) };
  for (const text of [playbook.incident, ...(playbook.once?.per ?? [])]) collector.text('key', text, wake);
  collector.text('lock', playbook.lock, wake);
  for (const { value } of playbook.vars) {
    if ('text' in value) collector.add('var', value, { scope: () => scopes.variable }, checkExpression);
  }
  for (const { value } of playbook.outputs ?? [])
    collector.add('output', value, { scope: () => scopes.variable }, checkExpression);
  const verdict = { scope: once(() => scopes.verdict()) };
  for (const check of playbook.verdict ?? []) {
    collector.condition('verdict', check.if, verdict);
    collector.text('people', check.because, verdict);
  }
  for (const place of places) collector.step(place);
  return collector.found;
}

/** Where a value of `match` stands: the field knows only its own place. */
type ValueSpanOf = (field: MatchField, index: number) => Span;

interface Place {
  /** Made when there is an expression that needs it, and then once. */
  readonly scope: () => TypeScope;
  readonly step?: Step;
  readonly section?: Surroundings['section'];
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

class Collector {
  readonly found: Expression[] = [];
  readonly #scopes: Scopes;
  readonly #catalogue: Catalogue;
  readonly #valueSpanOf: ValueSpanOf;

  constructor(scopes: Scopes, catalogue: Catalogue, valueSpanOf: ValueSpanOf) {
    this.#scopes = scopes;
    this.#catalogue = catalogue;
    this.#valueSpanOf = valueSpanOf;
  }

  add(
    role: Role,
    at: Condition | Text,
    place: Place,
    check: (text: string, scope: TypeScope) => Expression['checked'],
  ): void {
    const scope = place.scope();
    this.found.push({ role, text: at.text, span: at.span, ...place, scope, checked: check(at.text, scope) });
  }

  condition(role: Role, at: Condition | undefined, place: Place): void {
    if (at !== undefined) this.add(role, at, place, role === 'list' ? checkExpression : checkCondition);
  }

  text(role: Role, at: Text | undefined, place: Place): void {
    const sink = role === 'people' ? 'people' : 'machine';
    if (at !== undefined && isTemplate(at.text))
      this.add(role, at, place, (text, scope) => checkTemplate(text, scope, sink));
  }

  match(match: Match | undefined, place: Place): void {
    for (const field of match?.any.flat() ?? []) {
      for (const [index, value] of field.values.entries()) {
        if (typeof value === 'string')
          this.text('value', { text: value, span: this.#valueSpanOf(field, index) }, place);
      }
    }
  }

  step({ step, around }: Placement): void {
    const scope = once(() => this.#scopes.step(around, around.given));
    const condition = step.if;
    const { section } = around;
    this.condition('if', condition, { scope, step, section });
    const place = {
      scope: condition === undefined ? scope : once(() => this.#scopes.step(around, [...around.given, condition])),
      step,
      section,
    };
    switch (step.kind) {
      case 'do':
        this.action(step, place);
        break;
      case 'ask':
        this.text('people', step.ask, place);
        for (const { label } of [...step.answers, ...(step.form ?? [])]) this.text('people', label, place);
        for (const who of [...step.who, ...step.except]) this.text('who', who, place);
        break;
      case 'wait':
        if (step.wait.kind === 'event') this.arrival(step.wait.on, place);
        if (step.wait.kind === 'until') this.text('when', step.wait.until, place);
        if (step.wait.kind === 'window') this.text('when', step.wait.window, place);
        break;
      case 'for_each':
        this.condition('list', step.list, place);
        break;
      case 'choose':
        for (const branch of step.branches) this.condition('choice', branch.if, place);
        break;
      case 'call':
        this.#inputs(step, undefined, step.with, [], place);
        break;
      case 'emit':
        this.#inputs(step, this.#catalogue.eventTypes.get(step.emit)?.schema, step.with, [], place);
        break;
      case 'parallel':
        break;
      case 'undo':
      case 'stop':
        this.text('people', step.because, place);
    }
  }

  action(step: DoStep, place: Place): void {
    this.#inputs(step, this.#catalogue.actions.get(step.do)?.input, step.with, [], place);
    this.condition('poll', step.poll?.until, { ...place, scope: () => this.#scopes.withResult(place.scope(), step) });
    this.condition('approve', step.approve?.if, place);
    this.text('people', step.approve?.note, place);
    for (const who of [...(step.approve?.who ?? []), ...(step.approve?.except ?? [])]) this.text('who', who, place);
    for (const until of step.hold?.until ?? []) this.arrival(until, place);
  }

  arrival(on: EventWait, place: Place): void {
    this.match(on.match, place);
    this.condition('arrival', on.if, { ...place, scope: () => this.#scopes.withArrived(place.scope(), on) });
  }

  #inputs(
    step: Pick<DoStep, 'withSpans'>,
    schema: JsonSchema | undefined,
    value: Json,
    path: Path,
    place: Place,
  ): void {
    if (typeof value === 'string') {
      const span = step.withSpans[pointerOf(path)];
      if (span === undefined || !isTemplate(value)) return;
      const sink = sinkOf(schema, path);
      const scope = place.scope();
      const checked = checkTemplate(value, scope, sink);
      this.found.push({
        role: sink === 'people' ? 'people' : 'input',
        text: value,
        span,
        ...place,
        scope,
        checked,
        input: pointerOf(path),
      });
    } else if (Array.isArray(value)) {
      (value as readonly Json[]).forEach((item, index) => this.#inputs(step, schema, item, [...path, index], place));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) this.#inputs(step, schema, item, [...path, key], place);
    }
  }
}

/** Whether an input is read by people: decides what a missing value means. */
function sinkOf(schema: JsonSchema | undefined, [key, ...rest]: Path): 'people' | 'machine' {
  if (schema === undefined) return 'machine';
  if (schema['x-text'] === 'people') return 'people';
  if (key === undefined) return 'machine';
  return sinkOf(typeof key === 'number' ? schema.items : own(schema.properties, key), rest);
}

function own(properties: JsonSchema['properties'], key: string): JsonSchema | undefined {
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}
