import { at, isObject } from '../base/json.ts';
import type { Json } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { Event } from '../event/event.ts';
import { compileValue, isNever } from './compile.ts';
import type { Condition } from './condition.ts';
import { junction, satisfied } from './condition.ts';
import { holds } from './predicate.ts';
import type { FieldPath } from './subject.ts';
import { ANYWHERE, Subject } from './subject.ts';
import { ecsPaths } from './sigma-fields.ts';
import type { MatchField } from './types.ts';

/** What a Sigma file says of a rule or a correlation, and what events are filled in with. */
export interface RuleHead {
  readonly id: string;
  /** What correlations call it; else its id. */
  readonly name?: string;
  readonly title: string;
  readonly level?: SigmaLevel;
  readonly tags: readonly string[];
  readonly file: string;
}

/** A Sigma rule, as its file says it (Sigma specification 2.1.0): plain data, part of the playbook that names it. */
export interface SigmaRule extends RuleHead {
  readonly logsource: Logsource;
  readonly detection: Detection;
}

export const SIGMA_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type SigmaLevel = (typeof SIGMA_LEVELS)[number];

export const LOGSOURCE_KEYS = ['product', 'category', 'service'] as const;

/** Which events a rule is about: those that say the same, as far as it says anything. */
export type Logsource = { readonly [Key in (typeof LOGSOURCE_KEYS)[number]]?: string };

export type Detection =
  | { readonly kind: 'field'; readonly field: MatchField }
  /** Texts anywhere in the event. */
  | { readonly kind: 'keywords'; readonly field: MatchField }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Detection[] }
  | { readonly kind: 'not'; readonly part: Detection }
  /** What the condition calls by its name. */
  | { readonly kind: 'named'; readonly name: string; readonly part: Detection; readonly span: Span };

const compiled = new WeakMap<SigmaRule, Condition>();

/** A rule's detection as a condition, compiled once. */
export function conditionOfRule(rule: SigmaRule): Condition {
  const kept = compiled.get(rule);
  if (kept !== undefined) return kept;
  const condition = compileDetection(rule.detection);
  compiled.set(rule, condition);
  return condition;
}

export function compileDetection(detection: Detection): Condition {
  switch (detection.kind) {
    case 'field':
      return compileField(detection.field, sigmaPath(detection.field.field));
    case 'keywords':
      return compileField(detection.field, ANYWHERE);
    case 'all':
    case 'any':
      return junction(detection.kind, detection.parts.map(compileDetection));
    case 'not':
      return { kind: 'not', part: compileDetection(detection.part) };
    case 'named':
      return compileDetection(detection.part);
  }
}

/** Under which keys the rules that may be about an event are found. */
export function logsourceKeys(event: Event): readonly string[] {
  const values = LOGSOURCE_KEYS.map(key => ['', ...textsOf(at(event, ['logsource', key]))]);
  const [products = [], categories = [], services = []] = values;
  return products.flatMap(product =>
    categories.flatMap(category =>
      services.flatMap(service => (product + category + service === '' ? [] : [keyOf([product, category, service])])),
    ),
  );
}

export function logsourceKey({ product = '', category = '', service = '' }: Logsource): string {
  return keyOf([product, category, service]);
}

/** Which of the named parts of a rule hold for an event: for explaining. */
export function namedParts(rule: SigmaRule, event: Event): { readonly name: string; readonly holds: boolean }[] {
  const subject = new Subject(event);
  const found = new Map<string, boolean>();
  for (const { name, part } of named(rule.detection))
    found.set(
      name,
      satisfied(compileDetection(part), predicate => holds(predicate, subject)),
    );
  return [...found].map(([name, isSo]) => ({ name, holds: isSo }));
}

function* named(detection: Detection): Generator<Extract<Detection, { kind: 'named' }>> {
  switch (detection.kind) {
    case 'named':
      yield detection;
      return;
    case 'all':
    case 'any':
      for (const part of detection.parts) yield* named(part);
      return;
    case 'not':
      yield* named(detection.part);
      return;
    case 'field':
    case 'keywords':
  }
}

/** The values of one field: under or, or under and with `all`. */
function compileField(field: MatchField, path: FieldPath): Condition {
  const constants = { params: {}, lists: {} };
  const parts = field.values.map((value, index) =>
    compileValue(field, { value, isLiteral: field.literal?.[index] === true }, constants, path),
  );
  const condition = junction(field.modifiers.includes('all') ? 'all' : 'any', parts);
  // What cannot be read matches nothing, also where it is negated further up.
  return parts.every(part => !isNever(part)) ? condition : junction('all', [condition]);
}

/** A field of a rule is the vendor's own, else that of ECS which means the same, else one that the event has by this name. */
export function sigmaPath(name: string): FieldPath {
  return { name: `sigma ${name}`, keys: ['raw', name], others: [...ecsPaths(name), name.split('.')] };
}

function textsOf(value: Json | undefined): readonly string[] {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return items.filter(item => typeof item === 'string').map(item => item.toLowerCase());
}

function keyOf(parts: readonly string[]): string {
  return parts.join('\u0000').toLowerCase();
}

/** What the rule fills in where the event says nothing. */
export function filledBy(rule: RuleHead, event: Event): Event {
  const technique = rule.tags.map(tag => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1]).find(isThere);
  const tactic = rule.tags.map(tag => /^attack\.([a-z][a-z_-]*)$/i.exec(tag)?.[1]).find(isThere);
  const [own, threat] = [event['rule'], event['threat']];
  return {
    ...event,
    severity: event['severity'] ?? SEVERITY[rule.level ?? 'medium'],
    rule: { id: rule.id, name: rule.title, ...(isObject(own) ? own : {}) },
    threat: {
      ...(tactic === undefined ? {} : { tactic: tactic.replaceAll('_', '-') }),
      ...(technique === undefined ? {} : { technique: technique.toUpperCase() }),
      ...(isObject(threat) ? threat : {}),
    },
  };
}

/** On the scale of `event.severity`. */
export const SEVERITY: { readonly [Level in SigmaLevel]: number } = {
  informational: 10,
  low: 30,
  medium: 50,
  high: 75,
  critical: 95,
};

function isThere(value: string | undefined): value is string {
  return value !== undefined;
}
