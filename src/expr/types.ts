import type { JsonSchema } from '../base/schema.ts';

/** What a name is, when a file is checked. */
export type TypeBinding =
  | {
      readonly kind: 'type';
      readonly schema: JsonSchema;
      /**
       * `certain`: there whenever this is evaluated. `maybe-absent`: may certainly not be there (an entry's own `if`).
       * `maybe-missing`: may be unknown (a look-up that can fail, a step that may not have run).
       */
      readonly presence: Presence;
      /** Said when a `maybe-missing` reference is used without a guard: `its approval (line 65) can be denied`. */
      readonly because?: string;
    }
  | { readonly kind: 'namespace'; readonly names: ReadonlyMap<string, TypeBinding> }
  | { readonly kind: 'expression'; readonly text: string };

export type Presence = 'certain' | 'maybe-absent' | 'maybe-missing';

export interface TypeScope {
  readonly roots: ReadonlyMap<string, TypeBinding>;
  /** Names that exist in the language but not here, with the reason: `steps` in `enrich` → `no step has run yet`. */
  readonly elsewhere?: ReadonlyMap<string, string>;
  readonly lists: ReadonlySet<string>;
}

/** A path that an expression reads, with its place in the text. */
export interface Reference {
  /** `['enrich', 'file', 'score']`; list positions are left out. */
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Inside `has()`, `known()`, `fallback()` (first argument), `{{default}}`, `{{optional}}`: asked about, not relied on. */
  readonly guarded: boolean;
}

/** What is wrong with an expression; offsets are into its text. The codes are diagnostic codes (docs/reference/diagnostics). */
export interface ExprProblem {
  readonly code: ExprProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
}

export const EXPR_PROBLEM_CODES = [
  'syntax', // does not parse
  'unknown-reference', // no such root, id or field
  'out-of-scope', // exists, but not here
  'type-mismatch',
  'unknown-function',
  'bad-pattern', // RE2 refuses it, or it is computed
  'unknown-list',
  'computed-name', // a list name that is not a literal
  'template-in-condition', // `{{` or `${{` in CEL
  'foreign-template', // `${{` in text
  'bare-name', // a field name without its root, in text or in `each`
  'not-allowed', // triple-stash, partials, decorators, lookup, with, ../, @root
  'list-in-text', // a list or object in mixed text
  'too-complex', // beyond the budgets
  'case-sensitive', // `==` on a host name, path or hash
  'undecided', // the condition, or this reference in it, can be undecided and nothing guards it
  'maybe-missing', // text for machines that needs what may be missing or absent
  'constant', // always true, or always false
  'surrounding-space', // white space around a lone expression
] as const;
export type ExprProblemCode = (typeof EXPR_PROBLEM_CODES)[number];

export interface Checked {
  /** Of the result; an empty schema when it cannot be told. */
  readonly schema: JsonSchema;
  readonly presence: Presence;
  readonly problems: readonly ExprProblem[];
  readonly references: readonly Reference[];
}
