import type { Json } from '../base/json.ts';
import type { Pattern } from '../expr/expr.ts';
import type { Glob, Place } from './sigma-text.ts';
import { globMatches, literalText, placed } from './sigma-text.ts';
import type { Field, FieldPath, Subject } from './subject.ts';

/** One question to one field. */
export interface Predicate {
  /** Equal keys ask the same, so the answer can be shared. */
  readonly key?: string;
  readonly path: FieldPath;
  readonly test: Test;
}

export type Test =
  /** `dashed`: the glob is written with one spelling for all dashes, and the field is read so. */
  | { readonly kind: 'glob'; readonly glob: Glob; readonly dashed: boolean }
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  | { readonly kind: 'number'; readonly operator: NumberOperator; readonly bound: number }
  /** `cidr` and `inlist`. */
  | { readonly kind: 'member'; has(text: string): boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'exists'; readonly exists: boolean }
  | { readonly kind: 'fieldref'; readonly other: FieldPath; readonly place: Place }
  /** A value that cannot be read: the loader reports it, here it matches nothing. */
  | { readonly kind: 'never' };

export const NUMBER_OPERATORS = ['gt', 'gte', 'lt', 'lte'] as const;
export type NumberOperator = (typeof NUMBER_OPERATORS)[number];

/** A list matches if any item does; an absent field satisfies only `exists: false` and `null` (LANGUAGE 5.1). */
export function holds({ path, test }: Predicate, subject: Subject): boolean {
  const field = subject.field(path);
  switch (test.kind) {
    case 'glob':
      return (test.dashed ? field.dashed() : field.folded()).some(text => globMatches(test.glob, text));
    case 'pattern':
      return field.texts().some(text => test.pattern.test(text));
    case 'number':
      return field.items.some(item => compares(item, test.operator, test.bound));
    case 'member':
      return field.texts().some(text => test.has(text));
    case 'null':
      return field.value === undefined || field.items.includes(null);
    case 'exists':
      return (field.value !== undefined) === test.exists;
    case 'fieldref':
      return refers(field, subject.field(test.other), test.place);
    case 'never':
      return false;
  }
}

/** How much an answer costs, for asking the cheap ones first. */
export function costOf({ test }: Predicate): number {
  switch (test.kind) {
    case 'never':
    case 'exists':
    case 'null':
      return 0;
    case 'number':
      return 1;
    case 'glob':
      return test.glob.length;
    case 'fieldref':
      return 4;
    case 'member':
      return 8;
    case 'pattern':
      return 64;
  }
}

/** A number in JSON's form. Text that is one counts as one, as a number counts as its text where texts are compared. */
export function readNumber(item: Json): number | undefined {
  if (typeof item === 'number') return item;
  if (typeof item !== 'string' || item.length > 32) return undefined;
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(item) ? Number(item) : undefined;
}

function compares(item: Json, operator: NumberOperator, bound: number): boolean {
  const number = readNumber(item);
  if (number === undefined) return false;
  switch (operator) {
    case 'gt':
      return number > bound;
    case 'gte':
      return number >= bound;
    case 'lt':
      return number < bound;
    case 'lte':
      return number <= bound;
  }
}

/** Lists of two fields are compared item by item, so that one of them has to be short. */
const MAX_REFERRED = 64;

function refers(field: Field, other: Field, place: Place): boolean {
  if (place === 'whole') {
    const texts = new Set(other.folded());
    return field.folded().some(text => texts.has(text));
  }
  const globs = other
    .folded()
    .slice(0, MAX_REFERRED)
    .map(text => placed(literalText(text), place));
  return field.folded().some(text => globs.some(glob => globMatches(glob, text)));
}
