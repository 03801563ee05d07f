import type { Diagnostic } from '../base/diagnostic.ts';

/** The daemon cannot start, and has changed nothing. The message says why, the hint what to do. */
export class StartTrouble extends Error {
  override readonly name = 'StartTrouble';
  readonly hint: string | undefined;
  /** What is wrong with files, where that is the reason. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    message: string,
    more: { readonly hint?: string; readonly diagnostics?: readonly Diagnostic[]; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.hint = more.hint;
    this.diagnostics = more.diagnostics ?? [];
  }
}
