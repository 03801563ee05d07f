import type { Milliseconds } from '../base/duration.ts';
import type { RuleHead, SigmaRule } from './sigma-rule.ts';

/** A Sigma correlation rule, as its file says it (Sigma correlation rules 2.1.0), with the rules whose events it counts. */
export interface SigmaCorrelation extends RuleHead {
  /** By the names that the file has for them, in its order. */
  readonly events: readonly { readonly name: string; readonly rule: SigmaRule }[];
  /** Fields as the rules write them. */
  readonly by: readonly string[];
  readonly within: Milliseconds;
  /** So many events in all. */
  readonly count?: number;
  /** So many of each name. */
  readonly each: { readonly [name: string]: number };
  /** So many different values of a field. */
  readonly distinct: { readonly [field: string]: number };
  readonly ordered: boolean;
}
