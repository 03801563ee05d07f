import type { Json } from '../base/json.ts';

const MAX_DEPTH = 64;

/** Whether a value is nested no deeper than what is recursive can take. */
export function isShallow(json: Json, left = MAX_DEPTH): boolean {
  if (typeof json !== 'object' || json === null) return true;
  if (left === 0) return false;
  return Object.values(json).every(item => isShallow(item, left - 1));
}
