import type { Held, Missing } from './value.ts';
import { failed, held, lacking } from './value.ts';

/** What a condition says: absent is false, as a comparison with it would be. */
export function truthOf(part: Held): boolean | Missing {
  if (part.state === 'absent') return false;
  if (part.state === 'missing') return part;
  return typeof part.value === 'boolean' ? part.value : failed('not true or false');
}

/** `&&` and `||` of LANGUAGE 7: commutative, and parts after the one that decides are not asked for. */
export function junction(kind: 'and' | 'or', parts: Iterable<Held>): Held {
  const decisive = kind === 'or';
  const undecided: Missing[] = [];
  for (const part of parts) {
    const truth = truthOf(part);
    if (truth === decisive) return held(decisive);
    if (typeof truth !== 'boolean') undecided.push(truth);
  }
  return undecided.length === 0 ? held(!decisive) : lacking(undecided);
}

export function negation(part: Held): Held {
  const truth = truthOf(part);
  return typeof truth === 'boolean' ? held(!truth) : truth;
}
