import type { Terminal } from './terminal.ts';

/** What every command is given: where it was called, and where it may speak. */
export interface Invocation {
  readonly terminal: Terminal;
  /** Absolute; paths that are given are relative to it. */
  readonly folder: string;
  /** `--config`, as written. */
  readonly config?: string;
  readonly variables: { readonly [name: string]: string | undefined };
  readonly isVerbose: boolean;
}
