import { costOf } from './predicate.ts';
import type { Predicate } from './predicate.ts';

/** What a match comes to: questions under and, or, not. */
export type Condition<Question = Predicate> =
  | { readonly kind: 'ask'; readonly question: Question }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition<Question>[] }
  | { readonly kind: 'not'; readonly part: Condition<Question> };

/** Without parts `all` holds and `any` does not. The cheap parts are asked first. */
export function junction(kind: 'all' | 'any', parts: readonly Condition[]): Condition {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return { kind, parts: parts.toSorted((a, b) => weigh(a) - weigh(b)) };
}

/** Asks no more than is needed for the answer. */
export function satisfied<Question>(condition: Condition<Question>, ask: (question: Question) => boolean): boolean {
  switch (condition.kind) {
    case 'ask':
      return ask(condition.question);
    case 'all':
      return condition.parts.every(part => satisfied(part, ask));
    case 'any':
      return condition.parts.some(part => satisfied(part, ask));
    case 'not':
      return !satisfied(condition.part, ask);
  }
}

/** The same condition about other questions. */
export function mapCondition<A, B>(condition: Condition<A>, change: (question: A) => B): Condition<B> {
  switch (condition.kind) {
    case 'ask':
      return { kind: 'ask', question: change(condition.question) };
    case 'all':
    case 'any':
      return { kind: condition.kind, parts: condition.parts.map(part => mapCondition(part, change)) };
    case 'not':
      return { kind: 'not', part: mapCondition(condition.part, change) };
  }
}

function weigh(condition: Condition): number {
  switch (condition.kind) {
    case 'ask':
      return costOf(condition.question);
    case 'all':
    case 'any':
      return condition.parts.reduce((sum, part) => sum + weigh(part), 0);
    case 'not':
      return weigh(condition.part);
  }
}
