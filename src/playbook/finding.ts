import type { Span } from '../base/span.ts';
import type { CodeName } from './codes.ts';

/** What a stage or check has to say; whose code it is, is known to whoever asked. */
export interface Finding {
  readonly message: string;
  readonly span: Span;
  readonly hint?: string;
  /** Where it is milder or harder than its code is as a rule. */
  readonly severity?: 'error' | 'warning';
}

export type CodedFinding = Finding & { readonly code: CodeName };

export type Report = (finding: CodedFinding) => void;
