import type { Correlation } from './correlation.ts';
import type { RuleHead, SigmaRule } from './sigma-rule.ts';

/** A Sigma correlation rule, as its file says it (Sigma correlation rules 2.1.0), with the rules whose events it counts. */
export interface SigmaCorrelation extends RuleHead, Omit<Correlation, 'names' | 'fields'> {
  /** By the names that the file has for them, in its order. */
  readonly events: readonly { readonly name: string; readonly rule: SigmaRule }[];
}
