import type { Json, JsonObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { SigmaRule } from './sigma-rule.ts';
import type { List, Match } from './types.ts';

/** One trigger that looks at events, with what its text refers to. */
export interface TriggerEntry {
  /** Unique in an index: the playbook and which of its triggers. */
  readonly id: string;
  /** The event type; of a Sigma rule empty, since the rule says which events it is about. */
  readonly event: string;
  /** In the place of `match`. */
  readonly rule?: SigmaRule;
  /** Without it every event of the type matches. */
  readonly match?: Match;
  /** CEL; sees `event`, `params` and `vars`. */
  readonly if?: { readonly text: string; readonly span: Span };
  readonly params: JsonObject;
  /** The playbook's `vars`, which `if` may name: CEL, or a value. */
  readonly vars?: { readonly [id: string]: { readonly text: string } | { readonly json: Json } };
  readonly lists: { readonly [name: string]: List };
}

/** A trigger that matches; or one whose `if` is undecided: it does not match, but is counted and shown. */
export type Hit =
  | { readonly id: string; readonly decided: true }
  | { readonly id: string; readonly undecided: true; readonly of: readonly string[]; readonly why?: string };
