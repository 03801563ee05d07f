import type { Json } from '../base/json.ts';

/** Whether an input is left out where its value is not known: `{{optional x}}` alone. */
export function isOptional(value: Json | undefined): boolean {
  return typeof value === 'string' && /^\{\{\s*optional\s[^{}]*\}\}\n?$/.test(value);
}
