import { Secret } from '../base/secret.ts';

/** Whether two settings are the same, secrets included; says nothing else of them. */
export function sameSettings(a: unknown, b: unknown): boolean {
  if (a instanceof Secret || b instanceof Secret)
    return a instanceof Secret && b instanceof Secret && a.reveal() === b.reveal();
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const [first, second] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    first.length === second.size &&
    first.every(([key, value]) => second.has(key) && sameSettings(value, second.get(key)))
  );
}
