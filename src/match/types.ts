import type { Span } from '../base/span.ts';

/** Sigma's form (LANGUAGE 5.1), normalised: alternatives of conjunctions. Values may hold `{{params.x}}`, in waits and holds any template. */
export interface Match {
  readonly any: readonly (readonly MatchField[])[];
  readonly span: Span;
}

export interface MatchField {
  /** Dotted, without `event.`. */
  readonly field: string;
  readonly modifiers: readonly MatchModifier[];
  readonly values: readonly (string | number | boolean | null)[];
  /** Which values came from a template when a wait or hold was rendered: their `*` and `?` are no wildcards. */
  readonly literal?: readonly boolean[];
  readonly span: Span;
}

export const MATCH_MODIFIERS = [
  'contains',
  'startswith',
  'endswith',
  'all',
  're',
  'cidr',
  'gt',
  'gte',
  'lt',
  'lte',
  'exists',
  'fieldref',
  'windash',
  'base64offset',
  'inlist',
  'not',
] as const;
export type MatchModifier = (typeof MATCH_MODIFIERS)[number];

export const LIST_KINDS = ['ip', 'domain', 'hash', 'name', 'email', 'text'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** A list (LANGUAGE 9.2); the kind decides how values are compared. */
export interface List {
  readonly kind: ListKind;
  readonly values: readonly string[];
  /** Its values are in the store and change: nothing is in it for `in_list` and `inlist`. */
  readonly kept?: true;
}
