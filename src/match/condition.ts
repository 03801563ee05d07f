import { costOf } from './predicate.ts';
import type { Predicate } from './predicate.ts';

/** What a match comes to: predicates under and, or, not. */
export type Condition =
  | { readonly kind: 'predicate'; readonly predicate: Predicate }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition };

/** Without parts `all` holds and `any` does not. The cheap parts are asked first. */
export function junction(kind: 'all' | 'any', parts: readonly Condition[]): Condition {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return { kind, parts: parts.toSorted((a, b) => weigh(a) - weigh(b)) };
}

/** Answers from as few predicates as are needed. */
export function satisfied(condition: Condition, ask: (predicate: Predicate) => boolean): boolean {
  switch (condition.kind) {
    case 'predicate':
      return ask(condition.predicate);
    case 'all':
      return condition.parts.every(part => satisfied(part, ask));
    case 'any':
      return condition.parts.some(part => satisfied(part, ask));
    case 'not':
      return !satisfied(condition.part, ask);
  }
}

function weigh(condition: Condition): number {
  switch (condition.kind) {
    case 'predicate':
      return costOf(condition.predicate);
    case 'all':
    case 'any':
      return condition.parts.reduce((sum, part) => sum + weigh(part), 0);
    case 'not':
      return weigh(condition.part);
  }
}
