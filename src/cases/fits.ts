import type { Json } from '../base/json.ts';
import { canonical, equalJson, isObject } from '../base/json.ts';

/** Every wanted field is there and equal; `field|contains` is a part of the text. Lists and texts as a whole. */
export function fits(wanted: Json, found: Json): boolean {
  if (!isObject(wanted)) return equalJson(wanted, found);
  if (!isObject(found)) return false;
  return Object.entries(wanted).every(([key, value]) => {
    const [field = '', modifier] = key.split('|');
    const there = Object.hasOwn(found, field) ? found[field] : undefined;
    if (there === undefined) return false;
    if (modifier === 'contains') return (typeof there === 'string' ? there : canonical(there)).includes(String(value));
    return fits(value, there);
  });
}
