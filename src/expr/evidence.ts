import type { Instant } from '../base/clock.ts';
import type { Json } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';

/** What is known of a reference or an expression (LANGUAGE 7). Missing makes whatever needs it undecided. */
export type Evidence =
  | { readonly state: 'value'; readonly value: Json }
  /** Certainly not there. */
  | { readonly state: 'absent' }
  /** Not known: `of` are the references that would be needed (`enrich.file`), `why` an error such as division by zero. */
  | { readonly state: 'missing'; readonly of: readonly string[]; readonly why?: string };

export const ABSENT: Evidence = { state: 'absent' };

export function known(value: Json): Evidence {
  return { state: 'value', value };
}

export function missing(of: readonly string[], why?: string): Evidence {
  return why === undefined ? { state: 'missing', of } : { state: 'missing', of, why };
}

/** A schema that may say more of single items of a list. */
export interface Shape extends Omit<JsonSchema, 'properties' | 'items'> {
  readonly properties?: { readonly [name: string]: Shape };
  readonly items?: Shape;
  /** In the place of `items`, by position. */
  readonly each?: readonly Shape[];
}

/** What a name stands for while a run is under way. */
export type Binding =
  /** With the schema at hand, a required field that is not in the value is missing, an optional one absent; without it, absent. */
  | { readonly kind: 'evidence'; readonly evidence: Evidence; readonly schema?: Shape }
  /** `enrich`, `steps`, `outcome`: names below names. An unknown name is missing. */
  | { readonly kind: 'namespace'; get(name: string): Binding | undefined }
  /** `vars.<id>`: CEL, evaluated in the scope it is used in. */
  | { readonly kind: 'expression'; readonly text: string };

export interface Scope {
  get(root: string): Binding | undefined;
  /** Whether a value is in a list file (LANGUAGE 9.2); an unknown list holds nothing. */
  inList(value: Json, list: string): boolean;
  /** What `now` is. */
  readonly now: Instant;
}

/** Which sub-expression decided, with actual values: what `explain`, plans and the journal print. */
export interface Trace {
  /** As written: `enrich.file.score >= 8`. */
  readonly text: string;
  /** With values: `10 >= 8`. */
  readonly shown: string;
  readonly result: Evidence;
  /** The parts of `&&`, `||`, `!`, `?:` and of vars, in order; those that were not needed have no entry. */
  readonly parts: readonly Trace[];
}

/** A condition's answer. `undecided` carries the references that were not known. */
export type Decision =
  | { readonly decided: true; readonly holds: boolean; readonly trace: Trace }
  | { readonly decided: false; readonly of: readonly string[]; readonly why?: string; readonly trace: Trace };
