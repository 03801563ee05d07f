/** How a command ends, for scripts and builds. Part of the contract: a number never changes its meaning. */
export const EXIT = {
  ok: 0,
  /** Findings, failing cases, a run that ended failed. */
  findings: 1,
  /** A playbook that cannot be loaded, in any command but `check`, where that is a finding. */
  playbook: 2,
  /** Usage, configuration, credentials, or a daemon that cannot be reached. */
  usage: 3,
  /** With `plan --detailed-exitcode`: it went well, and there are effects. */
  effects: 10,
  /** Our mistake. */
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** Ends a command with a sentence for whoever typed it. Anything else that is thrown is a bug of ours. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly code: number;
  /** What to do instead. */
  readonly hint: string | undefined;

  constructor(code: number, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** A command that was called in a way that cannot be meant. */
export function misuse(message: string, hint?: string): Stop {
  return new Stop(EXIT.usage, message, hint);
}
