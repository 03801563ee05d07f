import type { Diagnostic, Severity } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';

const error = (summary: string) => ({ severity: 'error', summary }) as const;
const warning = (summary: string) => ({ severity: 'warning', summary }) as const;

/** The codes that only configuration and guardrails have, beside those of playbook/codes.ts. */
export const CONFIG_CODES = {
  'no-config': error('there is no backline.yaml'),
  'unreadable-file': error('a file cannot be read'),
  'unknown-setting': error('a variable or flag names no setting'),
  'unknown-connector': error('a connection names no installed connector'),
  'bad-settings': error("a connection's settings are not what its connector needs"),
  'literal-secret': error('a secret is written into the file'),
  'bad-reference': error('a reference to a secret cannot be read'),
  'unavailable-secret': error('what a reference points at is not there'),
  'bad-address': error('an address or network cannot be read'),
  'duplicate-rule': error('two rules have one name'),
  'unknown-zone': error('there is no such time zone'),
  'empty-rule': error('a rule protects nothing'),
  'unmatched-action': warning('a rule names an action that no connector has'),
  'not-built-yet': error('part of the configuration, but not of this build'),
  'unknown-playbook': warning('the configuration names a playbook that is not there'),
} as const satisfies { readonly [code: string]: { readonly severity: Severity; readonly summary: string } };

export type ConfigCode = keyof typeof CONFIG_CODES;

export interface ConfigFinding {
  readonly code: ConfigCode;
  readonly message: string;
  readonly span: Span;
  readonly hint?: string;
}

export type ReportConfig = (finding: ConfigFinding) => void;

export function diagnosticOf({ code, ...finding }: ConfigFinding): Diagnostic {
  return { code, severity: CONFIG_CODES[code].severity, ...finding };
}
