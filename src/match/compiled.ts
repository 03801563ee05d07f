import type { Constants } from './compile.ts';
import { compileMatch } from './compile.ts';
import type { Condition } from './condition.ts';
import type { Match } from './types.ts';

const compiled = new WeakMap<Match, { readonly constants: Constants; readonly condition: Condition }>();

/** A match as a condition. Kept for as long as the match is, since waits and holds ask theirs of every event of a type. */
export function conditionOf(match: Match, constants: Constants): Condition {
  const kept = compiled.get(match);
  if (kept?.constants.params === constants.params && kept.constants.lists === constants.lists) return kept.condition;
  const condition = compileMatch(match, constants);
  compiled.set(match, { constants, condition });
  return condition;
}
