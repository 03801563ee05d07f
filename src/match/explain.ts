import type { Json } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { Event } from '../event/event.ts';
import type { Trace } from '../expr/evidence.ts';
import type { Constants } from './compile.ts';
import { compileField } from './compile.ts';
import { satisfied } from './condition.ts';
import { failureOf, wantedOf } from './field-text.ts';
import { holds } from './predicate.ts';
import { Subject, fieldPath } from './subject.ts';
import type { TriggerEntry } from './trigger.ts';
import type { Match, MatchField } from './types.ts';
import { decideWake } from './wake.ts';

/** Why a trigger matches an event, or does not. */
export interface Explained {
  readonly matched: boolean | 'undecided';
  readonly tree: ExplainNode;
}

export type ExplainNode =
  | { readonly kind: 'all' | 'any'; readonly holds: boolean | 'undecided'; readonly parts: readonly ExplainNode[] }
  | { readonly kind: 'type'; readonly holds: boolean; readonly wanted: string; readonly actual: string }
  | {
      readonly kind: 'field';
      readonly holds: boolean;
      readonly field: string;
      /** `>= 40`, `contains "a" or "b"`, `is not in list "never-block"`. */
      readonly wanted: string;
      /** Left out: the event has no such field. */
      readonly actual?: Json;
      /** One reason, if it does not hold. */
      readonly because?: string;
      readonly span: Span;
    }
  | {
      readonly kind: 'if';
      readonly holds: boolean | 'undecided';
      readonly trace: Trace;
      /** What was not known, if undecided. */
      readonly of?: readonly string[];
      readonly why?: string;
      readonly span: Span;
    };

/**
 * Asks a trigger as an index does, but every field of it, and keeps the answers. The tree is an `all` of the event's
 * type, of `match`, and of `if`, which is asked only if the others hold.
 */
export function explain(entry: TriggerEntry, event: Event): Explained {
  const { match } = entry;
  const parts: ExplainNode[] = [
    { kind: 'type', holds: entry.event === event.type, wanted: entry.event, actual: event.type },
  ];
  if (match !== undefined) parts.push(matchNode(match, entry, new Subject(event)));
  if (parts.some(part => part.holds !== true)) return explained(false, parts);
  if (entry.if === undefined) return explained(true, parts);
  const last = ifNode(entry, entry.if, event);
  return explained(last.holds, [...parts, last]);
}

function explained(matched: boolean | 'undecided', parts: readonly ExplainNode[]): Explained {
  return { matched, tree: { kind: 'all', holds: matched, parts } };
}

function matchNode(match: Match, constants: Constants, subject: Subject): ExplainNode {
  const alternatives = match.any.map(fields =>
    junctionNode(
      'all',
      fields.map(field => fieldNode(field, constants, subject)),
    ),
  );
  return junctionNode('any', alternatives);
}

function junctionNode(kind: 'all' | 'any', parts: readonly ExplainNode[]): ExplainNode {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const holding = parts.filter(part => part.holds === true);
  return { kind, holds: kind === 'all' ? holding.length === parts.length : holding.length > 0, parts };
}

function fieldNode(field: MatchField, constants: Constants, subject: Subject): ExplainNode {
  const { value } = subject.field(fieldPath(field.field));
  const passed = satisfied(compileField(field, constants), predicate => holds(predicate, subject));
  return {
    kind: 'field',
    holds: passed,
    field: field.field,
    wanted: wantedOf(field, constants, subject),
    ...(value === undefined ? {} : { actual: value }),
    ...(passed ? {} : { because: failureOf(field, constants, subject) }),
    span: field.span,
  };
}

function ifNode(entry: TriggerEntry, condition: NonNullable<TriggerEntry['if']>, event: Event): ExplainNode {
  const decision = decideWake(condition.text, event, entry);
  const { trace } = decision;
  const { span } = condition;
  if (decision.decided) return { kind: 'if', holds: decision.holds, trace, span };
  const { of, why } = decision;
  return { kind: 'if', holds: 'undecided', trace, of, ...(why === undefined ? {} : { why }), span };
}
