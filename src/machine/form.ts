import { didYouMean } from '../base/did-you-mean.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';

/** A field to fill in beside an answer, with its label rendered (LANGUAGE 6.2). */
export interface FormField {
  readonly id: string;
  readonly type: 'text' | 'choice' | 'date' | 'number' | 'boolean';
  readonly label: string;
  readonly required: boolean;
  /** Of a text its length, of a number its value. */
  readonly max?: number;
  readonly options?: readonly string[];
}

export type Filled = { readonly fields: JsonObject } | { readonly problems: readonly string[] };

/** A text may be so long where the form says nothing. */
const TEXT_LIMIT = 2_000;

/** What a person filled in, held against the form. Empty is left out, and then it is absent. All that is wrong is said at once. */
export function fillIn(form: readonly FormField[], given: Json): Filled {
  if (!isObject(given)) return { problems: ['the fields must be a map from names to values'] };
  const problems: string[] = [];
  const fields: { [id: string]: Json } = {};
  for (const id of Object.keys(given)) if (!form.some(field => field.id === id)) problems.push(unknownField(id, form));
  for (const field of form) {
    const value = Object.hasOwn(given, field.id) ? given[field.id] : undefined;
    if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) {
      if (field.required) problems.push(`${field.id} must be filled in: ${meansOf(field)}`);
    } else if (fits(field, value)) fields[field.id] = value;
    else problems.push(`${field.id} must be ${meansOf(field)}, is ${shown(value)}`);
  }
  return problems.length > 0 ? { problems } : { fields };
}

/** The same from texts, as a command line has them. */
export function fillInTexts(form: readonly FormField[], texts: { readonly [id: string]: string }): Filled {
  return fillIn(
    form,
    Object.fromEntries(
      Object.entries(texts).map(([id, text]) => [id, valueOf(form.find(field => field.id === id)?.type, text)]),
    ),
  );
}

/** What may stand in a field, for people. */
export function meansOf({ type, max, options = [] }: FormField): string {
  switch (type) {
    case 'text':
      return `a text of at most ${max ?? TEXT_LIMIT} characters`;
    case 'choice':
      return `one of ${options.join(', ')}`;
    case 'date':
      return 'a date such as 2026-11-24';
    case 'number':
      return max === undefined ? 'a number' : `a number, at most ${max}`;
    case 'boolean':
      return 'true or false';
  }
}

function unknownField(id: string, form: readonly FormField[]): string {
  const ids = form.map(field => field.id);
  return `there is no field "${shorten(id)}"${didYouMean(id, ids)}; fields: ${ids.join(', ') || 'none'}`;
}

function fits({ type, max, options = [] }: FormField, value: Json): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string' && [...value].length <= (max ?? TEXT_LIMIT);
    case 'choice':
      return typeof value === 'string' && options.includes(value);
    case 'date':
      return typeof value === 'string' && isDate(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && value <= (max ?? Infinity);
    case 'boolean':
      return typeof value === 'boolean';
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // Date.parse moves February 30 into March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function valueOf(type: FormField['type'] | undefined, text: string): Json {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  return text;
}

function shown(value: Json): string {
  return typeof value === 'object' ? 'something else' : shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
